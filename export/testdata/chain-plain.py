# Gradient Lab: a chain of 4 layers, tanh, without skip connections.
# https://gradlab.example/labs/chain?activation=tanh&depth=4&skip=none&x=10
# Needs PyTorch 1.13 or later. Prints the gradient of each weight, from the first layer to the last.

import torch

w = torch.full((4,), 1.0)
w.requires_grad_()

z = torch.tensor(10.0)
for w_i in w:
    a = w_i * z
    z = torch.tanh(a)
loss = (z - 1.0) ** 2 / 2

loss.backward()
print(w.grad.tolist())
