"""Miniature graphs with the interfaces of the published ones: names, element types, ranks and free dimensions.

webnn/Z-Image-Turbo@02e1d8c (onnx/*_q4f16.onnx) and schmuell/sd-turbo-ort-web. Weights come from a seed and are large, so
that what comes out depends on every input. They lie in 8 bits times a power of two: the same numbers in f16 and f32.
"""

import zlib
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
BLOCK = 32


@dataclass
class Graph:
    """`kind`: f32, f16, q4 (4-bit weights, f32 between) or q4-whole (the numbers of q4, in plain f32)."""

    label: str
    kind: str
    nodes: list = field(default_factory=list)
    tensors: list = field(default_factory=list)
    count: int = 0

    @property
    def type(self) -> int:
        return TensorProto.FLOAT16 if self.kind == "f16" else TensorProto.FLOAT

    @property
    def dtype(self):
        return np.float16 if self.kind == "f16" else np.float32

    def op(self, op: str, *inputs: str, domain: str = "", **attributes) -> str:
        self.count += 1
        out = f"{op}_{self.count}"
        self.nodes.append(helper.make_node(op, list(inputs), [out], out, domain=domain, **attributes))
        return out

    def tensor(self, values: np.ndarray) -> str:
        self.count += 1
        name = f"c_{self.count}"
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def number(self, value: float) -> str:
        return self.tensor(np.array(value, self.dtype))

    def shape(self, *dims: int) -> str:
        return self.tensor(np.array(dims, np.int64))

    def drawn(self, name: str, dims: tuple, fan_in: int, gain: float) -> tuple[np.ndarray, float]:
        """Whole numbers, and the power of two that makes of them weights of spread gain / √fan_in."""
        random = np.random.default_rng(zlib.crc32(f"{self.label}/{name}".encode()))
        steps = np.clip(np.round(random.standard_normal(dims) * 32), -127, 127).astype(np.int8)
        return steps, float(2.0 ** np.round(np.log2(gain / np.sqrt(fan_in) / 32)))

    def weight(self, name: str, dims: tuple, fan_in: int, gain: float = 1.0) -> str:
        steps, unit = self.drawn(name, dims, fan_in, gain)
        return self.op("Mul", self.op("Cast", self.tensor(steps), to=self.type), self.number(unit))

    def linear(self, x: str, name: str, into: int, out: int, gain: float = 1.0) -> str:
        """[…, into] → […, out]"""
        if not self.kind.startswith("q4"):
            return self.op("MatMul", x, self.weight(name, (into, out), into, gain))
        steps, unit = self.drawn(name, (into, out), into, gain)
        packed, scales, whole = four_bits((steps * np.float32(unit)).T)
        if self.kind == "q4-whole":
            return self.op("MatMul", x, self.tensor(whole.T))
        return self.op(
            "MatMulNBits", x, self.tensor(packed), self.tensor(scales.reshape(-1)), domain=MICROSOFT,
            K=into, N=out, bits=4, block_size=BLOCK, accuracy_level=4,
        )

    def rows(self, ids: str, name: str, count: int, width: int) -> str:
        if not self.kind.startswith("q4"):
            return self.op("Gather", self.weight(name, (count, width), 1), ids)
        steps, unit = self.drawn(name, (count, width), 1, 1.0)
        packed, scales, whole = four_bits(steps * np.float32(unit))
        if self.kind == "q4-whole":
            return self.op("Gather", self.tensor(whole), ids)
        return self.op(
            "GatherBlockQuantized", self.tensor(packed.reshape(count, -1)), ids, self.tensor(scales), domain=MICROSOFT,
            gather_axis=0, quantize_axis=1, block_size=BLOCK, bits=4,
        )

    def conv(self, x: str, name: str, into: int, out: int, side: int, *, gain: float = 1.0, **attributes) -> str:
        weight = self.weight(name, (out, into, side, side), into * side * side, gain)
        bias = self.weight(f"{name}.bias", (out,), 1, 0.25)
        return self.op("Conv", x, weight, bias, kernel_shape=[side, side], **attributes)

    def model(self, inputs: list, outputs: list) -> onnx.ModelProto:
        def value(name: str, kind: int, dims: list):
            return helper.make_tensor_value_info(name, kind, dims)

        graph = helper.make_graph(
            self.nodes, self.label, [value(*each) for each in inputs], [value(*each) for each in outputs], self.tensors
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="obscura-miniature")
        model.ir_version = 9
        return model


