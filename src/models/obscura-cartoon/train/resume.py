"""Makes a checkpoint of a style's shipped file, so that training goes on where the work folder is gone.

Weights come back rounded to f16; the optimisers and the hints start afresh. A style whose work folder stands is left alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from export import files_of
from model import STYLES, Student


def weights_of(file: Path) -> dict[str, torch.Tensor]:
    """A state of Student from the names that export.build gave."""
    names = {"block%d.a": "blocks.%d.conv1", "block%d.b": "blocks.%d.conv2"}
    layers = {short % i: long % i for short, long in names.items() for i in range(len(Student().blocks))}
    state = {}
    for constant in onnx.load(str(file)).graph.initializer:
        layer, _, kind = constant.name.removesuffix(".f16").rpartition(".")
        if kind in ("weight", "bias"):
            state[f"{layers.get(layer, layer)}.{kind}"] = torch.from_numpy(numpy_helper.to_array(constant).copy()).float()
    return state


def resume(file: Path, work: Path, step: int, minutes: float) -> None:
    """`step` and `minutes` are what the file was trained for: the pictures go on from there."""
    if (work / "checkpoint.pt").exists():
        return
    state = weights_of(file)
    Student().load_state_dict(state)
    work.mkdir(parents=True, exist_ok=True)
    torch.save({"net": state, "mean": state, "step": step, "spent": minutes * 60}, work / "checkpoint.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--style", choices=STYLES, required=True)
    parser.add_argument("--files", type=Path, required=True, help="folder with obscura-cartoon-<style>/")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--step", type=int, required=True, help="steps that the file was trained for")
    parser.add_argument("--minutes", type=float, required=True)
    a = parser.parse_args()
    resume(files_of(a.files)[STYLES.index(a.style)], a.work / a.style, a.step, a.minutes)
