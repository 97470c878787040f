"""Measures the exported face finder against YuNet on portraits never trained on, and on photos without people."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np

from model import Finder
from scenes import faceless_photos, find_faces, iou, label, portrait_ids, read_rgb, resize_short, session

SEED = 5
SCORE = 0.6
LONG_SIDES = (320, 480, 640)
SMALL_FACES = (24, 32, 40, 64)


def macs(side: int, file: Path) -> int:
    """Multiplications of all convolutions at side x side."""
    import onnx

    model = onnx.load(str(file))
    shapes = {t.name: list(t.dims) for t in model.graph.initializer}
    for axis in (1, 2):
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_value = side
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
    sizes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in inferred.graph.value_info}
    return sum(int(np.prod(shapes[n.input[1]]) * np.prod(sizes[n.output[0]][2:])) for n in model.graph.node if n.op_type == "Conv")


def measure(net, image: np.ndarray, truth: np.ndarray, long_side: int) -> float | None:
    """Mean landmark error over the eye distance, or None where the face was missed."""
    faces = find_faces(net, image, long_side, SCORE)
    if not len(faces) or (overlaps := iou(truth[1:5], faces[:, 1:5])).max() < 0.4:
        return None
    found, points = faces[overlaps.argmax(), 5:].reshape(5, 2), truth[5:].reshape(5, 2)
    return float(np.linalg.norm(found - points, axis=1).mean() / np.linalg.norm(points[0] - points[1]))


def evaluate(file: Path, photos: Path, yunet: Path, work: Path, threads: int = 2) -> dict:
    net, teacher = session(file, threads), session(yunet, threads)
    data = file.read_bytes()
    _, names = portrait_ids(photos)
    result: dict = {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "parameters": sum(p.numel() for p in Finder().parameters()),
        "macs at 320x320": macs(320, file),
        "held out": names,
        "trained": (work / "trained").read_text().strip() if (work / "trained").exists() else "unfinished",
    }
    portraits = {n: read_rgb(photos / "portraits" / f"{n}.jpg") for n in names}
    truths = {n: label(teacher, p)[0] for n, p in portraits.items()}

    def summary(rows: dict[str, float | None]) -> dict:
        hits = [v for v in rows.values() if v is not None]
        figures = {"error % of eye distance": np.mean, "median": np.median, "worst": np.max}
        return {
            "found": f"{len(hits)}/{len(rows)}",
            **{name: round(100 * float(figure(hits)), 2) if hits else None for name, figure in figures.items()},
            "missed": [n for n, v in rows.items() if v is None],
        }

    extra: dict[str, int] = {}
    for side in LONG_SIDES:
        result[f"long side {side}"] = summary({n: measure(net, portraits[n], truths[n], side) for n in names})
        extra[f"{side}"] = sum(max(0, len(find_faces(net, portraits[n], side, SCORE)) - 1) for n in names)
    for size in SMALL_FACES:
        rows: dict[str, float | None] = {}
        for n in names:
            scale = size / np.sqrt(truths[n][3] * truths[n][4])
            small = cv2.resize(portraits[n], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            canvas = np.full((320, 320, 3), 128, np.uint8)
            h, w = small.shape[:2]
            y, x = (320 - h) // 2, (320 - w) // 2
            canvas_part = small[max(0, -y) : max(0, -y) + min(h, 320), max(0, -x) : max(0, -x) + min(w, 320)]
            canvas[max(0, y) : max(0, y) + canvas_part.shape[0], max(0, x) : max(0, x) + canvas_part.shape[1]] = canvas_part
            truth = truths[n].copy()
            truth[1:5] *= scale
            truth[5:] *= scale
            truth[[1, 5, 7, 9, 11, 13]] += x
            truth[[2, 6, 8, 10, 12, 14]] += y
            rows[n] = measure(net, canvas, truth, 320)
        result[f"face of {size} px"] = summary(rows)
    result["faces beyond the first on held-out portraits, per long side"] = extra

    rng = np.random.default_rng(SEED)
    wrong: dict[str, str] = {}
    for split in (False, True):
        for name, image in faceless_photos(photos, test=split).items():
            crops = []
            for _ in range(20):
                reach = int(rng.uniform(0.25, 0.9) * min(image.shape[:2]))
                y, x = rng.integers(image.shape[0] - reach), rng.integers(image.shape[1] - reach)
                crops.append(image[y : y + reach, x : x + reach])
            whole = [len(find_faces(net, image, side, SCORE)) for side in LONG_SIDES]
            inside = sum(len(find_faces(net, c, 320, SCORE)) for c in crops)
            key = f"{name} ({'never trained on' if split else 'background in training'})"
            wrong[key] = f"{'/'.join(map(str, whole))} whole, {inside} in 20 crops"
    result["false faces"] = wrong
    total, hits, crops_seen = 0, 0, 0
    for n in names:  # crops of the held-out portraits that keep clear of the face
        image, face = portraits[n], truths[n]
        for _ in range(200):
            reach = int(rng.uniform(80, 400))
            y, x = rng.integers(1000 - reach), rng.integers(1000 - reach)
            clear = x > face[1] + face[3] or x + reach < face[1] or y > face[2] + face[4] or y + reach < face[2]
            if clear and crops_seen < 20:
                crops_seen += 1
                hits += len(find_faces(net, image[y : y + reach, x : x + reach], 320, SCORE)) > 0
        total, crops_seen = total + crops_seen, 0
    result["false faces in faceless crops of held-out portraits"] = f"{hits} of {total} crops"
    (work / "figures.json").write_text(json.dumps(result, indent=1))

    tiles = []
    for n in names:
        image = resize_short(portraits[n], 320).copy()
        for face in find_faces(net, portraits[n], 320, SCORE):
            f = face[1:] * 0.32
            cv2.rectangle(image, (int(f[0]), int(f[1])), (int(f[0] + f[2]), int(f[1] + f[3])), (0, 255, 0), 2)
            for i in range(5):
                cv2.circle(image, (int(f[4 + 2 * i]), int(f[5 + 2 * i])), 3, (255, 0, 0), -1)
        tiles.append(image)
    rows = [np.concatenate(tiles[i : i + 4], 1) for i in range(0, len(tiles), 4)]
    cv2.imwrite(str(work / "sheet.png"), np.concatenate(rows)[:, :, ::-1])
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    print(json.dumps(evaluate(a.file, a.photos, a.yunet, a.work, a.threads), indent=1))
