"""The face finder: depthwise-separable backbone, a small feature pyramid, and YuNet's twelve outputs at strides 8, 16, 32."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

STRIDES = (8, 16, 32)
WIDTH = 64
OUTPUTS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}


class Dense(nn.Module):
    """Conv 3x3, normalised while training (folded into the conv in the exported file), Relu."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.norm(self.conv(x)))


class Separable(nn.Module):
    """Pointwise, then depthwise 3x3, normalised while training, Relu."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.point = nn.Conv2d(inputs, outputs, 1)
        self.conv = nn.Conv2d(outputs, outputs, 3, 1, 1, groups=outputs, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.norm(self.conv(self.point(x))))


class Finder(nn.Module):
    """BGR 0..1 -> per stride a map of 16 channels: cls, obj (logits), bbox (4), kps (10)."""

    def __init__(self):
        super().__init__()
        w = WIDTH
        self.stem = nn.Sequential(Dense(3, 16, 2), Dense(16, 32, 2))
        self.stage8 = nn.Sequential(Separable(32, w), Separable(w, w))
        self.stage16 = nn.Sequential(*(Separable(w, w) for _ in range(3)))
        self.stage32 = nn.Sequential(*(Separable(w, w) for _ in range(3)))
        self.merge16 = Separable(w, w)
        self.merge8 = Separable(w, w)
        self.towers = nn.ModuleList(Separable(w, w) for _ in STRIDES)
        self.heads = nn.ModuleList(nn.Conv2d(w, sum(OUTPUTS.values()), 1) for _ in STRIDES)
        for head in self.heads:
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)
            nn.init.constant_(head.bias[:2], -4.0)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        p8 = self.stage8(F.max_pool2d(self.stem(x), 2))
        p16 = self.stage16(F.max_pool2d(p8, 2))
        p32 = self.stage32(F.max_pool2d(p16, 2))
        p16 = self.merge16(p16 + F.interpolate(p32, scale_factor=2, mode="nearest"))
        p8 = self.merge8(p8 + F.interpolate(p16, scale_factor=2, mode="nearest"))
        return [head(tower(p)) for head, tower, p in zip(self.heads, self.towers, (p8, p16, p32))]
