"""Trains one style's student on endless pictures that its teacher draws as they come.

The learning rate is level and falls only at the end; a run that is asked for more steps goes on from before the fall.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from model import HALF, QUARTER, STYLES, Student
from muon import Muon
from pictures import Pictures, degrade
from portraits import find_faces, head_crop, multiple_of_8, portrait_ids, read_rgb, resize_short, session
from teacher import Teacher

SEED = 11
BATCH = 4
RATE, LAST_RATE, WARM_UP, FALL = 1e-3, 2e-5, 100, 0.3
EMA = 0.999
HINT = 0.02
SAVE_EVERY, CHECK_EVERY = 500, 1000


def tensor(images: list[np.ndarray]) -> torch.Tensor:
    stacked = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)
    return stacked.float().div(255).contiguous(memory_format=torch.channels_last)


class Hints(nn.Module):
    """Linear maps from what the student thinks to what the teacher thinks (Romero et al., FitNets, 2015). Not kept."""

    def __init__(self):
        super().__init__()
        self.maps = nn.ModuleList([nn.Conv2d(QUARTER, 128, 1), nn.Conv2d(QUARTER, 128, 1), nn.Conv2d(HALF, 32, 1)])

    def forward(self, seen: list[torch.Tensor], wanted: list[torch.Tensor]) -> torch.Tensor:
        """Squared error, relative to how much the teacher's features vary."""
        errors = []
        for layer, mine, theirs in zip(self.maps, seen, wanted):
            theirs = theirs.float()
            spread = theirs.std((0, 2, 3), keepdim=True) + 1e-3
            errors.append(((layer(mine).float() - theirs) / spread).square().mean())
        return torch.stack(errors).sum()


def loss_of(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """L1 that counts drawn lines more, a little L2, and L1 on gradients."""
    luma = target.mean(1, keepdim=True)
    line = (F.avg_pool2d(luma, 9, 1, 4, count_include_pad=False) - luma).clamp_min(0)
    weight = 1 + 4 * line
    error = output - target
    gradient = (error[..., 1:] - error[..., :-1]).abs().mean() + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    return (error.abs() * weight).mean() + 4 * (error.square() * weight).mean() + 0.5 * gradient


def run_teacher(teacher, image: np.ndarray) -> np.ndarray:
    """uint8 RGB as the teacher's ONNX file draws it; it works in BGR."""
    drawn = teacher.run(None, {"input": image[:, :, ::-1].astype(np.float32).transpose(2, 0, 1)[None]})[0][0]
    return np.clip(drawn.transpose(1, 2, 0)[:, :, ::-1] + 0.5, 0, 255).astype(np.uint8)


def held_out_pairs(photos: Path, teacher_folder: Path, yunet: Path, work: Path, threads: int) -> dict[str, list]:
    """[(name, uint8 [5, H, W, 3])] of the unseen portraits, photo first: whole at short side 720, and aligned heads."""
    folder = work / "held-out"
    folder.mkdir(parents=True, exist_ok=True)
    _, names = portrait_ids(photos)
    result: dict[str, list] = {"whole": [], "head": []}
    teachers = finder = None
    for name in names:
        for kind in result:
            path = folder / f"{kind}-{name}.npy"
            if not path.exists():
                teachers = teachers or [session(teacher_folder / f"{s}.onnx", threads) for s in STYLES]
                finder = finder or session(yunet, threads)
                picture = image = read_rgb(photos / "portraits" / f"{name}.jpg")
                if kind == "whole":
                    picture = multiple_of_8(resize_short(image, 720))
                else:
                    picture = head_crop(image, find_faces(finder, image, 500)[0, 5:].reshape(5, 2))
                np.save(path, np.stack([picture, *(run_teacher(t, picture) for t in teachers)]))
            result[kind].append((name, np.load(path)))
    return result


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(1e-6, np.mean((a.astype(np.float32) - b.astype(np.float32)) ** 2))))


@torch.no_grad()
def stylise(net: Student, image: np.ndarray) -> np.ndarray:
    y = net(tensor([image]))[0].permute(1, 2, 0)
    return (y.clamp(0, 1) * 255 + 0.5).to(torch.uint8).numpy()


