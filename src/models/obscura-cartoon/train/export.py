"""Writes a style's averaged weights as one ONNX file (opset 17, weights stored as f16), and checks it against torch.

The file takes and gives a picture's own bytes, RGBA: what is opaque stays so.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper

from model import GUIDED_EPS, SLOPE, STYLES, Student


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

    def conv(self, x: str, layer: torch.nn.Conv2d, name: str) -> str:
        """The weights are stored in half the bytes; every runtime folds the Cast when it opens the file."""
        stored = self.constant(f"{name}.weight.f16", layer.weight.detach().numpy().astype(np.float16))
        weight = self.add("Cast", [stored], f"{name}.weight", to=TensorProto.FLOAT)
        inputs = [x, weight, self.constant(f"{name}.bias", layer.bias.detach().numpy())]
        sizes = {"kernel_shape": list(layer.kernel_size), "strides": list(layer.stride), "pads": list(layer.padding) * 2}
        return self.add("Conv", inputs, name, **sizes)

    def lrelu(self, x: str) -> str:
        return self.add("LeakyRelu", [x], f"{x}.act", alpha=SLOPE)

    def channels(self, x: str, output: str, first: int, end: int) -> str:
        limits = [self.constant(f"channel{k}", np.int64([k])) for k in (first, end)]
        return self.add("Slice", [x, *limits, self.constant("axis", np.int64([1]))], output)

    def box(self, x: str) -> str:
        sizes = {"kernel_shape": [3, 3], "strides": [1, 1], "pads": [1, 1, 1, 1], "count_include_pad": 0}
        return self.add("AveragePool", [x], f"{x}.mean", **sizes)

    def guided(self, guide: str, drawn: str) -> str:
        """model.guided, node by node."""
        guide_mean, drawn_mean = self.box(guide), self.box(drawn)
        both = self.box(self.add("Mul", [guide, drawn], "guide.drawn"))
        covariance = self.add("Sub", [both, self.add("Mul", [guide_mean, drawn_mean], "means")], "covariance")
        square = self.box(self.add("Mul", [guide, guide], "square"))
        variance = self.add("Sub", [square, self.add("Mul", [guide_mean, guide_mean], "mean.square")], "variance")
        eps = self.constant("eps", np.float32(GUIDED_EPS))
        slope = self.add("Div", [covariance, self.add("Add", [variance, eps], "variance.eps")], "slope")
        shift = self.add("Sub", [drawn_mean, self.add("Mul", [slope, guide_mean], "slope.guide")], "shift")
        return self.add("Add", [self.add("Mul", [self.box(slope), guide], "lit"), self.box(shift)], "guided")


def build(net: Student, name: str) -> onnx.ModelProto:
    g = Graph()
    planes = g.add("Transpose", ["input"], "planes", perm=[0, 3, 1, 2])
    colours = g.add("Cast", [g.channels(planes, "colours", 0, 3)], "colours.f32", to=TensorProto.FLOAT)
    picture = g.add("Div", [colours, g.constant("white", np.float32(255))], "picture")
    half = g.lrelu(g.conv(picture, net.stem, "stem"))
    y = g.lrelu(g.conv(half, net.down, "down"))
    for i, block in enumerate(net.blocks):
        h = g.lrelu(g.conv(y, block.conv1, f"block{i}.a"))
        y = g.add("Add", [y, g.conv(h, block.conv2, f"block{i}.b")], f"block{i}")
    scales = g.constant("twice", np.float32([1, 1, 2, 2]))
    y = g.add("Resize", [y, "", scales], "resize", mode="linear", coordinate_transformation_mode="half_pixel")
    y = g.lrelu(g.add("Add", [g.conv(y, net.up, "up"), half], "skip"))
    y = g.lrelu(g.conv(y, net.fuse, "fuse"))
    change = g.add("DepthToSpace", [g.conv(y, net.out, "out")], "change", blocksize=2, mode="CRD")
    y = g.guided(picture, g.add("Add", [picture, change], "drawn"))
    y = g.add("Add", [g.add("Mul", [y, "white"], "scaled"), g.constant("half", np.float32(0.5))], "rounding")
    y = g.add("Clip", [y, g.constant("black", np.float32(0)), "white"], "clipped")
    y = g.add("Cast", [y], "bytes", to=TensorProto.UINT8)
    y = g.add("Concat", [y, g.channels(planes, "alpha", 3, 4)], "rgba", axis=1)
    g.add("Transpose", [y], "output", perm=[0, 2, 3, 1])
    shape = [1, "H", "W", 4]
    graph = helper.make_graph(
        g.nodes,
        name,
        [helper.make_tensor_value_info("input", TensorProto.UINT8, shape)],
        [helper.make_tensor_value_info("output", TensorProto.UINT8, shape)],
        list(g.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="obscura")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model


def files_of(folder: Path) -> list[Path]:
    """Where each style's file stands, in the order of STYLES."""
    return [folder / f"obscura-cartoon-{style}" / f"obscura-cartoon-{style}.onnx" for style in STYLES]


def export(work: Path, style: str, out: Path) -> float:
    """Returns the greatest difference from torch with the same rounded weights, in 0..255: half, from rounding."""
    net = Student().eval()
    net.load_state_dict(torch.load(work / style / "checkpoint.pt", weights_only=True)["mean"])
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(build(net, f"obscura-cartoon-{style}"), str(out))
    session = ort.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    x = torch.randint(0, 256, (1, 3, 152, 200), generator=torch.Generator().manual_seed(1)).float()
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.ndim == 4:
                parameter.copy_(parameter.half().float())
        expected = (net(x / 255) * 255).clamp(0, 255).numpy()
    return float(np.abs(draw(session, x[0].permute(1, 2, 0).byte().numpy()) - expected[0].transpose(1, 2, 0)).max())


def draw(session: ort.InferenceSession, image: np.ndarray) -> np.ndarray:
    """RGB bytes, HWC, through an exported file."""
    opaque = np.full((*image.shape[:2], 1), 255, np.uint8)
    return session.run(None, {"input": np.concatenate([image, opaque], 2)[None]})[0][0, :, :, :3]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder that gets obscura-cartoon-<style>/")
    parser.add_argument("--styles", nargs="*", choices=STYLES, default=STYLES)
    a = parser.parse_args()
    for each, file in zip(STYLES, files_of(a.out)):
        if each in a.styles:
            print(f"{file.stem}: greatest difference from torch {export(a.work, each, file):.5f} of 255")
