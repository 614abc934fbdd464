#!/usr/bin/env python3
"""Compares the product with PyTorch on configs drawn at random from all that the labs accept.

    agree.py --server BINARY [--cases 200] [--seed 1]    starts the server, and judges its API
    agree.py --url URL [--cases 200] [--seed 1]          judges a server that runs
    agree.py --url URL --replay '{json}'                 one case, as printed where it is off
    agree.py --freeze CASES [--seed 1]                   prints cases with PyTorch's numbers, for the tests without PyTorch

Nothing here is a list of cases: each seed draws others. The truth is PyTorch's float64 run of the same float32 draws, and
of elu and selu without the cancellation of 1.13. A number may be off by 4 times what PyTorch's own runs are, measured anew
for each case (its run in the config's precision, and such whose weights start one unit in the last place elsewhere), and by
a floor. Where one of those leaves the numbers, anything goes. What PyTorch refuses must be refused with 400, nothing else.
"""
import argparse
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import warnings

sys.dont_write_bytecode = True
warnings.filterwarnings("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
CORE = os.path.join(HERE, "..", "..", "..")
sys.path.insert(0, os.path.join(CORE, "bench", "pytorch"))
import torch

import barcode
import nets
import transformer

torch.set_num_threads(1)
OWN = dict(nets.ACTIVATIONS)
SCALE, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
elu = lambda x: torch.where(x > 0, x, torch.expm1(torch.clamp(x, max=0)))
EXACT = dict(OWN, elu=elu, selu=lambda x: SCALE * torch.where(x > 0, x, ALPHA * torch.expm1(torch.clamp(x, max=0))))
FLOOR = {"float32": 2e-5, "float64": 1e-9}
TINY = {"float32": 1e-36, "float64": 1e-300}
INITS = ["default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "small_normal", "large_normal"]
DRAWN = dict(barcode=barcode, transformer=transformer)  # by modules of their own
FEW, MANY = 2, 20  # disturbed runs: where nothing is off, and before something is called so


# ---- what the labs accept ----------------------------------------------------------------------

def draw_train(r):
    net = r.choice(["notebook", "deep", "deep", "mlp", "mlp", "mlp"])
    c = dict(net=net, seed=r.randrange(2**32), steps=r.choice([1, 2, 3, 5]), dtype=r.choice(["float32", "float32", "float64"]),
             optimizer=r.choice(["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]), lr=float(f"{10 ** r.uniform(-4, -1):.2g}"),
             clip=r.choice([0, 0, 0, 0.1, 1, 10]), data=r.choice(["fashion", "noise"]), activation=r.choice(list(OWN)))
    c["batch"] = r.choice([1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 64, 100, r.randint(1, 130)])
    c["count"] = c["batch"] * r.choice([1, 1, 2, 3])
    if net == "notebook":
        c.update(depth=r.choice([0, 1, 2, 5, 10, 20]), skip=r.choice(["none", "identity"]))
        c["batch"] = c["count"] = min(c["batch"], 64)
    elif net == "deep":
        c.update(n=r.choice([1, 1, 2, 3, 5, 9]), channels=r.choice([1, 2, 3, 4, 5, 6, 8, 12, 16]), skip=r.choice(["none", "A", "B", "C"]),
                 norm=r.choice(["none", "batch", "batch", "group"]), order=r.choice(["post", "notebook", "pre"]))
        if c["n"] * c["channels"] > 40:
            c["channels"] = 4
    else:
        c.update(depth=r.choice([1, 2, 3, 8, 15, 30, 50, 60, 80, 100]), width=r.choice([1, 2, 3, 8, 15, 16, 17, 32, 50, 64, 100, 128]),
                 skip=r.choice(["none", "identity", "rezero", "highway"]), norm=r.choice(["none", "batch", "layer"]), init=r.choice(INITS))
    return c


def draw_chain(r):
    return dict(depth=r.choice([1, 2, 3, 5, 10, 20, 50, 100]), activation=r.choice(list(OWN)), skip=r.choice(["none", "identity"]),
                x=round(r.choice([r.uniform(-10, 10), r.uniform(-1, 1), r.uniform(-1000, 1000)]), 3),
                w=round(r.choice([r.uniform(-3, 3), r.uniform(-1, 1), r.uniform(-100, 100)]), 3),
                spread=r.choice([0, 0, round(r.uniform(0, 2), 2)]), seed=r.randrange(2**32),
                target=round(r.uniform(-5, 5), 2), dtype=r.choice(["float32", "float64"]))


def draw(r, k):
    return draw_chain(r) if k % 3 == 2 else draw_train(r)


def lab(c):
    return "barcode" if "points" in c else "transformer" if "warmup" in c else c.get("net", "chain")


# ---- PyTorch's numbers, as {name: (what it wants, what it is allowed to be off)} -----------------

def train_run(c, dtype, nudge=0):
    torch.manual_seed(c["seed"])
    x, y = nets.noise(c["count"])[::2] if c["data"] == "noise" else nets.fashion(c["count"], folder=os.path.join(CORE, "data", "fashion"))
    if c["net"] == "notebook":
        net = nets.NotebookNet(c["depth"], c["activation"], c["skip"] == "identity")
    elif c["net"] == "deep":
        net = nets.DeepNet(c["n"], c["channels"], c["skip"], c["norm"], c["activation"], c["order"])
    else:
        net = nets.MLP(c["depth"], c["width"], c["activation"], c["skip"], c["norm"], c["init"])
    if dtype == "float64":
        net, x = net.double(), x.double()
    if nudge:
        g = torch.Generator().manual_seed(nudge)
        with torch.no_grad():
            for p in net.parameters():
                p.mul_(1 + (torch.randint(0, 3, p.shape, generator=g).to(p.dtype) - 1) * torch.finfo(p.dtype).eps)
    losses, norms = nets.train(net, x, y, nets.optimizer(c["optimizer"], net.parameters(), c["lr"]), c["steps"], c["batch"], c["clip"])
    return {**{f"loss {k}": v for k, v in enumerate(losses)}, **{f"norm {k}": v for k, v in norms.items()}}


def chain_run(c, dtype, nudge=0):
    ulp = 1.2e-7 if c["dtype"] == "float32" else 2.3e-16
    out = nets.chain(c["depth"], c["activation"], c["skip"] == "identity", c["x"] * (1 - nudge * ulp), c["target"],
                     c["w"] * (1 + nudge * ulp), c["spread"], c["seed"], getattr(torch, dtype))
    return {f"{key} {i}": v for key in ("z", "grad_z", "grad_w", "grad_a") for i, v in enumerate(out[key])}


def with_activations(which, run, *args):
    nets.ACTIVATIONS.update(which)
    return run(*args)


def layer_norm_as_difference(self, x):
    """(x - μ)/√(σ² + ε), which is 0 where a sample has one feature. PyTorch's x/√… - μ/√… is rounding there, and a ReLU that
    comes after looks at its sign: over 60 such layers its own runs go far from what the mathematics gives."""
    d = x - x.mean(-1, keepdim=True)
    return d / torch.sqrt((d * d).mean(-1, keepdim=True) + self.eps) * self.weight + self.bias


def difference_run(c, dtype):
    own, torch.nn.LayerNorm.forward = torch.nn.LayerNorm.forward, layer_norm_as_difference
    try:
        return with_activations(OWN, train_run, c, dtype)
    finally:
        torch.nn.LayerNorm.forward = own


def wanted(c, nudges):
    """PyTorch's numbers of a case; None where it refuses it. A number that it does not have is allowed None."""
    if lab(c) in DRAWN:
        return DRAWN[lab(c)].wanted(c)
    train, dtype = "net" in c, c["dtype"]
    try:
        if train:
            truth = with_activations(EXACT, train_run, c, "float64")
            others = [with_activations(OWN, train_run, c, dtype, k) for k in range(nudges + 1)]
            if c.get("norm") == "layer" and c.get("width") == 1:
                others.append(difference_run(c, dtype))
        else:
            truth = with_activations(EXACT, chain_run, c, dtype)
            others = [with_activations(OWN, chain_run, c, dtype, k) for k in (0, 1, -1, 2)]
            if dtype == "float32":
                others.append(with_activations(OWN, chain_run, c, "float64"))
    except ValueError:  # "Expected more than 1 value per channel when training"
        return None
    largest = {}
    for name, v in truth.items():
        if math.isfinite(v):
            largest[name.split()[0]] = max(largest.get(name.split()[0], 0), abs(v))
    floor, numbers = FLOOR[dtype], {}
    for name, v in truth.items():
        kind = name.split()[0]
        if not all(math.isfinite(o[name]) for o in [truth] + others):
            numbers[name] = (0.0, None)
            continue
        allowed = 4 * max(abs(o[name] - v) for o in others) + TINY[dtype]
        if kind == "loss":
            allowed += floor * max(abs(v), 1)
        elif kind == "norm":  # zero in mathematics, as of a bias before a batch norm, is rounding of the largest
            allowed += 10 * floor * abs(v) + largest[kind] * (4e-6 if dtype == "float32" else 1e-14)
        else:
            allowed += c["depth"] * floor * abs(v) + largest[kind] * (1e-7 if dtype == "float32" else 1e-16)
        numbers[name] = (v, allowed)
    return numbers


# ---- a server's ----------------------------------------------------------------------------------

def number(v):
    return float(v)  # of a string, too: "nan", "inf", "-inf"


def ask(url, c):
    path = f"/api/{lab(c) if lab(c) in DRAWN or lab(c) == 'chain' else 'train'}?"
    try:
        with urllib.request.urlopen(url + path + urllib.parse.urlencode(c), timeout=300) as f:
            r = json.loads(f.read())
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode(errors="replace")[:300]
    if lab(c) in DRAWN:
        return 200, DRAWN[lab(c)].answer(r)
    if "net" in c:
        return 200, {**{f"loss {k}": number(v) for k, v in enumerate(r["losses"])}, **{f"norm {k}": number(v) for k, v in r["first_step_grad_norms"].items()}}
    return 200, {f"{key} {i}": number(v) for key in ("z", "grad_z", "grad_w", "grad_a") for i, v in enumerate(r[key])}


def judge(url, c, nudges=FEW):
    """What is off, as lines of text."""
    want = wanted(c, nudges)
    status, got = ask(url, c)
    if want is None:
        return [] if status == 400 else [f"PyTorch refuses, the server answers {status}"]
    if status != 200:
        return [f"status {status}: {got}"]
    bad = [f"{name}: want {v:.9g}, got {got.get(name)}, allowed {a:.2g}" for name, (v, a) in want.items()
           if a is not None and not abs(got.get(name, math.nan) - v) <= a]
    if bad and nudges < MANY and lab(c) not in DRAWN and lab(c) != "chain":
        return judge(url, c, MANY)  # one ReLU on the other side of zero: how far do PyTorch's own runs go?
    return bad


def start(binary, folder):
    """Starts a server on a free port, and returns it and its address."""
    server = subprocess.Popen([binary, "--addr", "127.0.0.1:0", "--db", os.path.join(folder, "agree.db")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in server.stdout:
        if found := re.search(r"127\.0\.0\.1:\d+", line):
            return server, "http://" + found.group()
    sys.exit("the server does not start")


def compare(url, cases, seed):
    r, failed, kinds = random.Random(seed), 0, {}
    for k in range(cases):
        c = DRAWN[["barcode", "transformer"][k % 8 // 4]].draw(r) if k % 4 == 3 else draw(r, k)
        bad = judge(url, c)
        n = kinds.setdefault(lab(c), [0, 0])
        n[0] += 1
        if bad:
            failed, n[1] = failed + 1, n[1] + 1
            print(f"{json.dumps(c)}\n    {len(bad)} off, e.g. {bad[0]}", flush=True)
    print(", ".join(f"{k} {n - f}/{n}" for k, (n, f) in sorted(kinds.items())) + f"; {cases - failed} of {cases} configs agree with PyTorch (seed {seed})")
    return failed


def freeze(cases, seed):
    """Prints cases as {config, want: {name: [number, allowed]}}. A case that amplifies rounding is allowed what many runs show."""
    r, out = random.Random(seed), []
    for k in range(cases):
        c = draw(r, k)
        want = wanted(c, FEW)
        if want and any(a is None or a > 50 * FLOOR[c["dtype"]] * max(abs(v), 1e-3) for v, a in want.values()):
            want = wanted(c, MANY)
        digits = 9 if c["dtype"] == "float32" else 13
        if want is not None:
            want = {name: [float(f"{v:.{digits}g}"), None if a is None else float(f"{a:.2g}")] for name, (v, a) in want.items()}
        out.append(dict(config=c, want=want))
    json.dump(out, sys.stdout, separators=(",", ":"))
    print()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--server")
    p.add_argument("--url")
    p.add_argument("--cases", type=int, default=200)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--replay")
    p.add_argument("--freeze", type=int)
    a = p.parse_args()
    if a.freeze:
        return freeze(a.freeze, a.seed)
    with tempfile.TemporaryDirectory() as folder:
        server, url = start(a.server, folder) if a.server else (None, a.url)
        try:
            if a.replay:
                bad = judge(url, json.loads(a.replay))
                print("\n".join(bad) or "agrees")
            else:
                bad = compare(url, a.cases, a.seed)
        finally:
            if server:
                server.terminate()
                server.wait()
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
