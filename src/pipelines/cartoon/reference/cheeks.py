"""Where the cheeks are: writes e2e/fixtures/skin/cheeks.json for the test of skin in the browser.

python cheeks.py --finder yunet.onnx --out cheeks.json PORTRAIT…
Portraits darkest cheeks first, each with `lightness` (CIELAB L*) and `patches` as [x0, y0, x1, y1] in its pixels.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from dct_net import find_faces, session, toon_size
from skin_report import cheeks, patch_lab

args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
args.add_argument("--finder", type=Path, required=True)
args.add_argument("--out", type=Path, required=True)
args.add_argument("portraits", type=Path, nargs="+")
options = args.parse_args()
finder = session(options.finder)
found = []
for path in options.portraits:
    photo = cv2.imread(str(path))
    small = toon_size(photo)
    faces = find_faces(finder, small)
    if len(faces) == 0:
        continue
    places = cheeks(faces[0, 4:14] * photo.shape[0] / small.shape[0])
    if not places:
        continue
    lightness = float(np.mean([patch_lab(photo, *place)[0] for place in places]))
    corners = [[*np.maximum(np.rint(c - h), 0), *(np.rint(c + h) + 1)] for c, h in places]
    found.append({"name": path.name, "lightness": round(lightness, 1), "patches": np.array(corners, int).tolist()})
found.sort(key=lambda portrait: portrait["lightness"])
lines = ",\n".join(" " + json.dumps(portrait) for portrait in found)
options.out.write_text(f"[\n{lines}\n]\n")
