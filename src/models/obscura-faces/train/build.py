"""One command: labels and styled portraits, training, export, figures. Run it again to go on where it stopped.

python build.py --photos PHOTOS --teachers DCT_NET --yunet YUNET.onnx --work WORK --out obscura-faces.onnx
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from evaluate import evaluate
from export import export
from scenes import SceneMaker, load_sources
from train import train

STEPS = 12000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="folder with portraits/, large/ and other/")
    parser.add_argument("--teachers", type=Path, required=True, help="folder with DCT-Net's anime.onnx, 3d.onnx, ...")
    parser.add_argument("--yunet", type=Path, required=True, help="yunet_n_dynamic.onnx")
    parser.add_argument("--work", type=Path, required=True, help="folder for styled portraits and checkpoints")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--minutes", type=float, default=600, help="the schedule ends at whichever comes first")
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    a.work.mkdir(parents=True, exist_ok=True)
    maker = SceneMaker(load_sources(a.photos, a.teachers, a.yunet, a.work, a.threads))
    train(maker, a.work, a.steps, a.minutes)
    print(f"greatest difference from torch: {export(a.work, a.out):.6f}")
    print(json.dumps(evaluate(a.out, a.photos, a.yunet, a.work, a.threads), indent=1))


if __name__ == "__main__":
    main()
