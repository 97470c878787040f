"""One command: training of the four styles, export, figures. Run it again to go on where it stopped.

python build.py --photos PHOTOS --teachers DCT_NET --yunet YUNET.onnx --work WORK --out public/models
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from evaluate import evaluate
from export import export, files_of
from model import STYLES
from pictures import Pictures
from teacher import Teacher
from train import held_out_pairs, train

STEPS = 20000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="folder with portraits/, large/ and other/")
    parser.add_argument("--teachers", type=Path, required=True, help="folder with anime.onnx, 3d.onnx, ... and alpha.jpg")
    parser.add_argument("--yunet", type=Path, required=True, help="yunet_n_dynamic.onnx")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets obscura-cartoon-<style>/")
    parser.add_argument("--steps", type=int, default=STEPS, help="of each style")
    parser.add_argument("--minutes", type=float, default=600, help="of each style; the schedule ends at whichever comes first")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True, help="slow where a processor imitates it")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    unseen = held_out_pairs(a.photos, a.teachers, a.yunet, a.work, a.threads)
    pictures = Pictures(a.photos, a.yunet, a.threads)
    for i, (style, file) in enumerate(zip(STYLES, files_of(a.out))):
        train(pictures, Teacher(a.teachers / f"{style}.onnx"), unseen, a.work / style, i, a.steps, a.minutes, a.bf16)
        print(f"{style}: greatest difference from torch {export(a.work, style, file):.5f} of 255")
    print(json.dumps(evaluate(files_of(a.out), a.photos, a.teachers, a.yunet, a.work, a.threads), indent=1))


if __name__ == "__main__":
    main()
