"""Writes the averaged weights as one ONNX file (opset 17) with YuNet's outputs, norms folded; checks it.

The net was trained on BGR as YuNet is; the file takes a picture's own bytes, RGBA.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper

from model import OUTPUTS, STRIDES, Dense, Finder, Separable


class Graph:
    def __init__(self):
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, op: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def conv(self, x: str, name: str, layer: torch.nn.Conv2d, weight: np.ndarray, bias: np.ndarray) -> str:
        inputs = [x, self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)]
        sizes = {"kernel_shape": list(layer.kernel_size), "strides": list(layer.stride), "pads": list(layer.padding) * 2}
        return self.add("Conv", inputs, name, group=layer.groups, **sizes)

    def layer(self, x: str, name: str, layer: Dense | Separable, scale_in: float = 1) -> str:
        if isinstance(layer, Separable):
            point = layer.point
            x = self.conv(x, f"{name}.point", point, point.weight.detach().numpy(), point.bias.detach().numpy())
        norm = layer.norm
        factor = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()
        weight = (layer.conv.weight.detach() * factor[:, None, None, None] * scale_in).numpy()
        bias = (norm.bias - norm.running_mean * factor).detach().numpy()
        return self.add("Relu", [self.conv(x, name, layer.conv, weight, bias)], f"{name}.act")

    def stack(self, x: str, name: str, layers: torch.nn.Sequential, scale_in: float = 1) -> str:
        for i, layer in enumerate(layers):
            x = self.layer(x, f"{name}.{i}", layer, scale_in if i == 0 else 1)
        return x

    def colours(self) -> str:
        planes = self.add("Transpose", ["input"], "planes", perm=[0, 3, 1, 2])
        limits = [self.constant(name, np.int64([k])) for name, k in (("first", 2), ("end", -5), ("axis", 1), ("step", -1))]
        return self.add("Cast", [self.add("Slice", [planes, *limits], "bgr")], "colours", to=TensorProto.FLOAT)

    def pool(self, x: str, name: str) -> str:
        return self.add("MaxPool", [x], name, kernel_shape=[2, 2], strides=[2, 2])

    def grow(self, x: str, name: str) -> str:
        scales = self.constant("twice", np.float32([1, 1, 2, 2]))
        rule = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self.add("Resize", [x, "", scales], name, **rule)


def build(net: Finder) -> onnx.ModelProto:
    g = Graph()
    p8 = g.stack(g.pool(g.stack(g.colours(), "stem", net.stem, 1 / 255), "pool4"), "stage8", net.stage8)
    p16 = g.stack(g.pool(p8, "pool8"), "stage16", net.stage16)
    p32 = g.stack(g.pool(p16, "pool16"), "stage32", net.stage32)
    p16 = g.layer(g.add("Add", [p16, g.grow(p32, "grow32")], "sum16"), "merge16", net.merge16)
    p8 = g.layer(g.add("Add", [p8, g.grow(p16, "grow16")], "sum8"), "merge8", net.merge8)
    for p, stride, tower, head in zip((p8, p16, p32), STRIDES, net.towers, net.heads):
        x = g.layer(p, f"tower{stride}", tower)
        first = 0
        for kind, count in OUTPUTS.items():
            weight = head.weight.detach()[first : first + count].numpy()
            bias = head.bias.detach()[first : first + count].numpy()
            first += count
            y = g.conv(x, f"{kind}_{stride}.map", head, weight, bias)
            y = g.add("Transpose", [y], f"{kind}_{stride}.rows", perm=[0, 2, 3, 1])
            name = f"{kind}_{stride}"
            flat = name if kind in ("bbox", "kps") else f"{name}.logit"
            g.add("Reshape", [y, g.constant(f"shape{count}", np.int64([1, -1, count]))], flat)
            if flat != name:
                g.add("Sigmoid", [flat], name)
    names = [(f"{kind}_{stride}", count) for kind, count in OUTPUTS.items() for stride in STRIDES]
    graph = helper.make_graph(
        g.nodes,
        "obscura-faces",
        [helper.make_tensor_value_info("input", TensorProto.UINT8, [1, "H", "W", 4])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, f"N{n.split('_')[1]}", c]) for n, c in names],
        list(g.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="obscura")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model


def export(work: Path, out: Path) -> float:
    """Returns the greatest difference from torch over all outputs."""
    net = Finder()
    net.load_state_dict(torch.load(work / "checkpoint.pt", weights_only=True)["mean"])
    net.eval()
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(build(net), str(out))
    session = ort.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    rgba = np.random.default_rng(1).integers(0, 256, (1, 224, 320, 4), np.uint8)
    actual = dict(zip(names, session.run(None, {"input": rgba})))
    worst = 0.0
    with torch.no_grad():
        maps = net(torch.from_numpy(rgba[0, :, :, 2::-1].transpose(2, 0, 1).copy())[None] / 255)
    for stride, m in zip(STRIDES, maps):
        rows, first = m.permute(0, 2, 3, 1).flatten(1, 2), 0
        for kind, count in OUTPUTS.items():
            part = rows[..., first : first + count]
            first += count
            part = part.sigmoid() if kind in ("cls", "obj") else part
            worst = max(worst, float(np.abs(actual[f"{kind}_{stride}"] - part.numpy()).max()))
    return worst


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    print(f"export: greatest difference from torch {export(a.work, a.out):.6f}")
