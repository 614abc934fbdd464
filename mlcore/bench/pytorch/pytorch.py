#!/usr/bin/env python3
"""PyTorch's time for one training step (zero_grad, forward, backward, update) of each reference network,
on the CPU; the best median over 1 and 2 threads. One JSON line a case:

    {"case": "notebook", "ms": 3.1, "threads": 1}

    apt-get install -y python3-torch libopenblas0 dataset-fashion-mnist
    /usr/bin/python3 pytorch.py [CASE ...]

Quote the ratio to the product's own step on the same machine in the same minute, never the absolute.
"""
import json
import os
import statistics
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
import torch.nn.functional as F

import nets

CASES = {
    # name: (net, its arguments, data, images, batch, optimizer)
    "notebook": (nets.NotebookNet, {}, "noise", 100, 100, "adam"),
    "notebook-batch-1": (nets.NotebookNet, {}, "noise", 100, 1, "adam"),
    "notebook-batch-8": (nets.NotebookNet, {}, "noise", 96, 8, "adam"),
    "notebook-10-skip": (nets.NotebookNet, dict(depth=10, activation="tanh", skip=True), "noise", 100, 100, "adam"),
    "notebook-20-skip": (nets.NotebookNet, dict(depth=20, activation="tanh", skip=True), "noise", 100, 100, "adam"),
    "deep-8": (nets.DeepNet, dict(n=1, channels=4, skip="A"), "fashion", 256, 64, "momentum"),
    "deep-20": (nets.DeepNet, dict(n=3, channels=4, skip="A"), "fashion", 256, 64, "momentum"),
    "deep-56": (nets.DeepNet, dict(n=9, channels=4, skip="A"), "fashion", 256, 64, "momentum"),
    "deep-20-wide": (nets.DeepNet, dict(n=3, channels=16, skip="B"), "fashion", 256, 64, "momentum"),
    "mlp-30": (nets.MLP, dict(depth=30, width=64, activation="tanh", skip="identity"), "fashion", 256, 64, "sgd"),
}


def median_ms(case, threads):
    make, args, data, count, batch, opt = CASES[case]
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    x, y = nets.fashion(count) if data == "fashion" else (lambda t: (t[0], t[2]))(nets.noise(count))
    net = make(**args)
    o = nets.optimizer(opt, net.parameters(), 1e-3)
    times, begin, k = [], time.time(), 0
    while k < 5 or (time.time() - begin < 4 and k < 200):
        i = (k * batch) % count
        t = time.perf_counter()
        o.zero_grad()
        F.cross_entropy(net(x[i:i + batch]), y[i:i + batch]).backward()
        o.step()
        times.append((time.perf_counter() - t) * 1e3)
        k += 1
    return statistics.median(times[2:])


if __name__ == "__main__":
    for case in sys.argv[1:] or CASES:
        best = min((median_ms(case, n), n) for n in (1, 2))
        print(json.dumps({"case": case, "ms": round(best[0], 3), "threads": best[1]}), flush=True)
