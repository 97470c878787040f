"""The student: a small U-Net at quarter resolution and a guided filter, one net per style. No normalisation, nothing global."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

STYLES = ["anime", "3d", "handdrawn", "sketch"]
HALF, QUARTER, BLOCKS, SLOPE = 32, 72, 6, 0.2
GUIDED_EPS = 1e-2 / 4  # DCT-Net's 1e-2 on pictures of -1..1; ours are 0..1


def lrelu(x: torch.Tensor) -> torch.Tensor:
    return F.leaky_relu(x, SLOPE)


def box(x: torch.Tensor) -> torch.Tensor:
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


def guided(guide: torch.Tensor, drawn: torch.Tensor, eps: float) -> torch.Tensor:
    """He, Sun, Tang 2010 with r = 1: `drawn` as a local linear function of `guide`."""
    guide_mean, drawn_mean = box(guide), box(drawn)
    slope = (box(guide * drawn) - guide_mean * drawn_mean) / (box(guide * guide) - guide_mean * guide_mean + eps)
    return box(slope) * guide + box(drawn_mean - slope * guide_mean)


class Block(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.conv2(lrelu(self.conv1(x)))


class Student(nn.Module):
    """RGB 0..1 -> RGB, unclipped. The exported graph takes and gives 0..255 and clips."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, HALF, 4, stride=2, padding=1)
        self.down = nn.Conv2d(HALF, QUARTER, 3, stride=2, padding=1)
        self.blocks = nn.ModuleList(Block(QUARTER) for _ in range(BLOCKS))
        self.up = nn.Conv2d(QUARTER, HALF, 3, padding=1)
        self.fuse = nn.Conv2d(HALF, HALF, 3, padding=1)
        self.out = nn.Conv2d(HALF, 12, 3, padding=1)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, SLOPE, nonlinearity="leaky_relu")
                nn.init.zeros_(layer.bias)
        with torch.no_grad():
            for block in self.blocks:
                block.conv2.weight *= 0.3
            self.stem.weight *= 2
            self.stem.bias -= 0.5 * self.stem.weight.sum((1, 2, 3))  # pictures are 0..1, so about 0.5
            self.out.weight *= 0.1

    def features(self, x: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """The drawing, and what the net thinks half-way down, at the end of its body, and before the last layer."""
        half = lrelu(self.stem(x))
        y = lrelu(self.down(half))
        seen = []
        for i, block in enumerate(self.blocks, 1):
            y = block(y)
            if i in (BLOCKS // 2, BLOCKS):
                seen.append(y)
        y = F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)
        y = lrelu(self.up(y) + half)
        y = lrelu(self.fuse(y))
        drawn = x + F.pixel_shuffle(self.out(y), 2).float()
        return guided(x, drawn, GUIDED_EPS), [*seen, y]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.features(x)[0]


def macs_per_pixel() -> float:
    """Multiplications of the convolutions."""
    return (
        (16 * 3 * HALF) / 4
        + (9 * HALF * QUARTER) / 16
        + BLOCKS * 2 * (9 * QUARTER * QUARTER) / 16
        + (9 * QUARTER * HALF + 9 * HALF * HALF + 9 * HALF * 12) / 4
    )


def receptive_radius() -> int:
    """Farthest input pixel that reaches an output pixel, over all phases of the stride-4 grid (measured by gradient)."""
    net = Student().double().eval()
    size, reach = 256, 0
    for phase in range(4):
        x = torch.rand(1, 3, size, size, dtype=torch.double, requires_grad=True)
        at = size // 2 + phase
        net(x)[0, :, at, at].sum().backward()
        hit = torch.nonzero(x.grad.abs().sum((0, 1)))
        reach = max(reach, int((hit - at).abs().max()))
    return reach
