"""Training pictures made on the fly: faces of the training portraits, photographed or drawn, put into new places."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[2] / "obscura-cartoon" / "train"))
from portraits import find_faces, iou, portrait_ids, read_rgb, resize_short, session, similarity  # noqa: E402

STYLES = ["anime", "3d", "handdrawn", "sketch"]
SIDE = 640  # portraits are kept at this size


@dataclass
class Portrait:
    versions: np.ndarray  # uint8 [5, H, W, 3]: photo, then the four styles
    faces: np.ndarray  # rows of score, x, y, w, h, five points


@dataclass
class Sources:
    portraits: list[Portrait]
    scenery: list[np.ndarray]  # pictures without a face


def label(finder, image: np.ndarray, floor: float = 0.5) -> np.ndarray:
    """YuNet at three sizes, best first, one row per face."""
    rows = np.concatenate([find_faces(finder, image, side, floor) for side in (320, 480, 640)])
    rows = rows[np.argsort(-rows[:, 0])]
    kept: list[np.ndarray] = []
    for row in rows:
        if not kept or iou(row[1:5], np.stack(kept)[:, 1:5]).max() < 0.3:
            kept.append(row)
    return np.stack(kept) if kept else np.zeros((0, 15), np.float32)


def faceless_photos(photos: Path, test: bool) -> dict[str, np.ndarray]:
    """Photos without people. Some are kept for the test only; the large one is split down the middle."""
    large = read_rgb(photos / "large" / "DSC07978.JPG")
    middle = large.shape[1] // 2
    if test:
        names = {"chelsea": "skimage_chelsea.png", "rocket": "skimage_rocket.jpg"}
        return {**{k: read_rgb(photos / "other" / v) for k, v in names.items()}, "large (right half)": large[:, middle:]}
    coffee = read_rgb(photos / "other" / "skimage_coffee.png")
    return {"coffee": coffee, "large (left half)": np.ascontiguousarray(large[:, :middle])}


def load_sources(photos: Path, teacher_folder: Path, yunet: Path, work: Path, threads: int) -> Sources:
    """Labels the training portraits and runs the four DCT-Net teachers over them once."""
    folder = work / "styled"
    folder.mkdir(parents=True, exist_ok=True)
    finder, teachers = session(yunet, threads), None
    names, _ = portrait_ids(photos)
    portraits, scenery = [], []

    def styled(name: str, image: np.ndarray) -> np.ndarray:
        nonlocal teachers
        path = folder / f"{name}.npy"
        if not path.exists():
            teachers = teachers or [session(teacher_folder / f"{s}.onnx", threads) for s in STYLES]
            bgr = image[:, :, ::-1].astype(np.float32).transpose(2, 0, 1)[None]
            outputs = [t.run(None, {"input": bgr})[0][0].transpose(1, 2, 0)[:, :, ::-1] for t in teachers]
            np.save(path, np.stack([image, *(np.clip(o + 0.5, 0, 255).astype(np.uint8) for o in outputs)]))
        return np.load(path)

    for name in names:
        image = resize_short(read_rgb(photos / "portraits" / f"{name}.jpg"), SIDE)
        faces = label(finder, image)
        if len(faces):
            portraits.append(Portrait(styled(name, image), faces))
    for name, image in faceless_photos(photos, test=False).items():
        image = resize_short(image, SIDE)
        image = np.ascontiguousarray(image[: image.shape[0] // 8 * 8, : image.shape[1] // 8 * 8])
        scenery.extend(styled(name, image))
        scenery.append(image)
    return Sources(portraits, scenery)


class SceneMaker:
    def __init__(self, sources: Sources):
        self.sources = sources

    # --- backgrounds -------------------------------------------------------------------------------------------

    def procedural(self, side: int, rng: np.random.Generator) -> np.ndarray:
        """Gradients, soft noise at several sizes, stripes and blobs."""
        canvas = np.full((side, side, 3), rng.uniform(20, 235, 3), np.float32)
        for _ in range(rng.integers(1, 4)):
            cells = int(rng.integers(2, 48))
            noise = rng.normal(0, rng.uniform(10, 60), (cells, cells, 3 if rng.random() < 0.5 else 1)).astype(np.float32)
            grown = cv2.resize(noise, (side, side), interpolation=int(rng.integers(0, 3)))
            canvas += grown if grown.ndim == 3 else grown[:, :, None]
        canvas = np.ascontiguousarray(canvas)
        for _ in range(rng.integers(0, 12)):
            centre = tuple(int(v) for v in rng.integers(0, side, 2))
            colour = tuple(float(v) for v in rng.uniform(0, 255, 3))
            if rng.random() < 0.6:
                axes = tuple(int(v) for v in rng.integers(2, side // 4, 2))
                cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 360)), 0, 360, colour, -1, cv2.LINE_AA)
            else:
                end = tuple(int(v) for v in rng.integers(0, side, 2))
                cv2.line(canvas, centre, end, colour, int(rng.integers(1, 12)), cv2.LINE_AA)
        return np.clip(canvas, 0, 255).astype(np.uint8)

    def window(self, image: np.ndarray, side: int, rng: np.random.Generator, avoid: np.ndarray | None) -> np.ndarray | None:
        """A random turned and scaled square of a picture that keeps clear of the faces in `avoid`."""
        h, w = image.shape[:2]
        for _ in range(12):
            reach = rng.uniform(0.12, 1.0) * min(h, w) if avoid is None else np.exp(rng.uniform(np.log(40), np.log(400)))
            reach = min(reach, h, w)
            y, x = rng.uniform(0, h - reach), rng.uniform(0, w - reach)
            if avoid is not None:
                ax, ay = avoid[:, 1] - 0.05 * avoid[:, 3], avoid[:, 2] - 0.05 * avoid[:, 4]
                bx, by = ax + 1.1 * avoid[:, 3], ay + 1.1 * avoid[:, 4]
                if ((ax < x + reach) & (bx > x) & (ay < y + reach) & (by > y)).any():
                    continue
            crop = image[int(y) : int(y + reach), int(x) : int(x + reach)]
            crop = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA if reach > side else cv2.INTER_LINEAR)
            return np.ascontiguousarray(np.rot90(crop, rng.integers(4)) if rng.random() < 0.3 else crop)
        return None

    def background(self, side: int, rng: np.random.Generator) -> np.ndarray:
        kind = rng.random()
        if kind < 0.25:
            return self.procedural(side, rng)
        if kind < 0.55:
            found = self.window(self.sources.scenery[rng.integers(len(self.sources.scenery))], side, rng, None)
        else:
            portrait = self.sources.portraits[rng.integers(len(self.sources.portraits))]
            found = self.window(portrait.versions[self.version(rng)], side, rng, portrait.faces)
        return self.procedural(side, rng) if found is None else found

    # --- faces -------------------------------------------------------------------------------------------------

    def version(self, rng: np.random.Generator) -> int:
        return 0 if rng.random() < 0.7 else int(rng.integers(1, 5))

    def person(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A portrait, at times with another one's face blended in, and its labels."""
        portrait = self.sources.portraits[rng.integers(len(self.sources.portraits))]
        version = self.version(rng)
        image, faces = portrait.versions[version], portrait.faces
        if rng.random() < 0.35:
            other = self.sources.portraits[rng.integers(len(self.sources.portraits))]
            points, theirs = faces[0, 5:].reshape(5, 2), other.faces[0, 5:].reshape(5, 2)
            matrix = similarity(theirs, points)
            h, w = image.shape[:2]
            warped = cv2.warpAffine(other.versions[version], matrix, (w, h), borderMode=cv2.BORDER_REFLECT)
            mask = np.zeros((h, w), np.float32)
            x, y, bw, bh = faces[0, 1:5]
            cv2.ellipse(mask, (int(x + bw / 2), int(y + bh / 2)), (int(bw * 0.5), int(bh * 0.5)), 0, 0, 360, 1, -1)
            part = rng.uniform(0.3, 0.8)
            mask = cv2.blur(mask, (int(bw * 0.2) + 1,) * 2)[:, :, None] * part
            image = (image * (1 - mask) + warped * mask).astype(np.uint8)
            moved = theirs @ matrix[:, :2].T + matrix[:, 2]
            faces = faces.copy()
            faces[0, 5:] = (points * (1 - part) + moved * part).reshape(-1)
        return image, faces

    def place(self, canvas, taken, image, faces, size, centre, rng, cut: bool):
        """Warps the person so that the first face has `size` at `centre`; returns canvas and the labels in it."""
        side = canvas.shape[0]
        x, y, w, h = faces[0, 1:5]
        scale = size / np.sqrt(w * h)
        angle = np.deg2rad(np.clip(rng.normal(0, 13), -35, 35))
        stretch, shear = np.exp(rng.normal(0, 0.05)), rng.normal(0, 0.04)
        flip = -1.0 if rng.random() < 0.5 else 1.0
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        linear = scale * turn @ np.array([[stretch, shear], [0, 1 / stretch]]) @ np.diag([flip, 1.0])
        matrix = np.hstack([linear, (np.asarray(centre) - linear @ np.array([x + w / 2, y + h / 2]))[:, None]])
        source = image
        if scale < 0.5:  # avoid aliasing
            factor = scale / 0.75
            source = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            back = np.diag([image.shape[1] / source.shape[1], image.shape[0] / source.shape[0]])
            warp = np.hstack([matrix[:, :2] @ back, matrix[:, 2:]])
        else:
            warp = matrix
        mask = np.full(source.shape[:2], 255, np.uint8)
        if cut:  # head and shoulders only, with a soft edge
            mask[:] = 0
            fx, fy = source.shape[1] / image.shape[1], source.shape[0] / image.shape[0]
            grow = rng.uniform(0.62, 1.1)
            middle = (int((x + w / 2) * fx), int((y + h * 0.45) * fy))
            cv2.ellipse(mask, middle, (int(w * grow * fx) + 1, int(h * grow * fy) + 1), 0, 0, 360, 255, -1)
            soft = max(1, int(w * fx * rng.uniform(0.02, 0.25)))
            mask = cv2.blur(mask, (soft, soft))
        warped = cv2.warpAffine(source, warp, (side, side), flags=cv2.INTER_LINEAR)
        alpha = cv2.warpAffine(mask, warp, (side, side), flags=cv2.INTER_LINEAR).astype(np.float32)[:, :, None] / 255
        result = (warped * alpha + canvas * (1 - alpha)).astype(np.uint8)
        labels, ignored = [], []
        for row in faces[:1] if cut else faces:
            bx, by, bw, bh = row[1:5]
            cx, cy = matrix @ np.array([bx + bw / 2, by + bh / 2, 1])
            # the box of the turned ellipse
            nw, nh = np.hypot(linear[0, 0] * bw, linear[0, 1] * bh), np.hypot(linear[1, 0] * bw, linear[1, 1] * bh)
            points = row[5:].reshape(5, 2) @ linear.T + matrix[:, 2]
            if flip < 0:
                points = points[[1, 0, 2, 4, 3]]
            box = np.array([cx - nw / 2, cy - nh / 2, nw, nh])
            seen = max(0, min(side, cx + nw / 2) - max(0, cx - nw / 2)) * max(0, min(side, cy + nh / 2) - max(0, cy - nh / 2))
            inside = ((points > 0) & (points < side)).all()
            if seen > 0.72 * nw * nh and inside and min(nw, nh) > 14:
                labels.append(np.concatenate([box, points.reshape(-1)]))
            elif seen > 0:
                ignored.append(box)
        return result, taken + labels, ignored

    # --- whole scenes ------------------------------------------------------------------------------------------

    def scene(self, side: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(RGB uint8, faces [n, 14] as box and points, boxes to ignore [m, 4])."""
        canvas = self.background(side, rng)
        labels: list[np.ndarray] = []
        ignored: list[np.ndarray] = []
        kind = rng.random()
        if kind < 0.52:  # one person, from far to very near
            image, faces = self.person(rng)
            size = np.exp(rng.uniform(np.log(24), np.log(side * 0.95)))
            slack = max(side * 0.12, side / 2 - size * 0.45)
            centre = side / 2 + rng.uniform(-slack, slack, 2)
            canvas, labels, ignored = self.place(canvas, labels, image, faces, size, centre, rng, rng.random() < 0.15)
        elif kind < 0.8:  # several
            for _ in range(rng.integers(2, 7)):
                image, faces = self.person(rng)
                size = np.exp(rng.uniform(np.log(22), np.log(side * 0.4)))
                centre = rng.uniform(size * 0.5, side - size * 0.5, 2)
                reach = [max(b[2], b[3]) * 1.2 + size * 1.2 for b in labels]
                if any(np.hypot(*(centre - (b[:2] + b[2:4] / 2))) < r * 0.75 for b, r in zip(labels, reach)):
                    continue
                canvas, labels, more = self.place(canvas, labels, image, faces, size, centre, rng, True)
                ignored += more
        elif rng.random() < 0.4:  # no face, several patches
            for _ in range(rng.integers(1, 6)):
                patch = self.background(int(rng.integers(32, side // 2)), rng)
                y, x = rng.integers(0, side - patch.shape[0], 2)
                canvas[y : y + patch.shape[0], x : x + patch.shape[1]] = patch
        canvas = self.photograph(canvas, rng)
        stack = np.stack(labels) if labels else np.zeros((0, 14))
        return canvas, stack.astype(np.float32), np.array(ignored, np.float32).reshape(-1, 4)

    def photograph(self, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Light, colour, blur, noise, JPEG."""
        x = image.astype(np.float32) / 255
        if rng.random() < 0.7:
            x = x ** rng.uniform(0.6, 1.7) * rng.uniform(0.6, 1.25)
            x *= rng.uniform(0.85, 1.15, 3).astype(np.float32)
            gray = x.mean(2, keepdims=True)
            x = gray + (x - gray) * (0 if rng.random() < 0.12 else rng.uniform(0.4, 1.5))
        if rng.random() < 0.25:
            x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.4, 1.6))
        if rng.random() < 0.3:
            x = x + rng.normal(0, rng.uniform(0.005, 0.05), x.shape).astype(np.float32)
        x = (np.clip(x, 0, 1) * 255).astype(np.uint8)
        if rng.random() < 0.3:
            _, data = cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))])
            x = cv2.imdecode(data, cv2.IMREAD_COLOR)
        return x
