# Gradient Lab: the notebook's CNN with 3 further convolutions, gelu, skip connections.
# https://gradlab.example/labs/train?activation=gelu&clip=1&data=fashion&depth=3&dtype=float64&skip=identity&steps=20
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
    return images.double(), dataset.targets[:count]


images, labels = load(train=True, count=100)
test_images, test_labels = load(train=False, count=100)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 5, 3)
        self.extra = nn.ModuleList(nn.Conv2d(5, 5, 3, padding=1) for _ in range(3))
        self.linearization = nn.Linear(5 * 26 * 26, 10)

    def forward(self, x):
        x = F.gelu(self.conv1(x))
        for conv in self.extra:
            x = F.gelu(conv(x)) + x  # the skip connection
        return self.linearization(x.flatten(1))


torch.manual_seed(0)
net = Net().double()

optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
for step in range(20):
    loss = F.cross_entropy(net(images), labels)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    print(step, loss.item())
    if not loss.isfinite():
        break  # diverged

with torch.no_grad():
    logits = net(test_images)
test_loss = F.cross_entropy(logits, test_labels).item()
accuracy = (logits.argmax(1) == test_labels).double().mean().item()
print("test loss", test_loss, "accuracy", accuracy, file=sys.stderr)
