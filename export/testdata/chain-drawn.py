# Gradient Lab: a chain of 50 layers, relu, with skip connections.
# https://gradlab.example/labs/chain?activation=relu&depth=50&dtype=float64&seed=7&spread=0.5&w=0.1
# Needs PyTorch 1.13 or later. Prints the gradient of each weight, from the first layer to the last.

import torch
import torch.nn.functional as F

torch.manual_seed(7)
w = 0.1 + 0.5 * torch.randn(50)
w = w.double()
w.requires_grad_()

z = torch.tensor(0.5, dtype=torch.float64)
for w_i in w:
    a = w_i * z
    z = F.relu(a) + z  # the skip connection
loss = (z - 1.0) ** 2 / 2

loss.backward()
print(w.grad.tolist())
