"""What a notebook does with gradlab.py, without anything installed: run with the folder that holds it as the first argument."""
import math
import sys

sys.path.insert(0, sys.argv[1])
import gradlab

assert gradlab.site == sys.argv[2], gradlab.site
r = gradlab.chain(depth=4, activation="tanh", skip="none", x=10, target=1)
assert r.config["depth"] == 4 and len(r.grad_w) == 4 and len(r.z) == 5
assert math.copysign(1, r.grad_w[0]) == -1 and math.isclose(r["grad_w"][3], -0.18916932)  # minus zero stays one
r = gradlab.chain(depth=100, activation="identity", skip="none", x=100, w=100)
assert math.isinf(r.loss) or math.isnan(r.loss), r.loss  # what JSON lacks is a number again
z = list(gradlab.chain(depth=40, activation="identity", skip="none", x=100, w=-100).z)  # of alternating sign, beyond float32 from layer 19 on
assert math.inf in z and -math.inf in z, z
r = gradlab.train(steps=3, count=8, batch=8)
assert len(r.losses) == 3 and r.parameters == 33860 and r.first_step_grad_norms["conv1.weight"] > 0
assert len(gradlab.transformer(layers=1, steps=2).post["losses"]) == 2
assert gradlab.kernels().image[3][3] is not None
try:
    gradlab.train(steps=-1, batch=8, nonsense=1)
except gradlab.BadParameters as bad:
    assert {"steps", "nonsense"} <= set(bad.fields) and "steps must be a whole number" in str(bad), bad
else:
    raise AssertionError("a bad parameter was taken")
try:
    r.no_such_value
except AttributeError as none:
    assert "losses" in str(none)
p = gradlab.parameters("chain")["depth"]
assert p["schema"]["maximum"] == 100 and p["description"]
paths = gradlab._get("/api/openapi.json")["paths"]
labs = {path.split(".")[0].removeprefix("/export/") for path in paths if path.startswith("/export/")} | {"network"}
assert labs == set(gradlab.__all__) - {"ask", "parameters", "BadParameters", "Result"}, labs  # a function each
for name in labs - {"train", "sweep", "blocks", "transformer"}:
    assert getattr(gradlab, name)().config, name
gradlab.site = "http://127.0.0.1:1"
try:
    gradlab.chain()
except ConnectionError as away:
    assert "does not answer" in str(away)
print("as documented")
