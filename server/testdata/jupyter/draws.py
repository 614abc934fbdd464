# The cells of a notebook, a line of dashes between them: frames, drawings, the live lab.
import gradlab, numpy, pandas
import matplotlib.axes
r = gradlab.chain(depth=20, activation="tanh", skip="none")
assert isinstance(r.grad_z, numpy.ndarray) and r.grad_z.shape == (21,)
t = r.frame()
assert list(t.index) == list(range(1, 21)) and t.index.name == "layer" and t.grad_z.iloc[-1] == r.grad_z[-1] and len(t.w) == 20
t.tail(3)
# ----
axes = r.plot(color="C0", alpha=0.5)
gradlab.chain(depth=20, activation="tanh").plot(axes, color="C1", alpha=0.5)
assert isinstance(axes, matplotlib.axes.Axes) and len(axes.patches) == 40
# ----
run = gradlab.train(net="notebook", steps=20)
assert run.frame().losses.iloc[-1] == run.losses[-1] and run.frame().index[-1] == 20
run.plot();
# ----
points = gradlab.sweep(show="gradient").frame()
assert {"line", "depth", "first_grad_norm"} <= set(points.columns) and isinstance(points, pandas.DataFrame)
gradlab.sweep(show="gradient").plot();
# ----
frame = run.lab()
assert frame.src.startswith(gradlab.site + "/embed/train?"), frame.src
frame
