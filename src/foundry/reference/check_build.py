"""What `npm run model -- build qwen3-vl` wrote, by others' eyes: onnx's checker, and one run of each part in native
onnxruntime. python check_build.py FOLDER, with onnx and onnxruntime (1.30); FOLDER has vision.onnx and decoder.onnx.

onnxruntime keeps SimplifiedLayerNormalization in ONNX's own domain, where onnx knows no such operator; for the checker
alone it is put into com.microsoft, where operators are not looked up.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64, "tensor(int32)": np.int32}


def check(path: Path) -> None:
    model = onnx.load(path, load_external_data=False)
    foreign = {node.op_type for node in model.graph.node if node.domain == "com.microsoft"}
    for node in model.graph.node:
        if node.op_type == "SimplifiedLayerNormalization":
            node.domain = "com.microsoft"
    if all(each.domain != "com.microsoft" for each in model.opset_import):
        model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    checked = path.with_name(f"checked-{path.name}")
    onnx.save(model, checked)
    try:
        onnx.checker.check_model(str(checked))
    finally:
        checked.unlink()
    print(f"{path.name}: {len(model.graph.node)} nodes pass the checker; of com.microsoft: {', '.join(sorted(foreign))}")


def run(path: Path, sizes: dict[str, int], special: dict[str, np.ndarray]) -> None:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    random = np.random.default_rng(1)
    feeds = {}
    for each in session.get_inputs():
        if each.name in special:
            feeds[each.name] = special[each.name]
            continue
        shape = [dim if isinstance(dim, int) else sizes[dim] for dim in each.shape]
        kind = TYPES[each.type]
        if each.name.startswith("past_"):
            feeds[each.name] = np.zeros(shape, kind)
        elif kind == np.int64:
            feeds[each.name] = random.integers(0, 4, shape).astype(kind)
        else:
            feeds[each.name] = random.standard_normal(shape).astype(kind)
    for each, value in zip(session.get_outputs(), session.run(None, feeds)):
        if each.name.startswith("present"):
            continue
        assert np.isfinite(value).all(), each.name
        assert value.std() > 0, each.name
        print(f"{path.name}: {each.name} {value.shape} mean {value.mean():.4f} std {value.std():.4f}")


folder = Path(sys.argv[1])
for name in ("vision.onnx", "decoder.onnx"):
    check(folder / name)
run(folder / "vision.onnx", {"patches": 64}, {})
tokens, room = 5, 16
stacked = {f"deepstack_{k}_tokens": tokens for k in range(8)}
counts = {
    "seqlens_k": np.array([tokens - 1], np.int32),
    "total_sequence_length": np.array([tokens], np.int32),
}
run(folder / "decoder.onnx", {"tokens": tokens, "room": room, **stacked}, counts)