def quick_check(net: Student, held_out: dict[str, list], style: int) -> list[float]:
    """Mean PSNR of the unseen heads, then of a few whole portraits."""
    heads, wholes = held_out["head"], held_out["whole"][::3]
    return [float(np.mean([psnr(stylise(net, s[0]), s[1 + style]) for _, s in items])) for items in (heads, wholes)]


def rate_at(step: int, progress: float) -> float:
    """`step` counts from where the optimisers were new."""
    fall = min(1.0, (1 - progress) / FALL)
    return (LAST_RATE + (RATE - LAST_RATE) * fall) * min(1, (step + 1) / WARM_UP)


def train(
    pictures: Pictures,
    teacher: Teacher,
    held_out: dict[str, list],
    work: Path,
    style: int,
    steps: int,
    minutes: float,
    bf16: bool,
) -> None:
    """Until `steps` are done or `minutes` are over, those of earlier runs counted."""
    torch.manual_seed(SEED)
    net = Student().to(memory_format=torch.channels_last)
    mean = Student().to(memory_format=torch.channels_last)
    mean.load_state_dict(net.state_dict())
    hints = Hints()
    parameters = [*net.parameters(), *hints.parameters()]
    optimisers = [
        Muon([p for p in net.parameters() if p.ndim == 4], RATE),
        torch.optim.Adam([p for p in parameters if p.ndim != 4 or p.shape[-1] == 1], RATE, betas=(0.9, 0.99)),
    ]
    step, spent, fresh = 0, 0.0, 0
    work.mkdir(parents=True, exist_ok=True)
    checkpoint, level = work / "checkpoint.pt", work / "level.pt"
    parts = {"net": net, "mean": mean, "hints": hints, "muon": optimisers[0], "adam": optimisers[1]}

    def save(target: Path) -> None:
        state = {name: part.state_dict() for name, part in parts.items()}
        torch.save({**state, "step": step, "spent": spent}, target.with_suffix(".part"))
        target.with_suffix(".part").rename(target)

    def progress() -> float:
        return max(step / steps, spent / 60 / minutes)

    def load(source: Path) -> None:
        nonlocal step, spent, fresh
        state = torch.load(source, weights_only=True)
        step, spent = state["step"], state["spent"]
        fresh = 0 if "muon" in state else step  # resume.py knows the weights alone
        for name, part in parts.items():
            if name in state:
                part.load_state_dict(state[name])

    if checkpoint.exists():
        load(checkpoint)
        if progress() < 1 - FALL and level.exists():
            load(level)

    running, began = 0.0, time.time()
    while progress() < 1:
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate_at(step - fresh, progress())
        rng = np.random.default_rng([SEED, step])
        windows = [pictures.window(rng) for _ in range(BATCH)]
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            target, wanted = teacher(tensor(windows))
            output, seen = net.features(tensor([degrade(w, rng) for w in windows]))
            hint = hints(seen, wanted)
        loss = loss_of(output.float(), target)
        for p in parameters:
            p.grad = None
        (loss + HINT * hint).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        with torch.no_grad():
            keep = min(EMA, step / (step + 20))
            for slow, fast in zip(mean.parameters(), net.parameters()):
                slow.lerp_(fast, 1 - keep)
        running += loss.item()
        spent, began = spent + time.time() - began, time.time()
        if step % SAVE_EVERY == 0:
            save(checkpoint)
            if progress() < 1 - FALL:
                save(level)
        if step % CHECK_EVERY == 0:
            row = [step, round(spent), running / CHECK_EVERY, *quick_check(mean, held_out, style)]
            line = ",".join(f"{v:.4g}" if isinstance(v, float) else str(v) for v in row)
            with (work / "curve.csv").open("a") as file:
                file.write(line + "\n")
            print(STYLES[style], line, flush=True)
            running, began = 0.0, time.time()
    save(checkpoint)
    (work / "trained").write_text(f"{step} steps, {spent / 60:.0f} minutes\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--style", choices=STYLES, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--teachers", type=Path, required=True)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True, help="slow where a processor imitates it")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    unseen = held_out_pairs(a.photos, a.teachers, a.yunet, a.work, a.threads)
    drawer = Teacher(a.teachers / f"{a.style}.onnx")
    seen = Pictures(a.photos, a.yunet, a.threads)
    train(seen, drawer, unseen, a.work / a.style, STYLES.index(a.style), a.steps, a.minutes, a.bf16)
