#!/usr/bin/env python3
"""PyTorch's numbers of transformers (mlcore/experiment/transformer.go) drawn at random from all that the lab accepts.

    transformer.py --freeze CASES [--seed 1]     prints them, as agree.py --freeze does
    agree.py draws such cases, too, when it judges a server

The truth is PyTorch's float64 run of the same float32 draws. A number may be off by 4 times what PyTorch's own runs are (one in the
config's precision, and such whose weights start one unit in the last place elsewhere), and by a floor.
"""
import argparse
import json
import math
import random
import sys
import warnings

sys.dont_write_bytecode = True
warnings.filterwarnings("ignore")
import torch
import torch.nn as nn

torch.set_num_threads(1)
JUDGED = 64
FLOOR = {"float32": 2e-5, "float64": 1e-9}


def draw(r):
    heads = r.choice([1, 1, 2, 3, 4, 8, 16])
    c = dict(layers=r.choice([1, 1, 2, 3, 4, 8]), warmup=r.choice([0, 0, 1, 2, 3, 10]), lr=float(f"{10 ** r.uniform(-4, -2):.2g}"),
                task=r.choice(["reverse", "copy"]), steps=r.choice([1, 2, 3, 4]), seed=r.randrange(2**32), tokens=r.choice([1, 2, 3, 5, 8, 13]),
                vocabulary=r.choice([2, 3, 10, 17, 64]), heads=heads, width=heads * r.choice([2, 3, 5, 8]), hidden=r.choice([1, 4, 9, 32, 64]),
                batch=r.choice([1, 2, 3, 15, 16, 17, 32, 33]), dtype=r.choice(["float32", "float64"]))
    if c["layers"] * c["width"] * c["tokens"] > 1000:
        c["layers"] = 1
    return c


class Transformer(nn.Module):
    def __init__(self, c, norm):
        super().__init__()
        self.embedding = nn.Embedding(c["vocabulary"], c["width"])
        self.positions = nn.Parameter(torch.randn(c["tokens"], c["width"]))
        self.layers = nn.ModuleList(nn.TransformerEncoderLayer(
            c["width"], c["heads"], c["hidden"], dropout=0, batch_first=True, norm_first=norm == "pre") for _ in range(c["layers"]))
        self.norm = nn.LayerNorm(c["width"]) if norm == "pre" else nn.Identity()
        self.out = nn.Linear(c["width"], c["vocabulary"])

    def forward(self, tokens):
        x = self.embedding(tokens) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.out(self.norm(x))


def run(c, norm, dtype, nudge=0):
    torch.manual_seed(c["seed"])
    net = Transformer(c, norm)
    net = net.double() if dtype == "float64" else net
    if nudge:
        g = torch.Generator().manual_seed(nudge)
        with torch.no_grad():
            for p in net.parameters():
                p.mul_(1 + (torch.randint(0, 3, p.shape, generator=g).to(p.dtype) - 1) * torch.finfo(p.dtype).eps)
    optimizer = torch.optim.Adam(net.parameters())
    numbers = {}

    def judge(sequences):
        x = torch.randint(0, c["vocabulary"], (sequences, c["tokens"]))
        return nn.functional.cross_entropy(net(x).flatten(0, 1), (x.flip(1) if c["task"] == "reverse" else x).flatten())

    for k in range(c["steps"]):
        optimizer.param_groups[0]["lr"] = c["lr"] * min(1, (k + 1) / max(c["warmup"], 1))
        optimizer.zero_grad()
        loss = judge(c["batch"])
        loss.backward()
        numbers[f"loss {norm} {k}"] = loss.item()
        for name, p in net.named_parameters():
            if k == 0:
                numbers[f"norm {norm} {name}"] = p.grad.norm().item()
        for i, layer in enumerate(net.layers):
            numbers[f"layer {norm} {k} {i}"] = math.sqrt(sum(p.grad.double().norm().item() ** 2 for p in layer.parameters()))
        optimizer.step()
    with torch.no_grad():
        numbers[f"loss {norm} test"] = judge(JUDGED).item()
    return numbers


def both(*args):
    c, *rest = args
    return {**run(c, "post", *rest), **run(c, "pre", *rest)}


def wanted(c, nudges=3):
    dtype = c["dtype"]
    truth, others = both(c, "float64"), [both(c, dtype, k) for k in range(nudges + 1)]
    largest = {}
    for name, v in truth.items():
        largest[name.split()[0]] = max(largest.get(name.split()[0], 0), v)
    numbers = {}
    for name, v in truth.items():
        kind = name.split()[0]
        floor = FLOOR[dtype] * max(v, 1) if kind == "loss" else 10 * FLOOR[dtype] * v + largest[kind] * (4e-6 if dtype == "float32" else 1e-14)
        numbers[name] = (v, 4 * max(abs(o[name] - v) for o in others) + floor)
    return numbers


def answer(r):
    """The API's answer under the same names."""
    numbers = {}
    for norm in ("post", "pre"):
        twin = r[norm]
        numbers.update({f"loss {norm} {k}": float(v) for k, v in enumerate(twin["losses"])})
        numbers.update({f"norm {norm} {name}": float(v) for name, v in twin["first_step_grad_norms"].items()})
        numbers.update({f"layer {norm} {k} {i}": float(v) for k, step in enumerate(twin["grad_norms"]) for i, v in enumerate(step)})
        numbers[f"loss {norm} test"] = float(twin["test"]["loss"])
    return numbers


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--freeze", type=int, required=True)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    r, out = random.Random(a.seed), []
    for _ in range(a.freeze):
        c = draw(r)
        digits = 8 if c["dtype"] == "float32" else 11
        out.append(dict(config=c, want={name: [float(f"{v:.{digits}g}"), float(f"{w:.2g}")] for name, (v, w) in wanted(c).items()}))
    json.dump(out, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
