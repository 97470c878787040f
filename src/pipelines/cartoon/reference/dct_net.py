"""DCT-Net's own pipeline in Python: the independent answer that the TypeScript must reach.

After menyifang/DCT-Net@147e4f2 source/cartoonize.py, utils.py, mtcnn_pytorch/src/{align_trans,matlab_cp2tform}.py.
One ONNX file serves as background and head net; YuNet's points stand in for the landmark engine.

python dct_net.py --nets DIR --finder yunet.onnx --style anime --out DIR PHOTO…
writes one PNG a photo, under its stem, and faces.json (boxes, scores, landmarks and head boxes in pixels of the photo).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

HEAD = 288
ARCFACE = np.float32(
    [[30.29459953, 51.69630051], [65.53179932, 51.50139999], [48.02519989, 71.73660278], [33.54930115, 92.3655014], [62.72990036, 92.20410156]]
)


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def toon_size(image: np.ndarray, short: int = 720) -> np.ndarray:
    h, w = image.shape[:2]
    if min(h, w) > short:
        h, w = (int(short * h / w), short) if h > w else (short, int(short * w / h))
    return cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA)


def pad16(image: np.ndarray) -> np.ndarray:
    h, w = image.shape[:2]
    if h % 16 == 0 and w % 16 == 0:
        return image
    padded = np.full(((h // 16 + 1) * 16, (w // 16 + 1) * 16, 3), 255, np.uint8)
    padded[:h, :w] = image
    return padded


def draw(net: onnxruntime.InferenceSession, bgr: np.ndarray) -> np.ndarray:
    """BGR bytes in and out; the last step of DCT-Net's own graph is a cast to uint8, which cuts."""
    x = bgr.astype(np.float32).transpose(2, 0, 1)[None]
    y = net.run(None, {net.get_inputs()[0].name: x})[0][0].transpose(1, 2, 0)
    return np.clip(y, 0, 255).astype(np.uint8)


