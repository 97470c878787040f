"""DCT-Net's generator in torch, its weights read from its ONNX file: its drawing, and what it thinks on the way.

Layers as in menyifang/DCT-Net@147e4f2 source/, and in modelscope modelscope/models/cv/cartoon/network.py (unet_generator).
"""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from model import guided, lrelu

LAYERS = 18


def twice(x: torch.Tensor) -> torch.Tensor:
    """TF1's bilinear x2: even places as they were, odd ones half-way to the next."""
    for axis in (-1, -2):
        count = x.shape[axis]
        following = torch.cat([x.narrow(axis, 1, count - 1), x.narrow(axis, count - 1, 1)], axis)
        x = torch.stack([x, (x + following) / 2], axis if axis == -1 else -2).flatten(axis - 1, axis)
    return x


class Teacher(nn.Module):
    """RGB 0..1 -> RGB 0..1, and features [128, H/4, W/4] twice and [32, H/2, W/2]. H and W multiples of 4."""

    def __init__(self, file: Path):
        super().__init__()
        values = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in onnx.load(file).graph.initializer}
        # The file works in BGR.
        values["w0"] = values["w0"].flip(1)
        values["w17"], values["b17"] = values["w17"].flip(0), values["b17"].flip(0)
        for i in range(LAYERS):
            self.register_buffer(f"w{i}", values[f"w{i}"].contiguous(memory_format=torch.channels_last))
            self.register_buffer(f"b{i}", values[f"b{i}"])

    def conv(self, x: torch.Tensor, i: int, stride: int = 1) -> torch.Tensor:
        weight, bias = getattr(self, f"w{i}"), getattr(self, f"b{i}")
        if stride == 2:
            return F.conv2d(F.pad(x, (0, 1, 0, 1)), weight, bias, 2)
        return F.conv2d(x, weight, bias, 1, weight.shape[-1] // 2)

    @torch.no_grad()
    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        x = picture * 2 - 1
        full = lrelu(self.conv(x, 0))
        half = lrelu(self.conv(lrelu(self.conv(full, 1, 2)), 2))
        y = lrelu(self.conv(lrelu(self.conv(half, 3, 2)), 4))
        body = []
        for i in (5, 7, 9, 11):
            y = y + self.conv(lrelu(self.conv(y, i)), i + 1)
            body.append(y)
        y = lrelu(self.conv(y, 13))
        late = lrelu(self.conv(lrelu(self.conv(twice(y) + half, 14)), 15))
        drawn = self.conv(lrelu(self.conv(twice(late) + full, 16)), 17).float()
        return (guided(x, drawn, 1e-2).clamp(-1, 1) + 1) / 2, [body[1], body[3], late]
