#!/usr/bin/env python3
"""Prints PyTorch's activations and their derivatives over the floats, as lists by name and precision: x, value, derivative.

The inputs are float32 of every other exponent and both signs, those around which a formula changes, and many in the range
where activations bend. ELU's and SELU's values are those without the cancellation of PyTorch 1.13; GELU is ATen's, oneDNN's
approximation being off."""
import json
import math
import sys

sys.dont_write_bytecode = True
import torch
import torch.nn.functional as F

FUNCTIONS = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu,
             "gelu": F.gelu, "silu": F.silu, "softplus": F.softplus}
SCALE, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
EXPM1 = {"elu": lambda x: torch.where(x > 0, x, torch.expm1(x)), "selu": lambda x: SCALE * torch.where(x > 0, x, ALPHA * torch.expm1(x))}

sizes = [m * 2.0 ** e for e in range(-148, 128, 2) for m in (1.0, 1.7)]
sizes += [0.5, 0.625, 1.0, 5.6, 8.66, 8.67, 16.6, 17.4, 18.71, 18.72, 20.0, 20.1, 87.0, 88.0, 88.7, 88.8, 103.0, 103.9, 104.1, math.inf]
sizes += [0.1 * k for k in range(1, 120)]
x = torch.tensor([0.0, -0.0, math.nan] + [s * v for v in sizes for s in (1, -1)], dtype=torch.float32)  # NaN where vectors run, not in their rest


def clean(v):
    return v if math.isfinite(v) else {math.inf: "inf", -math.inf: "-inf"}.get(v, "nan")


def numbers(t, digits):
    return [clean(float(f"{v:.{digits}g}")) for v in t.tolist()]


out = []
with torch.backends.mkldnn.flags(enabled=False):
    for name, f in FUNCTIONS.items():
        for dtype, digits in ((torch.float32, 9), (torch.float64, 17)):
            at = x.to(dtype, copy=True).requires_grad_()
            y = f(at)
            y.backward(torch.ones_like(y))
            value = EXPM1[name](x.to(dtype)) if name in EXPM1 else y.detach()
            out.append(dict(name=name, dtype=str(dtype)[6:], x=numbers(x, 9), value=numbers(value, digits), derivative=numbers(at.grad, digits)))
json.dump(out, sys.stdout, separators=(",", ":"))
print()
