# Gradient Lab: a fully connected net of 12 hidden layers, tanh, no skip connections.
# https://gradlab.example/labs/train?net=mlp&optimizer=sgd
# Needs PyTorch 1.13 or later and torchvision. Prints each step and its loss; the test follows on standard error.

import contextlib
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.datasets import FashionMNIST


def load(train, count):
    """The first images of a split, scaled to mean 0 and deviation 1, and their labels."""
    with contextlib.redirect_stdout(sys.stderr):  # what torchvision says of a download
        dataset = FashionMNIST("data", train=train, download=True)
    images = (dataset.data[:count].unsqueeze(1) / 255 - 0.2860) / 0.3530
    return images, dataset.targets[:count]


images, labels = load(train=True, count=64)
test_images, test_labels = load(train=False, count=100)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(28 * 28, 32)
        self.hidden = nn.ModuleList(nn.Linear(32, 32) for _ in range(12))
        self.out = nn.Linear(32, 10)

    def forward(self, x):
        x = torch.tanh(self.inp(x.flatten(1)))
        for layer in self.hidden:
            x = torch.tanh(layer(x))
        return self.out(x)


torch.manual_seed(0)
net = Net()

optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(100):
    first = step * 32 % len(images)
    batch = slice(first, first + 32)
    loss = F.cross_entropy(net(images[batch]), labels[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
    if not loss.isfinite():
        break  # diverged

with torch.no_grad():
    logits = net(test_images)
test_loss = F.cross_entropy(logits, test_labels).item()
accuracy = (logits.argmax(1) == test_labels).double().mean().item()
print("test loss", test_loss, "accuracy", accuracy, file=sys.stderr)
