"""Does a person keep their skin colour? CIELAB ΔE76 of the cheeks, photo against drawing.

python skin_report.py --finder yunet.onnx on=anime-on.jsonl off=anime-off.jsonl …
Each file holds JSON lines with "input" (the photo) and "output" (the drawing), as `npm run cartoon` prints them.
A cheek is a square of 0.24 eye distances between eye and mouth corner; its colour is the mean in CIELAB. In a head
turned so far that the nose hides a cheek, the other one counts alone. A portrait's ΔE is the mean of its cheeks.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from dct_net import find_faces, session, toon_size


def lab_of(bgr: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(bgr.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)


def cheeks(landmarks: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Centres and half sides, in pixels of the photo."""
    left_eye, right_eye, nose, left_mouth, right_mouth = landmarks.reshape(5, 2)
    across = right_eye - left_eye
    distance = float(np.hypot(*across))
    across = across / distance
    half = 0.12 * max(distance, 0.6 * float(np.hypot(*(left_mouth + right_mouth - left_eye - right_eye) / 2)))
    found = []
    for eye, mouth, side in ((left_eye, left_mouth, -1), (right_eye, right_mouth, 1)):
        centre = (eye + mouth) / 2 + across * side * 0.1 * distance
        if side * float(np.dot(centre - nose, across)) > half:
            found.append((centre, half))
    return found


def patch_lab(image: np.ndarray, centre: np.ndarray, half: float) -> np.ndarray:
    x0, y0 = np.maximum(np.rint(centre - half).astype(int), 0)
    x1, y1 = np.rint(centre + half).astype(int) + 1
    return lab_of(image[y0:y1, x0:x1]).reshape(-1, 3).mean(0)


def measure(finder, photo: np.ndarray, drawing: np.ndarray) -> tuple[float, float] | None:
    """ΔE76 and the photo's cheek lightness; null where no face is found."""
    small = toon_size(photo)
    faces = find_faces(finder, small)
    if len(faces) == 0:
        return None
    landmarks = faces[0, 4:14] * photo.shape[0] / small.shape[0]
    places = cheeks(landmarks)
    if not places:
        return None
    before = [patch_lab(photo, *place) for place in places]
    after = [patch_lab(drawing, *place) for place in places]
    return float(np.mean([np.linalg.norm(a - b) for a, b in zip(before, after)])), float(np.mean([lab[0] for lab in before]))


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--finder", type=Path, required=True)
    args.add_argument("runs", nargs="+")
    options = args.parse_args()
    finder = session(options.finder)
    table: dict[str, dict[str, float]] = {}
    lightness: dict[str, float] = {}
    names = []
    for run in options.runs:
        name, path = run.split("=", 1)
        names.append(name)
        for line in Path(path).read_text().splitlines():
            pair = json.loads(line)
            photo, drawing = cv2.imread(pair["input"]), cv2.imread(pair["output"])
            measured = measure(finder, photo, drawing)
            if measured:
                stem = Path(pair["input"]).stem
                table.setdefault(stem, {})[name], lightness[stem] = measured
    dark_first = sorted(lightness, key=lambda stem: lightness[stem])
    print("portrait  cheek L*  " + "  ".join(f"{name:>10}" for name in names))
    for stem in dark_first:
        print(f"{stem:>8}  {lightness[stem]:8.1f}  " + "  ".join(f"{table[stem].get(name, float('nan')):10.1f}" for name in names))
    for label, stems in (("darkest third", dark_first[: len(dark_first) // 3]), ("all", dark_first)):
        for statistic in (np.median, np.max):
            values = [statistic([table[s][n] for s in stems if n in table[s]]) for n in names]
            print(f"{label}, {statistic.__name__}: " + "  ".join(f"{n} {v:.1f}" for n, v in zip(names, values)))


if __name__ == "__main__":
    main()
