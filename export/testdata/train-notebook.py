# Gradient Lab: the notebook's CNN, relu.
# https://gradlab.example/labs/train?
# Needs PyTorch 1.13 or later. Prints each step and its loss; the test follows on standard error.

import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
images = torch.randn(100, 1, 28, 28)
test_images = torch.randn(100, 1, 28, 28)
labels = torch.randint(0, 10, (100,))
test_labels = labels  # as random as the images


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 5, 3)
        self.linearization = nn.Linear(5 * 26 * 26, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        return self.linearization(x.flatten(1))


net = Net()

optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
for step in range(100):
    loss = F.cross_entropy(net(images), labels)
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
