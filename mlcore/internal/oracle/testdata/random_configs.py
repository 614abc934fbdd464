#!/usr/bin/python3
"""Runs configs drawn at random from each family of networks through generate.py's run, and prints the results.

    /usr/bin/python3 random_configs.py FOLDER_OF_GENERATE_PY SEED COUNT > random_configs.json
"""
import json
import math
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import torch

import generate
import nets

torch.set_num_threads(1)
random.seed(int(sys.argv[2]))
activations = list(nets.ACTIVATIONS)
results = []
for _ in range(int(sys.argv[3])):
    net = random.choice(["notebook", "deep", "deep", "mlp", "mlp"])
    batch = random.choice([8, 16, 20, 33, 50])
    c = dict(seed=random.randrange(2 ** 31), data=random.choice(["noise", "fashion"]), count=batch * random.choice([1, 2, 3]),
             batch=batch, steps=4, optimizer=random.choice(["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]), net=net,
             dtype=random.choice(["float64", "float32"]), lr=random.choice([1e-3, 1e-2]), clip=random.choice([0.0, 0.0, 0.5]))
    activation = random.choice(activations)
    if net == "notebook":
        c["args"] = dict(depth=random.randrange(0, 4), activation=activation, skip=random.random() < .5)
    elif net == "deep":
        norm = random.choice(["none", "batch", "group"])
        channels = random.choice([2, 4, 8] if norm == "group" else [2, 4, 5, 6, 8])
        c["args"] = dict(n=random.choice([1, 2]), channels=channels, skip=random.choice(["none", "A", "B", "C"]), norm=norm,
                         activation=activation, order=random.choice(["post", "notebook", "pre"]))
    else:
        c["args"] = dict(depth=random.randrange(0, 10), width=random.choice([7, 32, 64, 100]), activation=activation,
                         skip=random.choice(["none", "identity", "rezero", "highway"]), norm=random.choice(["none", "batch", "layer"]),
                         init=random.choice(["default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "small_normal"]))
    results.append(generate.run(c))


def clean(v):
    if isinstance(v, dict):
        return {k: clean(x) for k, x in v.items()}
    if isinstance(v, list):
        return [clean(x) for x in v]
    if isinstance(v, float) and not math.isfinite(v):
        return {math.inf: "inf", -math.inf: "-inf"}.get(v, "nan")
    return v


json.dump(clean(results), sys.stdout, separators=(",", ":"))
print()