def find_faces(finder: onnxruntime.InferenceSession, bgr: np.ndarray, min_score: float = 0.6) -> np.ndarray:
    """[n, 15]: x, y, w, h, ten landmark coordinates, score; largest first."""
    h, w = bgr.shape[:2]
    ph, pw = -(-h // 32) * 32, -(-w // 32) * 32
    padded = cv2.copyMakeBorder(bgr, 0, ph - h, 0, pw - w, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    names = [o.name for o in finder.get_outputs()]
    values = finder.run(None, {finder.get_inputs()[0].name: padded.astype(np.float32).transpose(2, 0, 1)[None]})
    out = {n: v.reshape(v.shape[-2], v.shape[-1]) for n, v in zip(names, values)}
    rows = []
    for stride in (8, 16, 32):
        gy, gx = np.divmod(np.arange(ph // stride * (pw // stride)), pw // stride)
        cell = np.stack([gx, gy], 1).astype(np.float32)
        centre = (cell + out[f"bbox_{stride}"][:, :2]) * stride
        size = np.exp(out[f"bbox_{stride}"][:, 2:]) * stride
        points = ((cell[:, None] + out[f"kps_{stride}"].reshape(-1, 5, 2)) * stride).reshape(-1, 10)
        score = np.sqrt(np.clip(out[f"cls_{stride}"], 0, 1) * np.clip(out[f"obj_{stride}"], 0, 1))
        rows.append(np.concatenate([centre - size / 2, size, points, score], 1))
    faces = np.concatenate(rows)
    faces = faces[faces[:, 14] > min_score]
    faces = faces[np.argsort(-faces[:, 14])]
    kept: list[np.ndarray] = []
    for face in faces:
        if all(iou(face, other) <= 0.3 for other in kept):
            kept.append(face)
    kept.sort(key=lambda f: -f[2] * f[3])
    return np.array(kept).reshape(-1, 15)


def iou(a: np.ndarray, b: np.ndarray) -> float:
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[:2] + a[2:4], b[:2] + b[2:4])
    shared = float(np.prod(np.clip(high - low, 0, None)))
    return shared / float(a[2] * a[3] + b[2] * b[3] - shared)


def template() -> np.ndarray:
    square = ARCFACE + 1 + np.float32([8, 0])
    return (((square - 56) * 0.75 + 56) * np.float32(HEAD / 112)).astype(np.float32)


def plain_similarity(image: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """3×3 row-vector maps image->target and target->image; the fit is of the latter."""
    x, y, one, zero = target[:, 0], target[:, 1], np.ones(len(target)), np.zeros(len(target))
    system = np.concatenate([np.stack([x, y, one, zero], 1), np.stack([y, -x, zero, one], 1)])
    s, t, c, f = np.linalg.lstsq(system, np.concatenate([image[:, 0], image[:, 1]]), rcond=None)[0]
    back = np.array([[s, -t, 0], [t, s, 0], [c, f, 1]])
    return np.linalg.inv(back), back


def similarity(image: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """2×3 matrices image->target and back. DCT-Net compares both candidates with the mirrored target."""
    image, target = image.astype(np.float64), target.astype(np.float64)
    mirrored = target * [-1, 1]
    plain, plain_back = plain_similarity(image, target)
    turned = plain_similarity(image, mirrored)[0] @ np.diag([-1.0, 1, 1])
    at = np.concatenate([image, np.ones((len(image), 1))], 1)
    if np.linalg.norm((at @ plain)[:, :2] - mirrored) <= np.linalg.norm((at @ turned)[:, :2] - mirrored):
        return plain[:, :2].T, plain_back[:, :2].T
    return turned[:, :2].T, np.linalg.inv(turned)[:, :2].T


def cartoonize(photo: np.ndarray, net, finder, alpha: np.ndarray, heads: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """BGR bytes -> BGR bytes and the faces in pixels of the photo."""
    h, w = photo.shape[:2]
    image = toon_size(photo)
    ih, iw = image.shape[:2]
    result = draw(net, pad16(image))[:ih, :iw]
    faces = find_faces(finder, image)
    faces = faces[(faces[:, 2] > 60) | (faces[:, 3] > 60)]
    for face in faces if heads else []:
        to_head, to_image = similarity(face[4:14].reshape(5, 2).astype(np.float32), template())
        crop = cv2.warpAffine(image, to_head, (HEAD, HEAD), borderValue=(255, 255, 255))
        drawn = cv2.warpAffine(draw(net, crop), to_image, (iw, ih), borderValue=(0, 0, 0))
        share = cv2.warpAffine(alpha, to_image, (iw, ih), borderValue=(0, 0, 0))[:, :, None]
        result = share * drawn + (1 - share) * result
    result = cv2.resize(result, (w, h), interpolation=cv2.INTER_AREA)
    faces[:, 0:14:2] *= w / iw
    faces[:, 1:14:2] *= h / ih
    return np.clip(np.rint(result), 0, 255).astype(np.uint8), faces


def rounded(values: np.ndarray) -> list[float]:
    return [round(float(v), 3) for v in values]


def read_alpha(path: Path) -> np.ndarray:
    alpha = cv2.resize(cv2.imread(str(path)), (HEAD, HEAD), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(alpha, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--nets", type=Path, required=True)
    args.add_argument("--finder", type=Path, required=True)
    args.add_argument("--style", default="anime")
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("photos", type=Path, nargs="+")
    options = args.parse_args()
    net, finder = session(options.nets / f"{options.style}.onnx"), session(options.finder)
    alpha = read_alpha(options.nets / "alpha.jpg")
    options.out.mkdir(parents=True, exist_ok=True)
    record = {}
    for path in options.photos:
        drawing, faces = cartoonize(cv2.imread(str(path)), net, finder, alpha)
        cv2.imwrite(str(options.out / f"{path.stem}.png"), drawing, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        record[path.stem] = [
            {"box": rounded(f[:4]), "score": round(float(f[14]), 4), "landmarks": rounded(f[4:14])} for f in faces
        ]
    (options.out / "faces.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
