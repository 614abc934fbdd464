# Gradient Lab: a CNN of 20 weighted layers, relu, skip connections (option A).
# https://gradlab.example/labs/train?net=deep
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


class Block(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(cout)
        self.stride, self.zeros = stride, cout - cin

    def forward(self, x):
        h = F.relu(self.norm1(self.conv1(x)))
        h = self.norm2(self.conv2(h))
        # Every second pixel where the map shrinks, and channels of zeros where there are more of them.
        shortcut = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, 0, self.zeros))
        return F.relu(h + shortcut)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, stride=2, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(4)
        blocks, cin = [], 4
        # The first block of the second and third stage halves the map.
        for cout in (4, 8, 16):
            for _ in range(3):
                blocks.append(Block(cin, cout, stride=1 if cin == cout else 2))
                cin = cout
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = F.relu(self.stem_norm(self.stem(x)))
        x = self.blocks(x)
        return self.head(x.mean((2, 3)))


torch.manual_seed(0)
net = Net()

optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
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

net.eval()  # the running mean and variance in place of the batch's
with torch.no_grad():
    logits = net(test_images)
test_loss = F.cross_entropy(logits, test_labels).item()
accuracy = (logits.argmax(1) == test_labels).double().mean().item()
print("test loss", test_loss, "accuracy", accuracy, file=sys.stderr)
