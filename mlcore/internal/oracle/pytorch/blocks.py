#!/usr/bin/env python3
"""Writes what PyTorch makes of trained nets whose blocks are taken out, swapped, or passed by a gradient, as JSON.

    python3 blocks.py [--cases 12] [--seed 1] | gzip -9n > ../testdata/blocks.json.gz

Configs, blocks and paths are drawn at random; each seed draws others. The truth is PyTorch's float64 run of the same float32
draws; a number may be off by 4 times what its own float32 runs are (weights one unit in the last place elsewhere), and by a floor:
of accuracies two images of a thousand.
"""
import argparse
import json
import os
import random
import sys

sys.dont_write_bytecode = True
CORE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
sys.path.insert(0, os.path.join(CORE, "bench", "pytorch"))
import torch
import torch.nn.functional as F

import nets

torch.set_num_threads(1)
FASHION = os.path.join(CORE, "data", "fashion")
TEST, PATH_IMAGES = 1000, 64
FEW, MANY = 2, 8  # disturbed runs: where little is off, and where more is


def draw(r):
    """A config. Its rate is low: what is learnt in many large steps differs with each rounding."""
    n = r.choice([1, 2, 2, 3, 3, 4])
    batch = r.choice([8, 16, 20, 32, 64])
    return dict(n=n, skip=r.choice("ABC"), order=r.choice(["post", "notebook", "pre"]), channels=r.choice([1, 2, 3, 4, 4, 6, 8]), seed=r.randrange(2**32),
                steps=r.choice([10, 20, 30]), lr=float(f"{10 ** r.uniform(-3.5, -2.5):.2g}"), batch=batch, count=batch * r.choice([2, 4]))


def lesions(r, n):
    """Blocks out, and pairs swapped; some of each, from 0. Stages 2 and 3 begin with a block that fits nowhere else."""
    all_ = [([i], []) for i in r.sample(range(3 * n), 3)]
    for _ in range(2):
        all_.append((sorted(r.sample(range(3 * n), r.randint(2, 3 * n))), []))
    pairs = [(i, j) for i in range(3 * n) for j in range(i + 1, 3 * n) if i // n == j // n and not {i, j} & {n, 2 * n}]
    for _ in range(1 if pairs else 0):
        pair = r.choice(pairs)
        all_.append(([], [pair]))
        all_.append((sorted(r.sample(range(3 * n), 2)), [pair]))
    return [([], [])] + all_


def branches(block, x):
    """F(x), as what is added to the shortcut, and the shortcut."""
    if block.order == "pre":
        h = block.conv1(block.act(block.norm1(x)))
        h = block.conv2(block.act(block.norm2(h)))
    else:
        h = block.norm2(block.conv2(block.act(block.norm1(block.conv1(x)))))
        if block.order == "notebook" or block.skip == "none":
            h = block.act(h)
    return h, block.shortcut(x)


def forward(net, x, out=(), swap=(), through=None):
    order = list(range(len(net.blocks)))
    for i, j in swap:
        order[i], order[j] = order[j], order[i]
    x = net.act(net.stem_norm(net.stem(x)))
    for i in order:
        block = net.blocks[i]
        h, s = branches(block, x)
        if block.skip == "none":
            x = s if i in out else h
            continue
        if through is not None:
            h, s = (h, s.detach()) if i in through else (h.detach(), s)
        x = s if i in out else h + s
        if block.order == "post":
            x = net.act(x)
    return net.head(x.mean((2, 3)))


def run(c, skip, dtype, changes, paths, nudge=0):
    torch.manual_seed(c["seed"])
    x, y = nets.fashion(c["count"], folder=FASHION)
    net = nets.DeepNet(c["n"], c["channels"], skip, "batch", "relu", c["order"])
    if dtype is torch.float64:
        net, x = net.double(), x.double()
    if nudge:
        g = torch.Generator().manual_seed(nudge)
        with torch.no_grad():
            for p in net.parameters():
                p.mul_(1 + (torch.randint(0, 3, p.shape, generator=g).to(p.dtype) - 1) * torch.finfo(p.dtype).eps)
    nets.train(net, x, y, nets.optimizer("momentum", net.parameters(), c["lr"]), c["steps"], c["batch"])
    net.eval()
    images, labels = nets.fashion(TEST, "t10k", folder=FASHION)
    images = images.to(dtype)
    with torch.no_grad():
        logits = [torch.cat([forward(net, part, out, swap) for part in images.split(100)]) for out, swap in changes]
    found = [(z.argmax(1) == labels).double().mean().item() for z in logits] + [F.cross_entropy(z, labels).item() for z in logits]
    x, y = nets.fashion(PATH_IMAGES, folder=FASHION)
    x = x.to(dtype).requires_grad_()
    for through in paths:
        grad, = torch.autograd.grad(F.cross_entropy(forward(net, x, through=through), y, reduction="sum"), x)
        found.append(grad.flatten(1).norm(dim=1).mean().item())
    return found


def case(r):
    c = draw(r)
    changes, twins = lesions(r, c["n"]), {}
    paths = [sorted(r.sample(range(3 * c["n"]), k)) for k in range(3 * c["n"] + 1)]
    for name, skip in ("plain", "none"), ("residual", c["skip"]):
        through = paths if name == "residual" else []
        truth = run(c, skip, torch.float64, changes, through)
        others = [run(c, skip, torch.float32, changes, through, k) for k in range(FEW)]
        if any(abs(o[i] - v) > 0.003 * v for o in others for i, v in enumerate(truth) if i >= 2 * len(changes)):  # a ReLU on the other side of zero
            others += [run(c, skip, torch.float32, changes, through, k) for k in range(FEW, MANY)]
        numbers = []
        for i, v in enumerate(truth):
            allowed = 4 * max(abs(o[i] - v) for o in others) + (0.0021 if i < len(changes) else 1e-4 * v)
            numbers.append([float(f"{v:.9g}"), float(f"{allowed:.2g}")])
        twins[name] = dict(accuracies=numbers[:len(changes)], losses=numbers[len(changes):2 * len(changes)], norms=numbers[2 * len(changes):])
    return dict(config=c, changes=[dict(out=out, swap=swap) for out, swap in changes], paths=paths, **twins)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cases", type=int, default=12)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    r = random.Random(a.seed)
    json.dump([case(r) for _ in range(a.cases)], sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
