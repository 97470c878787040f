"""Endless training pictures: random windows of the training photos, as whole pictures, aligned heads and new faces."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from portraits import HEAD, HEAD_TEMPLATE, find_faces, head_crop, portrait_ids, read_rgb, session

SIDE = 160
KINDS = {"head": 0.27, "blend": 0.28, "whole": 0.35, "other": 0.1}
SHORT_SIDES = (360, 1440)  # the app works at 720; faces of 0.5x to 2x
MIRRORED_POINTS = [1, 0, 2, 4, 3]

Rng = np.random.Generator


def recolour(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Another camera: gamma, exposure, white balance, saturation. The teacher sees the result as well."""
    x = (image.astype(np.float32) / 255) ** rng.uniform(0.7, 1.45)
    x *= rng.uniform(0.75, 1.2) * np.float32([rng.uniform(0.9, 1.1), 1, rng.uniform(0.9, 1.1)])
    gray = x @ np.float32([0.299, 0.587, 0.114])
    x = gray[:, :, None] + (x - gray[:, :, None]) * rng.uniform(0.5, 1.35)
    return (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)


def degrade(image: np.ndarray, rng: Rng) -> np.ndarray:
    """What phones do to pictures; the target stays as the teacher drew the clean one."""
    if rng.random() < 0.6:
        return image
    if rng.random() < 0.25:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 0.8))
    x = image.astype(np.float32)
    if rng.random() < 0.5:
        x = x * rng.uniform(0.97, 1.03) + rng.uniform(-3, 3)
    if rng.random() < 0.5:
        x = x + rng.normal(0, rng.uniform(1, 6), x.shape)
    image = np.clip(x + 0.5, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 95))])
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return image


def jittered_template(rng: Rng) -> np.ndarray:
    """A head that is aligned almost as DCT-Net aligns it; one in four exactly so."""
    if rng.random() < 0.25:
        return HEAD_TEMPLATE
    angle, scale = np.deg2rad(rng.normal(0, 7)), rng.uniform(0.8, 1.35)
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    middle = np.float32([HEAD / 2, HEAD / 2])
    shift = np.float32(rng.normal(0, 12, 2))
    return ((HEAD_TEMPLATE - middle) @ np.float32([[c, s], [-s, c]]) + middle + shift).astype(np.float32)


def blended(a: np.ndarray, b: np.ndarray, rng: Rng) -> np.ndarray:
    """A new face out of two heads aligned alike: all of both, or b's inner face, eyes or mouth put into a; then bent."""
    part = rng.uniform(0.3, 0.7)
    mask = np.full((HEAD, HEAD), part, np.float32)
    if (kind := rng.random()) < 0.75:
        centre, axes = [((145, 165), (62, 85)), ((145, 138), (70, 28)), ((146, 205), (55, 40))][rng.integers(3)]
        mask[:] = 0
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 1.0 if kind < 0.5 else part, -1)
        mask = cv2.GaussianBlur(mask, (0, 0), rng.uniform(6, 14))
    mixed = a + (b.astype(np.float32) - a) * mask[:, :, None]
    bend = cv2.resize(rng.normal(0, 5, (6, 6, 2)).astype(np.float32), (HEAD, HEAD), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:HEAD, 0:HEAD].astype(np.float32)
    return cv2.remap(mixed.astype(np.uint8), x + bend[..., 0], y + bend[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


class Pictures:
    """The training photos in memory. `window` draws one uint8 RGB picture of SIDE x SIDE."""

    def __init__(self, photos: Path, yunet: Path, threads: int):
        finder = session(yunet, threads)
        self.portraits, self.heads, self.others = [], [], []
        for name in portrait_ids(photos)[0]:
            image = read_rgb(photos / "portraits" / f"{name}.jpg")
            self.portraits.append(image)
            for face in find_faces(finder, image, 500)[:3]:
                points = face[5:].reshape(5, 2).astype(np.float32)
                mirrored = (np.float32([image.shape[1] - 1, 0]) + points * np.float32([-1, 1]))[MIRRORED_POINTS]
                self.heads.append([(image, points), (np.ascontiguousarray(image[:, ::-1]), mirrored)])
        self.others = [read_rgb(p) for p in sorted((photos / "other").glob("skimage_*"))]
        large = read_rgb(photos / "large" / "DSC07978.JPG")
        self.others.append(cv2.resize(large, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))

    def head(self, rng: Rng, template: np.ndarray) -> np.ndarray:
        image, points = self.heads[rng.integers(len(self.heads))][rng.integers(2)]
        return head_crop(image, points, template)

    def scaled_window(self, image: np.ndarray, rng: Rng) -> np.ndarray:
        """A window of the photo as it would look with another short side, mirrored or turned at times."""
        short = math.exp(rng.uniform(*np.log(SHORT_SIDES)))
        scale = min(image.shape[:2]) / short  # of photo pixels to one of ours
        angle = np.deg2rad(rng.normal(0, 10)) if rng.random() < 0.3 else 0.0
        side = SIDE * scale
        middle = [rng.uniform(min(side / 2, n / 2), max(n - side / 2, n / 2)) for n in image.shape[1::-1]]
        if scale > 1:
            whole = int(np.ceil(side * 1.3)) + 2
            origin = [int(np.clip(m - whole / 2, 0, max(0, n - whole))) for m, n in zip(middle, image.shape[1::-1])]
            part = image[origin[1] : origin[1] + whole, origin[0] : origin[0] + whole]
            small = (max(1, round(part.shape[1] / scale)), max(1, round(part.shape[0] / scale)))
            image = cv2.resize(part, small, interpolation=cv2.INTER_AREA)
            middle = [(m - o) / scale for m, o in zip(middle, origin)]
            scale = 1.0
        c, s = np.cos(angle) / scale, np.sin(angle) / scale
        flip = -1 if rng.random() < 0.5 else 1
        linear = np.float64([[c * flip, s * flip], [-s, c]])
        shift = np.float64([SIDE / 2, SIDE / 2]) - linear @ np.float64(middle)
        matrix = np.hstack([linear, shift[:, None]])
        return cv2.warpAffine(image, matrix, (SIDE, SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)

    def window(self, rng: Rng) -> np.ndarray:
        kind = rng.choice(list(KINDS), p=list(KINDS.values()))
        if kind in ("head", "blend"):
            template = jittered_template(rng)
            image = self.head(rng, template)
            if kind == "blend":
                image = blended(image, self.head(rng, template), rng)
            y, x = rng.integers(HEAD - SIDE + 1, size=2)
            image = image[y : y + SIDE, x : x + SIDE]
        else:
            photos = self.portraits if kind == "whole" else self.others
            image = self.scaled_window(photos[rng.integers(len(photos))], rng)
        return np.ascontiguousarray(image) if rng.random() < 0.45 else recolour(image, rng)
