"""Small test vectors from OpenCV and numpy for the unit tests in TypeScript.

python vectors.py --photo 001.jpg --finder yunet.onnx --runtime src/runtime/opencv-vectors.json --cartoon src/pipelines/cartoon/reference/vectors.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from dct_net import rounded, session, similarity, template

RNG = np.random.default_rng(20)


def picture(width: int, height: int) -> np.ndarray:
    noise = RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 0.7)


def flat(image: np.ndarray) -> list[int]:
    return image.reshape(-1).tolist()


def resize_case(source: tuple[int, int], size: tuple[int, int]) -> dict:
    image = picture(*source)
    out = cv2.resize(image.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return {"from": source, "to": size, "rgb": flat(image), "want": flat(np.rint(out).astype(np.uint8))}


def warp_case(matrix: list[list[float]], border: int) -> dict:
    image = picture(20, 15)
    out = cv2.warpAffine(image, np.array(matrix), (18, 22), borderValue=(border,) * 3)
    to_source = cv2.invertAffineTransform(np.array(matrix)).reshape(-1)
    return {"from": [20, 15], "to": [18, 22], "border": border, "toSource": to_source.tolist(), "rgb": flat(image), "want": flat(out)}


def similarity_cases() -> list[dict]:
    cases = []
    faces = [template().astype(np.float64)]
    for _ in range(4):
        angle, scale = RNG.uniform(-3, 3), RNG.uniform(0.2, 4)
        turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        faces.append(template() @ turn + RNG.uniform(0, 700, 2) + RNG.normal(0, 4, (5, 2)))
    faces.append(faces[1] * [-1, 1] + [700, 0])  # a mirrored face
    for points in faces:
        to_head, to_image = similarity(points, template())
        cases.append({"landmarks": points.reshape(-1).tolist(), "toHead": to_head.reshape(-1).tolist(), "toPicture": to_image.reshape(-1).tolist()})
    return cases


def yunet_case(photo: Path, finder: Path) -> dict:
    """Raw outputs on a thumbnail, and what OpenCV's own FaceDetectorYN makes of the same thumbnail."""
    image = cv2.resize(cv2.imread(str(photo)), (96, 96), interpolation=cv2.INTER_AREA)
    net = session(finder)
    names = [o.name for o in net.get_outputs()]
    values = net.run(None, {net.get_inputs()[0].name: image.astype(np.float32).transpose(2, 0, 1)[None]})
    detector = cv2.FaceDetectorYN.create(str(finder), "", (96, 96), 0.6, 0.3)
    _, faces = detector.detect(image)
    outputs = {n: [round(float(v), 5) for v in value.reshape(-1)] for n, value in zip(names, values)}
    return {"width": 96, "outputs": outputs, "faces": [rounded(face) for face in faces]}


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("photo", "finder", "runtime", "cartoon"):
        args.add_argument(f"--{name}", type=Path, required=True)
    options = args.parse_args()
    runtime = {
        "resize": [
            resize_case((23, 17), (9, 5)),
            resize_case((24, 16), (12, 8)),
            resize_case((25, 18), (18, 13)),
            resize_case((10, 8), (23, 19)),
            resize_case((18, 18), (25, 25)),
            resize_case((30, 10), (20, 15)),
            resize_case((1, 3), (4, 5)),
        ],
        "warp": [
            warp_case([[0.83, 0.21, 3.3], [-0.2, 0.9, 6.1]], 255),
            warp_case([[2.5, 0.9, -20.25], [-0.9, 2.5, -4.5]], 0),
            warp_case([[-0.7, 0.3, 15.0], [0.3, 0.7, 2.0]], 0),
        ],
    }
    cartoon = {"template": template().reshape(-1).tolist(), "similarity": similarity_cases(), "yunet": yunet_case(options.photo, options.finder)}
    for path, record in ((options.runtime, runtime), (options.cartoon, cartoon)):
        path.write_text(json.dumps(record, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
