"""Runs scripts, each as a program of its own, and writes what they print: one JSON object a script.

With one process for all, PyTorch is loaded once. Arguments: the scripts.
"""
import contextlib
import io
import json
import runpy
import sys

for path in sys.argv[1:]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        runpy.run_path(path, run_name="__main__")
    print(json.dumps({"out": out.getvalue(), "err": err.getvalue()}), flush=True)
