#!/usr/bin/python3
"""How far PyTorch's own runs move when every starting weight moves by one rounding: the tolerance of the comparison.

Some of the networks amplify rounding (one ReLU on the other side of zero, a plain network of 56 layers), so that no
two builds of PyTorch agree on them. For each run of training.json this repeats it five times: with each weight
multiplied by 1 ± half an ulp, signs drawn anew, and once without the convolution library. It writes, run by run, the
largest relative distance of the losses up to each step, of the first step's gradient norms, and of the test loss.

    /usr/bin/python3 sensitivity.py FOLDER_OF_NETS_PY training.json > sensitivity.json
"""
import json
import math
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import torch
import torch.nn.functional as F

import nets

torch.set_num_threads(1)


def run(c, disturb):
    torch.manual_seed(c["seed"])
    if c["data"] == "noise":
        x, xt, y = nets.noise(c["count"])
        yt = y
    else:
        x, y = nets.fashion(c["count"])
        xt, yt = nets.fashion(100, "t10k")
    net = {"notebook": nets.NotebookNet, "deep": nets.DeepNet, "mlp": nets.MLP}[c["net"]](**c["args"])
    eps = 2.0 ** -24
    if c["dtype"] == "float64":
        net, x, xt, eps = net.double(), x.double(), xt.double(), 2.0 ** -53
    if disturb:
        torch.manual_seed(1000 + disturb)
        with torch.no_grad():
            for p in net.parameters():
                p.mul_(1 + 2 * eps * (torch.randint(0, 2, p.shape).to(p.dtype) - 0.5) * 2)
    losses, first = nets.train(net, x, y, nets.optimizer(c["optimizer"], net.parameters(), c["lr"]), min(c["steps"], 10), c["batch"], c.get("clip", 0.0))
    net.eval()
    with torch.no_grad():
        return losses, first, F.cross_entropy(net(xt), yt).item()


def distance(a, b):
    if not (math.isfinite(a) and math.isfinite(b)):
        return 0.0 if str(a) == str(b) else 1.0
    return abs(a - b) / abs(b) if b else 0.0


out = []
for case in json.load(open(sys.argv[2])):
    c = case["config"]
    losses, first, test = run(c, 0)
    floor = max(first.values()) * (1e-6 if c["dtype"] == "float32" else 1e-13)
    by_step, norm, test_loss = [0.0] * len(losses), 0.0, 0.0
    for disturb in range(5):
        with torch.backends.mkldnn.flags(enabled=disturb != 0):
            l, f, t = run(c, disturb)
        by_step = [max(u, distance(a, b)) for u, a, b in zip(by_step, l, losses)]
        norm = max([norm] + [distance(f[k], first[k]) for k in first if first[k] > floor])
        test_loss = max(test_loss, distance(t, test))
    for k in range(1, len(by_step)):
        by_step[k] = max(by_step[k], by_step[k - 1])
    out.append({"loss": by_step, "norm": norm, "test": test_loss})
    print(c["net"], c["args"], c["dtype"], by_step[-1], norm, test_loss, file=sys.stderr, flush=True)
json.dump(out, sys.stdout, separators=(",", ":"))
print()
