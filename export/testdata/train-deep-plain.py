# Gradient Lab: a CNN of 8 weighted layers, relu, no skip connections.
# https://gradlab.example/labs/train?net=deep&data=noise&n=1&norm=none&optimizer=adamw&skip=none
# Needs PyTorch 1.13 or later. Prints each step and its loss; the test follows on standard error.

import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
images = torch.randn(64, 1, 28, 28)
test_images = torch.randn(64, 1, 28, 28)
labels = torch.randint(0, 10, (64,))
test_labels = labels  # as random as the images


class Block(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, padding=1)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)

    def forward(self, x):
        h = F.relu(self.conv1(x))
        h = self.conv2(h)
        return F.relu(h)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        blocks, cin = [], 4
        # The first block of the second and third stage halves the map.
        for cout in (4, 8, 16):
            blocks.append(Block(cin, cout, stride=1 if cin == cout else 2))
            cin = cout
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = F.relu(self.stem(x))
        x = self.blocks(x)
        return self.head(x.mean((2, 3)))


net = Net()

optimizer = torch.optim.AdamW(net.parameters(), lr=0.05)
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
