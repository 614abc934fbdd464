"""Gradient Lab in a notebook: ask its labs, work with the numbers, draw them, show the live lab.

    import gradlab

    gradlab.chain(depth=50, activation="tanh", w=0.9).plot()
    r = gradlab.train(net="deep", n=3, skip="A", steps=100)
    r.losses[-1], r.frame(), r.lab()
    gradlab.parameters("train")

The functions are named after the labs, and take what their addresses and /api take. One file, for Python 3.9 or later, with
nothing to install: numpy makes arrays of the numbers, pandas is needed for frame(), matplotlib for plot(), IPython for lab().
The file knows the site that it was loaded from; gradlab.site = "https://..." names another.
"""

import json
import urllib.error
import urllib.parse
import urllib.request

__all__ = ["ask", "barcode", "blocks", "chain", "kernels", "network", "parameters", "stream", "sweep", "train", "transformer", "BadParameters", "Result"]

site = "http://localhost:8080"
timeout = 600  # seconds; a long training takes its time


class BadParameters(ValueError):
    """What the site does not take, by parameter, in fields."""

    def __init__(self, message, fields):
        super().__init__("; ".join(f"{name} {why}" for name, why in fields.items()) or message)
        self.fields = fields


class Result(dict):
    """An answer of the site: its values by name, r["losses"] or r.losses; lists of numbers are numpy arrays where numpy is there."""

    def __init__(self, lab, query, values):
        super().__init__({name: _numbers(v) for name, v in values.items()})
        self.__dict__.update(_lab=lab, _query=query)

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"{self._lab} has no {name}; it has {', '.join(self)}") from None

    def __dir__(self):
        return [*super().__dir__(), *self]

    def frame(self):
        """A pandas.DataFrame: a row for each layer of a chain, step of a training, point of a sweep, or place in the other labs' lists."""
        import pandas

        if "points" in self:
            return pandas.DataFrame(self.points)
        columns = {name: v for name, v in self.items() if not isinstance(v, (dict, str)) and hasattr(v, "__len__")}
        if self._lab == "chain":  # z and its gradient have the input, too, which is no layer's
            columns = {name: v[-len(self.w):] for name, v in columns.items()}
        if not columns:
            raise ValueError(f"{self._lab} has no lists to make a table of")
        rows = len(next(iter(columns.values())))
        columns = {name: list(v) for name, v in columns.items() if len(v) == rows}
        counted = {"chain": "layer", "train": "step"}.get(self._lab)
        return pandas.DataFrame(columns, index=pandas.RangeIndex(1 if counted else 0, rows + bool(counted), name=counted))

    def plot(self, ax=None, **style):
        """Draws what the lab is about, with matplotlib, and returns the axes, so that a second result can be drawn into them."""
        import matplotlib.pyplot as plt

        if self._lab not in _drawings:
            raise ValueError(f"{self._lab} has no drawing of its own here: use frame(), or lab() for the live one")
        ax = ax or plt.subplots()[1]
        _drawings[self._lab](self, ax, style)
        ax.xaxis.get_major_locator().set_params(integer=True)  # layers, steps and depths are counted
        ax.legend()
        return ax

    def lab(self, width="100%", height=700):
        """The live lab in this state, as an IPython.display.IFrame."""
        from IPython.display import IFrame

        page = {"network": "train", "graph": "chain"}.get(self._lab, self._lab)
        return IFrame(f"{site}/embed/{page}?{self._query}", width=width, height=height)


def ask(experiment, **given):
    """What /api/{experiment} answers. The functions below are short for it."""
    query = urllib.parse.urlencode({name: _text(v) for name, v in given.items()})
    return Result(experiment, query, _get(f"/api/{experiment}?{query}"))


def chain(**given):
    """One forward and backward pass of the chain of layers: loss, and by layer w, a, z, grad_w, grad_a, grad_z."""
    return ask("chain", **given)


def train(**given):
    """A training: losses, parameters, first_step_grad_norms by PyTorch's names, test."""
    return ask("train", **given)


def sweep(**given):
    """What depth does: points, each with line, depth, first_grad_norm and loss."""
    return ask("sweep", **given)


def kernels(**given):
    """The maps that kernels make of a picture."""
    return ask("kernels", **given)


def blocks(**given):
    """A plain and a residual net with blocks taken out."""
    return ask("blocks", **given)


def barcode(**given):
    """Where the gradient points while a picture turns into another."""
    return ask("barcode", **given)


def stream(**given):
    """Words on their way through a Transformer's layers."""
    return ask("stream", **given)


def transformer(**given):
    """Two Transformers that learn, in post and pre: losses, accuracies, grad_norms by step and layer, test."""
    return ask("transformer", **given)


def network(**given):
    """The layers of a net that train takes, with parameters and multiply-adds."""
    return ask("network", **given)


def parameters(experiment):
    """What a function takes: {name: {"description": ..., "schema": {"default": ..., "minimum": ..., ...}}}."""
    paths = _get("/api/openapi.json")["paths"]
    if f"/api/{experiment}" not in paths:
        raise ValueError(f"there is no experiment {experiment!r}")
    return {p["name"]: {"description": p["description"], "schema": p["schema"]} for p in paths[f"/api/{experiment}"]["get"]["parameters"]}


def _get(path):
    try:
        with urllib.request.urlopen(site + path, timeout=timeout) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        body = refused.read()
        try:
            refusal = json.loads(body)
        except ValueError:
            raise RuntimeError(f"{site} answers with {refused.code}") from None
        if refused.code == 400:
            raise BadParameters(refusal["error"], refusal.get("fields", {})) from None
        raise RuntimeError(refusal["error"]) from None
    except urllib.error.URLError as away:
        raise ConnectionError(f"{site} does not answer: {away.reason}") from None


def _text(value):
    if isinstance(value, (list, tuple)):
        return ",".join(map(_text, value))
    return str(value)


_named = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}  # JSON lacks them


def _numbers(v):
    """v with numbers for their names, and numpy arrays for lists of numbers."""
    if isinstance(v, dict):
        return {name: _numbers(x) for name, x in v.items()}
    if isinstance(v, str):
        return _named.get(v, v)
    if not isinstance(v, list):
        return v
    v = [_numbers(x) for x in v]
    if not v or isinstance(v[0], (str, dict, list)):
        return v
    try:
        import numpy
    except ImportError:
        return v
    return numpy.asarray(v) if not hasattr(v[0], "shape") or len({x.shape for x in v}) == 1 else v


def _chain(r, ax, style):
    style.setdefault("label", f"{r.config['activation']}, skip {r.config['skip']}")
    ax.bar(range(1, len(r.w) + 1), [abs(g) for g in r.grad_z[1:]], **style)
    ax.set(yscale="log", xlabel="layer", ylabel="|∂L/∂z|", title="What each layer hears")


def _train(r, ax, style):
    style.setdefault("label", f"skip {r.config['skip']}" if "skip" in r.config else r.config["net"])
    ax.plot(range(1, len(r.losses) + 1), r.losses, **style)
    ax.set(xlabel="step", ylabel="loss")


def _sweep(r, ax, style):
    read = "first_grad_norm" if r.config.get("show") == "gradient" else "loss"
    for line in r.lines:
        points = [p for p in r.points if p["line"] == line["id"]]
        ax.plot([p["depth"] for p in points], [p[read] for p in points], marker="o", label=line["name"], **style)
    ax.set(xlabel="depth", ylabel="first layer's gradient" if read != "loss" else "loss", yscale="log")


_drawings = {"chain": _chain, "train": _train, "sweep": _sweep}
