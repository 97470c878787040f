"""Writes tiny-net.onnx: a seeded two-scale convolution net with DCT-Net's kinds of layers and a reach of 14 px.

python tiny_net.py tiny-net.onnx
"""

from __future__ import annotations

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RNG = np.random.default_rng(5)
nodes, weights = [], []


def conv(source: str, name: str, shape: tuple[int, int, int], stride: int = 1) -> str:
    out, into, kernel = shape
    scale = (2 / (into * kernel * kernel)) ** 0.5
    weights.append(numpy_helper.from_array(RNG.normal(0, scale, (out, into, kernel, kernel)).astype(np.float32), f"{name}.w"))
    weights.append(numpy_helper.from_array(RNG.normal(0, 0.1, out).astype(np.float32), f"{name}.b"))
    # TensorFlow's SAME: with stride 2 on even sides the padding stands bottom and right only.
    pads = [0, 0, 1, 1] if stride == 2 else [kernel // 2] * 4
    nodes.append(helper.make_node("Conv", [source, f"{name}.w", f"{name}.b"], [name], kernel_shape=[kernel] * 2, pads=pads, strides=[stride] * 2))
    return name


def leaky(source: str) -> str:
    nodes.append(helper.make_node("LeakyRelu", [source], [f"{source}.a"], alpha=0.2))
    return f"{source}.a"


def main() -> None:
    constants = {"mean": 127.5, "scale": np.float32(1 / 127.5)}
    weights.extend(numpy_helper.from_array(np.float32(v), k) for k, v in constants.items())
    weights.append(numpy_helper.from_array(np.float32([1, 1, 2, 2]), "twice"))
    nodes.append(helper.make_node("Sub", ["input", "mean"], ["centred"]))
    nodes.append(helper.make_node("Mul", ["centred", "scale"], ["x"]))
    full = leaky(conv("x", "first", (6, 3, 7)))
    half = leaky(conv(full, "down", (8, 6, 3), stride=2))
    half = leaky(conv(half, "deep1", (8, 8, 3)))
    half = leaky(conv(half, "deep2", (6, 8, 3)))
    nodes.append(
        helper.make_node("Resize", [half, "", "twice"], ["up"], mode="linear", coordinate_transformation_mode="asymmetric")
    )
    nodes.append(helper.make_node("Add", ["up", full], ["sum"]))
    last = conv(leaky(conv("sum", "late", (6, 6, 3))), "last", (3, 6, 3))
    nodes.append(helper.make_node("Tanh", [last], ["t"]))
    nodes.append(helper.make_node("Div", ["t", "scale"], ["spread"]))
    nodes.append(helper.make_node("Add", ["spread", "mean"], ["output"]))
    shape = ["n", 3, "h", "w"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, sys.argv[1])


if __name__ == "__main__":
    main()
