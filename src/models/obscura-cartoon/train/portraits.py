"""Shared by both recipes: which portraits are held out, YuNet's decode, DCT-Net's head alignment."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

HELD_OUT_SEED = 20261120
HELD_OUT_COUNT = 12

HEAD = 288  # side of DCT-Net's aligned head crop
# Where DCT-Net puts image-left eye, image-right eye, nose, image-left and image-right mouth corner.
HEAD_TEMPLATE = np.float32(
    [[111.782, 137.629], [179.740, 137.253], [145.977, 176.278], [118.059, 216.062], [174.336, 215.751]]
)


def portrait_ids(photos: Path) -> tuple[list[str], list[str]]:
    """(training ids, held-out ids), the same split on every machine."""
    ids = sorted(p.stem for p in (photos / "portraits").glob("*.jpg"))
    held_out = set(random.Random(HELD_OUT_SEED).sample(ids, HELD_OUT_COUNT))
    return [i for i in ids if i not in held_out], sorted(held_out)


def read_rgb(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(path)
    return np.ascontiguousarray(image[:, :, ::-1])


def resize_short(image: np.ndarray, short: int) -> np.ndarray:
    """Scales so that the short side is `short`."""
    scale = short / min(image.shape[:2])
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def multiple_of_8(image: np.ndarray) -> np.ndarray:
    h, w = image.shape[0] // 8 * 8, image.shape[1] // 8 * 8
    return np.ascontiguousarray(image[:h, :w])


def session(path: Path, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of one box with many; boxes are x, y, w, h."""
    x0, y0 = np.maximum(a[0], b[:, 0]), np.maximum(a[1], b[:, 1])
    x1, y1 = np.minimum(a[0] + a[2], b[:, 0] + b[:, 2]), np.minimum(a[1] + a[3], b[:, 1] + b[:, 3])
    inter = np.clip(x1 - x0, 0, None) * np.clip(y1 - y0, 0, None)
    return inter / (a[2] * a[3] + b[:, 2] * b[:, 3] - inter + 1e-9)


def decode_faces(outputs: dict[str, np.ndarray], width: int, floor: float) -> np.ndarray:
    """YuNet's twelve tensors -> rows of score, x, y, w, h, then five x, y pairs; NMS at IoU 0.3."""
    rows = []
    for stride in (8, 16, 32):
        cls, obj = outputs[f"cls_{stride}"][0, :, 0], outputs[f"obj_{stride}"][0, :, 0]
        box, kps = outputs[f"bbox_{stride}"][0], outputs[f"kps_{stride}"][0]
        score = np.sqrt(np.clip(cls, 0, 1) * np.clip(obj, 0, 1))
        keep = np.nonzero(score > floor)[0]
        columns = width // stride
        grid = np.stack([keep % columns, keep // columns], 1).astype(np.float32)
        centre = (grid + box[keep, :2]) * stride
        size = np.exp(box[keep, 2:]) * stride
        points = (np.tile(grid, (1, 5)) + kps[keep]) * stride
        rows.append(np.concatenate([score[keep, None], centre - size / 2, size, points], 1))
    faces = np.concatenate(rows)
    faces = faces[np.argsort(-faces[:, 0])]
    kept: list[np.ndarray] = []
    for face in faces:
        if not kept or iou(face[1:5], np.stack(kept)[:, 1:5]).max() < 0.3:
            kept.append(face)
    return np.stack(kept) if kept else np.zeros((0, 15), np.float32)


def find_faces(net: ort.InferenceSession, rgb: np.ndarray, long_side: int, floor: float = 0.6) -> np.ndarray:
    """Faces in the image's own pixels, found on a copy whose long side is `long_side`."""
    scale = long_side / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    h, w = small.shape[:2]
    padded = np.zeros((-(-h // 32) * 32, -(-w // 32) * 32, 4), np.uint8)
    padded[:h, :w, :3] = small
    names = [o.name for o in net.get_outputs()]
    outputs = dict(zip(names, net.run(None, {"input": as_wanted(net, padded)})))
    faces = decode_faces(outputs, padded.shape[1], floor)
    faces[:, 1:] /= scale
    return faces


def as_wanted(net: ort.InferenceSession, rgba: np.ndarray) -> np.ndarray:
    """YuNet takes BGR in planes of f32, our own finder the bytes as they are."""
    if net.get_inputs()[0].type == "tensor(uint8)":
        return rgba[None]
    return np.ascontiguousarray(rgba[:, :, 2::-1].transpose(2, 0, 1), np.float32)[None]


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least-squares similarity (no reflection) as a 2x3 matrix."""
    sm, tm = source.mean(0), target.mean(0)
    s, t = source - sm, target - tm
    a = (s * t).sum() / (s * s).sum()
    b = (s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]).sum() / (s * s).sum()
    linear = np.array([[a, -b], [b, a]])
    return np.hstack([linear, (tm - linear @ sm)[:, None]]).astype(np.float32)


def head_crop(rgb: np.ndarray, points: np.ndarray, target: np.ndarray = HEAD_TEMPLATE) -> np.ndarray:
    matrix = similarity(points, target)
    return cv2.warpAffine(rgb, matrix, (HEAD, HEAD), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
