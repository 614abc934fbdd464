#!/usr/bin/env python3
"""PyTorch's numbers of barcodes (mlcore/experiment/barcode.go) drawn at random from all that the lab accepts.

    barcode.py --freeze CASES [--seed 1]     prints them, as agree.py --freeze does
    agree.py draws such cases, too, when it judges a server

A number may be off by 4 times what PyTorch's own runs are whose weights start one unit in the last place elsewhere, and by a floor.
"""
import argparse
import json
import math
import os
import random
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
CORE = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(CORE, "bench", "pytorch"))
import torch

import nets

torch.set_num_threads(1)
BATCH, LAGS, MOST = 64, 30, 1.5e9
FLOOR = 1e-9


def draw(r):
    c = dict(net=r.choice(["mlp", "mlp", "mlp", "deep"]), skip=r.choice(["none", "identity"]), activation=r.choice(["relu", "relu", *nets.ACTIVATIONS]),
             points=r.choice([64, 65, 100, 128, 129, 200, 256]), seed=r.randrange(2**32))
    c["from"], c["to"] = r.sample(range(5000), 2)
    if c["net"] == "mlp":
        c.update(depth=r.choice([1, 2, 3, 5, 10, 17, 24, 33, 50, 70, 100]), width=r.choice([1, 2, 3, 8, 16, 17, 32, 33, 64, 100, 128]),
                 norm=r.choice(["none", "batch", "batch", "batch", "layer"]))
        if c["depth"] * c["width"] > 3200:
            c["width"] = 16
    else:
        c.update(n=r.choice([1, 2, 3, 4]), channels=r.choice([1, 2, 3, 4]), norm=r.choice(["none", "batch", "batch", "group"]))
        if c["norm"] == "group" and c["channels"] == 3:
            c["channels"] = 4
    return c


def run(c, nudge=0):
    x, y = nets.fashion(5000, folder=os.path.join(CORE, "data", "fashion"))
    x, label = x.double(), y[c["from"]]
    torch.manual_seed(c["seed"])
    if c["net"] == "mlp":
        net = nets.MLP(c["depth"], c["width"], c["activation"], c["skip"], c["norm"])
    else:
        net = nets.DeepNet(c["n"], c["channels"], "A" if c["skip"] == "identity" else "none", c["norm"], c["activation"], "post")
    net = net.double()
    if nudge:
        g = torch.Generator().manual_seed(nudge)
        with torch.no_grad():
            for p in net.parameters():
                p.mul_(1 + (torch.randint(0, 3, p.shape, generator=g).double() - 1) * torch.finfo(p.dtype).eps)
    for m in net.modules():
        if isinstance(m, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            m.momentum = 1.0
    with torch.no_grad():
        net(x[:BATCH])
    net.eval()
    a, b = x[c["from"]], x[c["to"]]
    t = torch.arange(c["points"], dtype=torch.float64) / (c["points"] - 1)
    line = (a + t.view(-1, 1, 1, 1) * (b - a)).requires_grad_()
    g = torch.autograd.grad(net(line)[:, label].sum(), line)[0].flatten(1)
    stripes = g @ (b - a).flatten()
    norms = g.norm(dim=1)
    angles = torch.rad2deg(torch.acos(((g[:-1] * g[1:]).sum(1) / (norms[:-1] * norms[1:])).clamp(-1, 1)))
    out = {f"stripe {i}": v for i, v in enumerate(stripes.tolist()) if i % 16 == 0}
    for k in range(LAGS + 1):
        first, moved = stripes[:len(stripes) - k], stripes[k:]
        out[f"lag {k}"] = (first @ moved / (first.norm() * moved.norm())).item()
    out["turn"] = angles[~angles.isnan()].mean().item()
    out["size"] = norms.square().mean().sqrt().item()
    return out


def wanted(c, nudges=3):
    """{name: (PyTorch's number, what it may be off)}; anything goes where one of its runs has none."""
    truth = run(c)
    others = [run(c, k) for k in range(1, nudges + 1)]
    largest = max((abs(v) for k, v in truth.items() if k.startswith("stripe") and math.isfinite(v)), default=0)
    numbers = {}
    for name, v in truth.items():
        if not all(math.isfinite(o[name]) for o in [truth] + others):
            numbers[name] = (0.0, None)
            continue
        size = {"stripe": largest, "lag": 1, "turn": 180, "size": abs(v)}[name.split()[0]]
        angle = 1e-5 if name == "turn" else 0  # near 0 the arc cosine makes 1e-8 of a rounding
        numbers[name] = (v, 4 * max(abs(o[name] - v) for o in others) + FLOOR * max(abs(v), size) + angle)
    return numbers


def answer(r):
    """What the API answers, by the names that wanted has."""
    return {**{f"stripe {i}": float(v) for i, v in enumerate(r["stripes"])}, **{f"lag {k}": float(v) for k, v in enumerate(r["autocorrelation"])},
            "turn": float(r["turn"]), "size": float(r["size"])}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--freeze", type=int, required=True)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    r, out = random.Random(a.seed), []
    for _ in range(a.freeze):
        c = draw(r)
        want = {name: [float(f"{v:.13g}"), None if off is None else float(f"{off:.2g}")] for name, (v, off) in wanted(c).items()}
        out.append(dict(config=c, want=want))
    json.dump(out, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
