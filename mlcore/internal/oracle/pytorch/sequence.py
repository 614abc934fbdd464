"""Writes PyTorch's results and gradients of the ops on sequences as JSON: float64, from a fixed seed.

    python3 sequence.py | gzip -9n > ../testdata/sequence.json.gz
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(12)
torch.set_default_dtype(torch.float64)


def tensor(x):
    return {"shape": list(x.shape), "data": x.detach().reshape(-1).tolist()}


def case(op, run, attrs=None, **inputs):
    """One case: run takes the inputs as keywords."""
    leaves = {name: x.requires_grad_() for name, x in inputs.items()}
    y = run(**leaves)
    dy = torch.randn_like(y)
    y.backward(dy)
    return {
        "op": op,
        "attrs": attrs or {},
        "inputs": {name: tensor(x) for name, x in leaves.items()},
        "output": tensor(y),
        "grad_output": tensor(dy),
        "grads": {name: tensor(x.grad) for name, x in leaves.items()},
    }


def attention(q, k, v):
    return torch.bmm(torch.softmax(torch.bmm(q, k.transpose(1, 2)) / q.shape[-1] ** 0.5, -1), v)


tokens = [[4, 0, 2], [0, 0, 1]]
n = torch.randn
json.dump([
    case("bmm", lambda a, b: torch.bmm(a, b), a=n(17, 3, 5), b=n(17, 5, 2)),
    case("transpose", lambda x: x.transpose(1, 2), x=n(3, 4, 2)),
    case("softmax", lambda x: torch.softmax(x, -1), x=3 * n(18, 3, 5)),
    case("layer_norm", lambda x, weight, bias: F.layer_norm(x, (5,), weight, bias, 1e-5), x=n(17, 3, 5), weight=n(5), bias=n(5)),
    case("embedding", lambda weight: F.embedding(torch.tensor(tokens), weight), {"tokens": tokens}, weight=n(5, 4)),
    case("add", lambda x, p: x + p, x=n(17, 3, 4), p=n(3, 4)),
    case("attention", attention, q=n(3, 4, 5), k=n(3, 6, 5), v=n(3, 6, 2)),
], sys.stdout)