def four_bits(weights: np.ndarray):
    """[N, K] in blocks of 32 along K: packed [N, K/32, 16] with the low half first, scales [N, K/32], and the numbers meant."""
    n, k = weights.shape
    blocks = weights.reshape(n, k // BLOCK, BLOCK).astype(np.float32)
    scales = np.abs(blocks).max(-1) / np.float32(7) + np.float32(1e-8)
    steps = np.clip(np.round(blocks / scales[..., None]) + 8, 0, 15).astype(np.uint8)
    packed = steps[..., 0::2] | (steps[..., 1::2] << 4)
    whole = ((steps.astype(np.float32) - 8) * scales[..., None]).reshape(n, k)
    return packed, scales.astype(np.float32), whole


WIDTH = 32
CAPTION = 64


def text_encoder(kind: str, vocabulary: int) -> onnx.ModelProto:
    g = Graph("text_encoder", kind)
    seen = g.op("Unsqueeze", g.op("Cast", "attention_mask", to=g.type), g.shape(2))
    x = g.op("Mul", g.rows("input_ids", "embed", vocabulary, WIDTH), seen)
    # A running sum: a row knows the rows before it, as with causal attention.
    before = g.op("CumSum", x, g.tensor(np.array(1, np.int64)))
    h = g.op("Tanh", g.op("Add", g.linear(x, "own", WIDTH, WIDTH), g.linear(before, "before", WIDTH, WIDTH, 0.3)))
    nodes_end = g.linear(h, "out", WIDTH, CAPTION, 2.0)
    g.nodes.append(helper.make_node("Identity", [nodes_end], ["encoder_hidden_states"]))
    return g.model(
        [
            ("input_ids", TensorProto.INT64, [1, "sequence_length"]),
            ("attention_mask", TensorProto.INT64, [1, "total_sequence_length"]),
        ],
        [("encoder_hidden_states", g.type, [1, "sequence_length", CAPTION])],
    )


def attend(g: Graph, x: str, caption: str, caption_width: int) -> str:
    """x [1, N, 32] looks at caption [1, L, width]; padding changes what is seen."""
    q = g.linear(x, "q", WIDTH, WIDTH)
    k = g.linear(caption, "k", caption_width, WIDTH)
    v = g.linear(caption, "v", caption_width, WIDTH, 1.5)
    scores = g.op("Mul", g.op("MatMul", q, g.op("Transpose", k, perm=[0, 2, 1])), g.number(0.18))
    return g.op("MatMul", g.op("Softmax", scores, axis=-1), v)


def timed(g: Graph, time: str, scale: float) -> str:
    """[1] → [1, 1, 32]"""
    turns = g.op("Mul", g.op("Reshape", time, g.shape(1, 1, 1)), g.tensor((scale * 2.0 ** np.arange(WIDTH // 2)[None, None] / 64).astype(g.dtype)))
    waves = g.op("Concat", g.op("Sin", turns), g.op("Cos", turns), axis=-1)
    return g.linear(waves, "time", WIDTH, WIDTH)


def transformer(kind: str) -> onnx.ModelProto:
    g = Graph("transformer", kind)
    patches = g.conv("hidden_states", "patch", 16, WIDTH, 2, strides=[2, 2])
    near = g.conv(patches, "near", 1, WIDTH, 3, pads=[1, 1, 1, 1], group=WIDTH)
    shape = g.op("Shape", near)
    flat = g.op("Transpose", g.op("Reshape", near, g.shape(1, WIDTH, -1)), perm=[0, 2, 1])
    x = g.op("Tanh", g.op("Add", flat, timed(g, "timestep", 4.0)))
    x = g.op("Add", x, attend(g, x, "encoder_hidden_states", CAPTION))
    x = g.op("Tanh", g.linear(x, "mix", WIDTH, WIDTH))
    image = g.op("Reshape", g.op("Transpose", x, perm=[0, 2, 1]), shape)
    out = g.op("DepthToSpace", g.conv(image, "out", WIDTH, 64, 1, gain=1.5), blocksize=2)
    g.nodes.append(helper.make_node("Identity", [out], ["sample"]))
    latents = [1, 16, "height", "width"]
    return g.model(
        [
            ("hidden_states", g.type, latents),
            ("timestep", g.type, [1]),
            ("encoder_hidden_states", g.type, [1, "cap_seq_len", CAPTION]),
        ],
        [("sample", g.type, latents)],
    )


def unet(kind: str) -> onnx.ModelProto:
    g = Graph("unet", kind)
    near = g.conv("sample", "near", 4, WIDTH, 3, pads=[1, 1, 1, 1])
    shape = g.op("Shape", near)
    flat = g.op("Transpose", g.op("Reshape", near, g.shape(1, WIDTH, -1)), perm=[0, 2, 1])
    time = g.op("Cast", "timestep", to=g.type)
    x = g.op("Tanh", g.op("Add", flat, timed(g, time, 1 / 999)))
    x = g.op("Add", x, attend(g, x, "encoder_hidden_states", CAPTION))
    image = g.op("Reshape", g.op("Transpose", x, perm=[0, 2, 1]), shape)
    found = g.conv(image, "out", WIDTH, 4, 3, pads=[1, 1, 1, 1], gain=0.5)
    # Most of what it is shown is noise, and it says so, as the real one does: what is left are latents of usual size.
    out = g.op("Add", "sample", g.op("Mul", found, g.number(1 / 16)))
    g.nodes.append(helper.make_node("Identity", [out], ["out_sample"]))
    latents = ["batch_size", "num_channels", "height", "width"]
    return g.model(
        [
            ("sample", g.type, latents),
            ("timestep", TensorProto.INT64, ["steps"]),
            ("encoder_hidden_states", g.type, ["batch_size", "sequence_length", CAPTION]),
        ],
        [("out_sample", g.type, ["batch_size", 4, "height", "width"])],
    )


def clip_encoder(kind: str, vocabulary: int) -> onnx.ModelProto:
    g = Graph("clip_encoder", kind)
    x = g.rows("input_ids", "embed", vocabulary, WIDTH)
    before = g.op("CumSum", x, g.tensor(np.array(1, np.int64)))
    h = g.op("Tanh", g.op("Add", g.linear(x, "own", WIDTH, WIDTH), g.linear(before, "before", WIDTH, WIDTH, 0.3)))
    out = g.linear(h, "out", WIDTH, CAPTION, 2.0)
    g.nodes.append(helper.make_node("Identity", [out], ["last_hidden_state"]))
    return g.model(
        [("input_ids", TensorProto.INT32, ["batch_size", "sequence_length"])],
        [("last_hidden_state", g.type, ["batch_size", "sequence_length", CAPTION])],
    )


def vae_decoder(kind: str, channels: int, dims: list) -> onnx.ModelProto:
    """Eight times as wide and high; every pixel knows about the latents near it alone."""
    g = Graph(f"vae_decoder_{channels}", kind)
    x = g.op("Tanh", g.conv("latent_sample", "in", channels, 8, 3, pads=[1, 1, 1, 1], gain=0.7))
    for level in range(3):
        twice = g.tensor(np.array([1, 1, 2, 2], np.float32))
        x = g.op("Resize", x, "", twice, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
        x = g.op("Tanh", g.conv(x, f"up{level}", 8, 8, 3, pads=[1, 1, 1, 1]))
    out = g.conv(x, "out", 8, 3, 3, pads=[1, 1, 1, 1], gain=0.8)
    g.nodes.append(helper.make_node("Identity", [out], ["sample"]))
    free = {"latent_height": ["height", "width"], "height_latent": ["picture_height", "picture_width"]}[dims[2]]
    return g.model([("latent_sample", g.type, dims)], [("sample", g.type, [dims[0], 3, *free])])
