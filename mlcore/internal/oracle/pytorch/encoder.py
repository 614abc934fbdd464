"""Writes PyTorch's results and gradients of transformer layers on configs drawn at random, as JSON: float64, from a fixed seed.

    python3 encoder.py [--cases 300] [--seed 14] | gzip -9n > ../testdata/encoder.json.gz

Every layer is a torch.nn.TransformerEncoderLayer. Where it is whole, with skips, MLP and a norm, it is PyTorch's own forward
that is asked; where parts are left out, its modules are put together here. Every fourth case is a MultiheadAttention alone, and
every fourth a whole Transformer that reverses sequences, with its cross-entropy.
Inputs and gradients of outputs are not written: a test draws the ones from the seed, and knows the others, i % 7 - 3. Of each
result there are its norm and its product with those.
"""

import argparse
import json
import random
import sys
import warnings

import torch
import torch.nn as nn

warnings.filterwarnings("ignore")
torch.set_num_threads(1)


def pattern(n):
    return torch.arange(n, dtype=torch.float64) % 7 - 3


def digits(x):
    x = x.detach().reshape(-1)
    return [float(f"{v.item():.12g}") for v in (x.norm(), x @ pattern(len(x)))]


def forward(layer, x, c):
    if c["skip"] and c["mlp"] and c["norm"] != "none":
        return layer(x)  # PyTorch's own

    def sublayer(x, f, norm):
        h = f(norm(x) if c["norm"] == "pre" else x)
        h = x + h if c["skip"] else h
        return norm(h) if c["norm"] == "post" else h

    x = sublayer(x, lambda h: layer.self_attn(h, h, h, need_weights=False)[0], layer.norm1)
    return sublayer(x, lambda h: layer.linear2(torch.relu(layer.linear1(h))), layer.norm2) if c["mlp"] else x


class Transformer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embedding = nn.Embedding(c["vocabulary"], c["width"])
        self.positions = nn.Parameter(torch.randn(c["tokens"], c["width"]))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(c["width"], c["heads"], c["hidden"], dropout=0, batch_first=True, norm_first=c["norm"] == "pre") for _ in range(c["layers"]))
        if c["norm"] == "pre":
            self.norm = nn.LayerNorm(c["width"])
        self.out = nn.Linear(c["width"], c["vocabulary"])
        self.c = c

    def forward(self, tokens):
        x = self.embedding(tokens) + self.positions
        for layer in self.layers:
            x = forward(layer, x, self.c)
        return self.out(self.norm(x) if self.c["norm"] == "pre" else x)


def reverse(c):
    torch.manual_seed(c["seed"])
    tokens = torch.randint(0, c["vocabulary"], (c["batch"], c["tokens"]))
    net = Transformer(c).double()
    y = net(tokens)
    loss = nn.functional.cross_entropy(y.flatten(0, 1), tokens.flip(1).flatten())
    loss.backward()
    return dict(config=c, y=digits(y), loss=loss.item(),
                grads=[[name, *digits(torch.zeros_like(p) if p.grad is None else p.grad)] for name, p in net.named_parameters()])


def case(r, kind):
    heads = r.choice([1, 1, 2, 3, 4, 8])
    c = dict(kind=kind, seed=r.randrange(2**32), batch=r.choice([1, 1, 2, 3, 15, 16, 17]), tokens=r.choice([1, 2, 3, 5, 8]),
             heads=heads, width=heads * r.choice([1, 2, 3, 5]))
    if kind != "attention":
        c.update(vocabulary=r.choice([2, 3, 10]), layers=r.choice([1, 1, 2, 3]), hidden=r.choice([1, 4, 9]), skip=r.random() < .6, mlp=r.random() < .7, norm=r.choice(["none", "pre", "post"]))
        if c["width"] == 1 and c["norm"] != "none":
            c["norm"] = "none"  # the norm of one number is rounding
    if kind == "transformer":
        return reverse(c)
    torch.manual_seed(c["seed"])
    x = torch.randn(c["batch"], c["tokens"], c["width"])
    if kind == "encoder":
        net = nn.ModuleDict(dict(layers=nn.ModuleList(
            nn.TransformerEncoderLayer(c["width"], heads, c["hidden"], dropout=0, batch_first=True, norm_first=c["norm"] == "pre") for _ in range(c["layers"])))).double()
        run = lambda x: [x := forward(layer, x, c) for layer in net["layers"]][-1]
    else:
        net = nn.ModuleDict(dict(self_attn=nn.MultiheadAttention(c["width"], heads, batch_first=True))).double()
        run = lambda x: net["self_attn"](x, x, x, need_weights=False)[0]
    x = x.double().requires_grad_()
    y = run(x)
    y.backward(pattern(y.numel()).reshape(y.shape))
    return dict(config=c, y=digits(y), dx=digits(x.grad),
                grads=[[name, *digits(torch.zeros_like(p) if p.grad is None else p.grad)] for name, p in net.named_parameters()])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cases", type=int, default=400)
    p.add_argument("--seed", type=int, default=14)
    a = p.parse_args()
    r = random.Random(a.seed)
    json.dump([case(r, ["encoder", "encoder", "attention", "transformer"][k % 4]) for k in range(a.cases)], sys.stdout, separators=(",", ":"))


main()
