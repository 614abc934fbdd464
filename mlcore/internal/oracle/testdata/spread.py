#!/usr/bin/python3
"""How far apart PyTorch's own runs end: by what right a run of ours may miss PyTorch's.

Some of the networks amplify rounding (one ReLU on the other side of zero, a plain network of 56 layers), so that no two
builds of PyTorch agree on them. Each run of training.json is repeated with every starting weight moved up or down by one
unit in its last place, drawn anew each time, every other time without the convolution library. Where six runs agree ten
times closer than the oracle's tolerance, no more are made. Of the others there are 24, and their relative distances from
the truth are written, unless all keep the tolerance: then PyTorch repeats the run, and it gets a null, too. The truth is
the same run in float64; for a run in float64, PyTorch's own.

    loss     the largest distance of the losses up to each step, of ten
    norm     the largest distance of a gradient norm of the first step
    test     the largest distance of the test loss
    typical  the median run's largest distance of a loss

    /usr/bin/python3 spread.py FOLDER_OF_NETS_PY training.json > spread.json
"""
import json
import math
import statistics
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import torch
import torch.nn.functional as F

import nets

torch.set_num_threads(1)
FEW, MANY = 6, 24
TOLERANCE = {"float32": {"loss": 1e-4, "norm": 1e-3, "noise": 1e-6}, "float64": {"loss": 1e-9, "norm": 1e-9, "noise": 1e-13}}


def run(c, disturb, dtype):
    """One run: as it is where disturb is 0, else with its weights moved."""
    torch.manual_seed(c["seed"])
    if c["data"] == "noise":
        x, xt, y = nets.noise(c["count"])
        yt = y
    else:
        x, y = nets.fashion(c["count"])
        xt, yt = nets.fashion(100, "t10k")
    net = {"notebook": nets.NotebookNet, "deep": nets.DeepNet, "mlp": nets.MLP}[c["net"]](**c["args"])
    ulp = 2.0 ** -23
    if dtype == "float64":
        net, x, xt, ulp = net.double(), x.double(), xt.double(), 2.0 ** -52
    if disturb:
        torch.manual_seed(1000 + disturb)
        with torch.no_grad():
            for p in net.parameters():
                p.mul_(1 + ulp * (2 * torch.randint(0, 2, p.shape).to(p.dtype) - 1))
    with torch.backends.mkldnn.flags(enabled=disturb % 2 == 0):
        optimizer = nets.optimizer(c["optimizer"], net.parameters(), c["lr"])
        losses, norms = nets.train(net, x, y, optimizer, min(c["steps"], 10), c["batch"], c.get("clip", 0.0))
        net.eval()
        with torch.no_grad():
            return losses, norms, F.cross_entropy(net(xt), yt).item()


def distance(a, b):
    if not (math.isfinite(a) and math.isfinite(b)):
        return 0.0 if str(a) == str(b) else 1.0
    return abs(a - b) / abs(b) if b else abs(a)


def apart(one, truth, floor):
    """The distances of a run from the truth: of its losses up to each step, its norms, its test loss."""
    up_to = []
    for a, b in zip(one[0], truth[0]):
        up_to.append(max(up_to[-1:] + [distance(a, b)]))
    norm = max((distance(one[1][k], v) for k, v in truth[1].items() if v > floor), default=0.0)
    return up_to, norm, distance(one[2], truth[2])


out = []
for case in json.load(open(sys.argv[2])):
    c = case["config"]
    limit = TOLERANCE[c["dtype"]]
    runs = [run(c, k, c["dtype"]) for k in range(FEW)]
    floor = limit["noise"] * max(runs[0][1].values())
    few = [apart(r, runs[0], floor) for r in runs[1:]]
    if max(max(f[0][-1], f[2]) for f in few) <= limit["loss"] / 10 and max(f[1] for f in few) <= limit["norm"] / 10:
        out.append(None)
        continue
    runs += [run(c, k, c["dtype"]) for k in range(FEW, MANY)]
    truth = runs.pop(0) if c["dtype"] == "float64" else run(c, 0, "float64")
    many = [apart(r, truth, floor) for r in runs]
    spread = {"loss": [max(column) for column in zip(*(m[0] for m in many))], "norm": max(m[1] for m in many),
              "test": max(m[2] for m in many), "typical": statistics.median(m[0][-1] for m in many)}
    kept = max(spread["loss"][-1], spread["test"]) <= limit["loss"] and spread["norm"] <= limit["norm"]
    out.append(None if kept else spread)
    print(len(out) - 1, c["net"], c["args"], c["dtype"], out[-1], file=sys.stderr, flush=True)
json.dump(out, sys.stdout, separators=(",", ":"))
print()
