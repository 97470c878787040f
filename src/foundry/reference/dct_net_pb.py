"""Writes DCT-Net's frozen TensorFlow graph as its exporter does, and what TensorFlow draws with it.

Small seeded graphs for the unit tests (needs tensorflow and numpy):
    python dct_net_pb.py --channels 3 --seed 1 dct-net-leaky
    python dct_net_pb.py --channels 2 --seed 2 --maximum dct-net-maximum
The real one, from a style's ONNX file (needs onnx as well):
    python dct_net_pb.py --weights anime.onnx --size 288 cartoon_bg

Each writes NAME.pb and NAME.json: the picture (RGB bytes, base64) and the drawing before its cast to bytes
(float32, BGR 0..255, base64). The graph follows modelscope/modelscope@639c474
modelscope/exporters/cv/cartoon_translation_exporter.py and, of @86f71f2 and @51cf0b1, models/cv/cartoon/network.py
and loss.py; variables bear slim's names.
"""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
# Frozen, a variable of TensorFlow 1 is a Const with an Identity that reads it.
tf.disable_resource_variables()


class Weights:
    """Filters [kh, kw, in, out] and biases [out] in the order of the graph, of a style's file or drawn at random."""

    def __init__(self, path: str | None, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.known: list[tuple[np.ndarray, np.ndarray]] | None = None
        if path is not None:
            import onnx

            tensors = {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
            convs = [node for node in onnx.load(path).graph.node if node.op_type == "Conv"]
            self.known = [(tensors[c.input[1]].transpose(2, 3, 1, 0), tensors[c.input[2]]) for c in convs]

    def take(self, kernel: int, into: int, out: int) -> tuple[np.ndarray, np.ndarray]:
        if self.known is not None:
            return self.known.pop(0)
        spread = (1.6 / (kernel * kernel * into)) ** 0.5
        filters = self.random.normal(0, spread, (kernel, kernel, into, out)).astype(np.float32)
        return filters, self.random.normal(0, 0.1, out).astype(np.float32)


def build(weights: Weights, channels: int, maximum: bool) -> tf.Tensor:
    scopes = iter(["Conv"] + [f"Conv_{i}" for i in range(1, 10)])

    def conv(x: tf.Tensor, kernel: int, out: int, stride: int = 1, scope: str | None = None) -> tf.Tensor:
        filters, biases = weights.take(kernel, x.shape[-1], out)
        with tf.variable_scope(scope or next(scopes)):
            w = tf.get_variable("weights", initializer=filters)
            b = tf.get_variable("biases", initializer=biases)
            return tf.nn.bias_add(tf.nn.conv2d(x, w, [1, stride, stride, 1], "SAME"), b)

    def leaky(x: tf.Tensor) -> tf.Tensor:
        # TensorFlow before 1.13 had no LeakyRelu operator.
        return tf.maximum(0.2 * x, x) if maximum else tf.nn.leaky_relu(x)

    def twice(x: tf.Tensor) -> tf.Tensor:
        return tf.image.resize_bilinear(x, (tf.shape(x)[1] * 2, tf.shape(x)[2] * 2))

    def box(x: tf.Tensor) -> tf.Tensor:
        return tf.nn.depthwise_conv2d(x, np.full((3, 3, x.shape[-1], 1), 1 / 9, np.float32), [1, 1, 1, 1], "SAME")

    photo = tf.placeholder(tf.float32, [None, None, 3], name="input_image")
    x = photo[tf.newaxis] / 127.5 - 1.0
    with tf.variable_scope("generator"):
        x0 = leaky(conv(x, 7, channels))
        x1 = leaky(conv(leaky(conv(x0, 3, channels, 2)), 3, channels * 2))
        x2 = leaky(conv(leaky(conv(x1, 3, channels * 2, 2)), 3, channels * 4))
        for i in range(4):
            inner = leaky(conv(x2, 3, channels * 4, scope=f"block_{i}/conv1"))
            x2 = x2 + conv(inner, 3, channels * 4, scope=f"block_{i}/conv2")
        x2 = leaky(conv(x2, 3, channels * 2))
        x3 = leaky(conv(leaky(conv(twice(x2) + x1, 3, channels * 2)), 3, channels))
        y = conv(leaky(conv(twice(x3) + x0, 3, channels)), 7, 3)
    n = box(tf.ones_like(x[..., :1]))
    mean_x, mean_y = box(x) / n, box(y) / n
    a = (box(x * y) / n - mean_x * mean_y) / (box(x * x) / n - mean_x * mean_x + 1e-2)
    filtered = box(a) / n * x + box(mean_y - a * mean_x) / n
    drawing = (tf.clip_by_value(filtered[0], -0.999999, 0.999999) + 1.0) * 127.5
    tf.cast(drawing, tf.uint8, name="output_image")
    return drawing


def photo_of(size: int) -> np.ndarray:
    """RGB bytes [size, 3/4 size or so, 3] with edges, slopes and noise."""
    height, width = size, size * 3 // 4 // 16 * 16
    y, x = np.mgrid[0:height, 0:width] / size
    slopes = np.stack([x, y, (np.hypot(x - 0.4, y - 0.5) < 0.25) * 0.8], axis=-1) * 255
    return np.clip(slopes + np.random.default_rng(9).normal(0, 12, slopes.shape), 0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights")
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--maximum", action="store_true")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("name")
    args = parser.parse_args()
    drawing = build(Weights(args.weights, args.seed), args.channels, args.maximum)
    photo = photo_of(args.size)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        drawn = session.run(drawing, {"input_image:0": photo[..., ::-1].astype(np.float32)})
        graph = tf.graph_util.convert_variables_to_constants(session, session.graph_def, ["output_image"])
    Path(f"{args.name}.pb").write_bytes(graph.SerializeToString())
    facts = {
        "width": photo.shape[1],
        "height": photo.shape[0],
        "photo": base64.b64encode(photo.tobytes()).decode(),
        "drawing": base64.b64encode(drawn.astype("<f4").tobytes()).decode(),
    }
    Path(f"{args.name}.json").write_text(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
