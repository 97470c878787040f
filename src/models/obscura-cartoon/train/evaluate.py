"""Measures the exported files on the portraits never trained on, draws sheets, and checks that tiles equal the whole."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
import torch

from export import draw, files_of
from model import STYLES, Student, macs_per_pixel, receptive_radius
from portraits import HEAD_TEMPLATE, find_faces, head_crop, portrait_ids, session, similarity
from train import held_out_pairs, psnr, run_teacher

HALO, TILE = 64, 192


def tiled(net: ort.InferenceSession, image: np.ndarray) -> np.ndarray:
    h, w = image.shape[:2]
    result = np.zeros(image.shape, np.float32)
    for y in range(0, h, TILE):
        for x in range(0, w, TILE):
            y0, x0, y1, x1 = max(0, y - HALO), max(0, x - HALO), min(h, y + TILE + HALO), min(w, x + TILE + HALO)
            part = draw(net, image[y0:y1, x0:x1])
            ye, xe = min(h, y + TILE), min(w, x + TILE)
            result[y:ye, x:xe] = part[y - y0 : ye - y0, x - x0 : xe - x0]
    return result


def paste(whole: np.ndarray, head: np.ndarray, points: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """DCT-Net's composite of the drawn head over the drawn picture."""
    back = similarity(HEAD_TEMPLATE, points)
    size = (whole.shape[1], whole.shape[0])
    mask = cv2.warpAffine(alpha, back, size)[:, :, None]
    return cv2.warpAffine(head, back, size).astype(np.float32) * mask + whole.astype(np.float32) * (1 - mask)


def composites(nets: list, photos: Path, teacher_folder: Path, yunet: Path, held_out, threads: int) -> dict[str, list[float]]:
    """Mean PSNR against the teacher's composite: whole picture, face box, and the teacher's background alone there."""
    finder = session(yunet, threads)
    alpha = cv2.imread(str(teacher_folder / "alpha.jpg"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    rows: dict[str, list[float]] = {}
    for i, (style, net) in enumerate(zip(STYLES, nets)):
        teacher = session(teacher_folder / f"{style}.onnx", threads)
        figures = []
        for name, stack in held_out["whole"]:
            image = stack[0]
            face = find_faces(finder, image, 500)[0]
            points = face[5:].reshape(5, 2).astype(np.float32)
            head = head_crop(image, points)
            x, y, w, h = (int(round(v)) for v in face[1:5])
            box = np.s_[max(0, y) : y + h, max(0, x) : x + w]
            theirs = paste(stack[1 + i], run_teacher(teacher, head), points, alpha)
            ours = paste(draw(net, image), draw(net, head), points, alpha)
            figures.append([psnr(ours, theirs), psnr(ours[box], theirs[box]), psnr(stack[1 + i][box], theirs[box])])
        rows[style] = [round(float(v), 2) for v in np.mean(figures, 0)]
    return rows


def sheet(path: Path, nets: list, items: list) -> None:
    """One picture per row: photo, then teacher and student for every style."""
    rows = []
    for _, stack in items:
        pairs = [cell for i, net in enumerate(nets) for cell in (stack[1 + i], draw(net, stack[0]))]
        rows.append(np.concatenate([stack[0], *pairs], 1))
    cv2.imwrite(str(path), np.concatenate(rows)[:, :, ::-1])


def evaluate(files: list[Path], photos: Path, teachers: Path, yunet: Path, work: Path, threads: int = 2) -> dict:
    """`files` in the order of STYLES."""
    nets = [session(file, threads) for file in files]
    held_out = held_out_pairs(photos, teachers, yunet, work, threads)
    trained = {style: work / style / "trained" for style in STYLES}
    result: dict = {
        "files": {f.name: [len(f.read_bytes()), hashlib.sha256(f.read_bytes()).hexdigest()] for f in files},
        "parameters": sum(p.numel() for p in Student().parameters()),
        "macs per pixel": macs_per_pixel(),
        "receptive radius": receptive_radius(),
        "held out": portrait_ids(photos)[1],
        "trained": {style: path.read_text().strip() if path.exists() else "unfinished" for style, path in trained.items()},
    }
    for kind, items in held_out.items():
        values = {style: [psnr(draw(nets[i], s[0]), s[1 + i]) for _, s in items] for i, style in enumerate(STYLES)}
        result[f"{kind} PSNR"] = {style: round(float(np.mean(v)), 2) for style, v in values.items()}
        result[f"{kind} PSNR, least"] = {style: round(float(np.min(v)), 2) for style, v in values.items()}
    result["composite: whole, face box, teacher's background in face box"] = composites(
        nets, photos, teachers, yunet, held_out, threads
    )
    image = held_out["whole"][0][1][0][:592, :656]
    result["tile against whole, of 255"] = max(float(np.abs(tiled(net, image) - draw(net, image)).max()) for net in nets)
    sheets = work / "sheets"
    sheets.mkdir(exist_ok=True)
    for part in range(3):
        sheet(sheets / f"heads-{part}.png", nets, held_out["head"][part::3])
    sheet(sheets / "whole.png", nets, held_out["whole"][1::5])
    (work / "figures.json").write_text(json.dumps(result, indent=1))
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=Path, required=True, help="folder of obscura-cartoon-<style>/")
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--teachers", type=Path, required=True)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    print(json.dumps(evaluate(files_of(a.files), a.photos, a.teachers, a.yunet, a.work, a.threads), indent=1))
