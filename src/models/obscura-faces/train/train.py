"""Trains the face finder on made-up scenes. Stops and goes on from work/checkpoint.pt; writes work/curve.csv."""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from model import STRIDES, Finder
from scenes import SceneMaker, load_sources

from muon import Muon  # from obscura-cartoon's recipe, whose folder scenes.py adds to the path

SEED = 23
PEAK_RATE, LAST_RATE, WARM_UP = 2e-3, 1e-5, 200
EMA = 0.998
# (side of the scenes, how many per step); drawn anew every step
SHAPES = [((256, 12), 0.6), ((320, 10), 0.3), ((448, 5), 0.1)]
# face sizes that each stride answers for; they overlap
RANGES = {8: (0, 56), 16: (36, 144), 32: (104, 10_000)}


def targets(side: int, faces: np.ndarray, ignored: np.ndarray) -> np.ndarray:
    """Rows for all cells of all strides: mark (1 face, 0 none, -1 does not count), box 4, points 10, size."""
    rows = []
    for stride in STRIDES:
        n = side // stride
        grid = np.stack(np.meshgrid(np.arange(n), np.arange(n)), -1).reshape(-1, 2).astype(np.float32)
        at = (grid + 0.5) * stride
        row = np.zeros((n * n, 16), np.float32)
        for box in ignored:
            inside = ((at > box[:2]) & (at < box[:2] + box[2:])).all(1)
            row[inside, 0] = -1
        low, high = RANGES[stride]
        for face in faces[np.argsort(-faces[:, 2])] if len(faces) else ():
            size = float(np.sqrt(face[2] * face[3]))
            far = np.abs((at - (face[:2] + face[2:4] / 2)) / face[2:4]).max(1)
            if 0.75 * low <= size < 1.35 * high:  # another stride may answer as well, or the centre's neighbours
                row[(far < 0.3) & (row[:, 0] == 0), 0] = -1
            if low <= size < high:
                reach = max(0.16, 0.75 * stride / size)
                near = far < reach
                near[far.argmin()] = True
                row[near] = np.concatenate([[1], face, [size]])
        rows.append(row)
    return np.concatenate(rows)


def cells(side: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Grid origin and stride of every cell."""
    grids, strides = [], []
    for stride in STRIDES:
        n = side // stride
        y, x = torch.meshgrid(torch.arange(n), torch.arange(n), indexing="ij")
        grids.append(torch.stack([x, y], -1).reshape(-1, 2).float())
        strides.append(torch.full((n * n, 1), float(stride)))
    return torch.cat(grids), torch.cat(strides)


def overlap_loss(box: torch.Tensor, aim: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """1 - DIoU and IoU; boxes are centre x, centre y, w, h."""
    a0, a1 = box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2
    b0, b1 = aim[:, :2] - aim[:, 2:] / 2, aim[:, :2] + aim[:, 2:] / 2
    inter = (torch.minimum(a1, b1) - torch.maximum(a0, b0)).clamp_min(0).prod(1)
    iou = inter / (box[:, 2:].prod(1) + aim[:, 2:].prod(1) - inter + 1e-6)
    span = (torch.maximum(a1, b1) - torch.minimum(a0, b0)).square().sum(1)
    apart = (box[:, :2] - aim[:, :2]).square().sum(1)
    return 1 - iou + apart / (span + 1e-6), iou


def loss_of(maps: list[torch.Tensor], rows: torch.Tensor, side: int) -> torch.Tensor:
    flat = torch.cat([m.float().permute(0, 2, 3, 1).flatten(1, 2) for m in maps], 1)
    grid, stride = cells(side)
    mark = rows[..., 0]
    found = mark == 1
    count = found.sum().clamp_min(1)
    which = found.nonzero()
    here, aim, origin, step = flat[found], rows[found], grid[which[:, 1]], stride[which[:, 1]]
    size = aim[:, 15:]
    box = torch.cat([(origin + here[:, 2:4]) * step, here[:, 4:6].clamp(-6, 6).exp() * step], 1)
    wanted = torch.cat([aim[:, 1:3] + aim[:, 3:5] / 2, aim[:, 3:5]], 1)
    box_loss, iou = overlap_loss(box, wanted)
    points = (origin.repeat(1, 5) + here[:, 6:16]) * step
    point_loss = F.smooth_l1_loss(points / size, aim[:, 5:15] / size, reduction="none", beta=0.02).sum(1)
    cls_aim = torch.zeros_like(mark)
    cls_aim[found] = iou.detach().clamp(0, 1)
    counts = (mark >= 0).float()
    cls_loss = (F.binary_cross_entropy_with_logits(flat[..., 0], cls_aim, reduction="none") * counts).sum()
    obj_loss = (F.binary_cross_entropy_with_logits(flat[..., 1], found.float(), reduction="none") * counts).sum()
    return (cls_loss + obj_loss + 2.5 * box_loss.sum() + 16 * point_loss.sum()) / count


def batch(maker: SceneMaker, step: int) -> tuple[torch.Tensor, torch.Tensor, int]:
    rng = np.random.default_rng([SEED, step])
    side, number = SHAPES[rng.choice(len(SHAPES), p=[p for _, p in SHAPES])][0]
    images, rows = [], []
    for _ in range(number):
        image, faces, ignored = maker.scene(side, rng)
        images.append(image[:, :, ::-1])
        rows.append(targets(side, faces, ignored))
    x = torch.from_numpy(np.ascontiguousarray(np.stack(images))).permute(0, 3, 1, 2)
    return x.float().div(255).contiguous(memory_format=torch.channels_last), torch.from_numpy(np.stack(rows)), side


def train(maker: SceneMaker, work: Path, steps: int, minutes: float) -> None:
    torch.manual_seed(SEED)
    net = Finder().to(memory_format=torch.channels_last)
    mean = Finder()
    mean.load_state_dict(net.state_dict())
    dense = [p for n, p in net.named_parameters() if p.ndim == 4 and p.shape[1] > 1 and "heads" not in n]
    chosen = {id(p) for p in dense}
    others = [p for p in net.parameters() if id(p) not in chosen]
    optimisers = [Muon(dense, PEAK_RATE), torch.optim.AdamW(others, PEAK_RATE, weight_decay=1e-3)]
    step, spent = 0, 0.0
    checkpoint = work / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        mean.load_state_dict(state["mean"])
        for optimiser, saved in zip(optimisers, state.get("optimisers", ())):
            optimiser.load_state_dict(saved)
        step, spent = state["step"], state["spent"]
    running, began = 0.0, time.time()

    def save() -> None:
        state = {"net": net.state_dict(), "mean": mean.state_dict(), "optimisers": [o.state_dict() for o in optimisers]}
        torch.save({**state, "step": step, "spent": spent}, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").rename(checkpoint)

    net.train()
    while (progress := max(step / steps, (spent + time.time() - began) / 60 / minutes)) < 1:
        rate = LAST_RATE + (PEAK_RATE - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * progress))
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1, (step + 1) / WARM_UP)
        x, rows, side = batch(maker, step)
        loss = loss_of(net(x), rows, side)
        net.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        with torch.no_grad():
            keep = min(EMA, step / (step + 20))
            for slow, fast in zip(mean.state_dict().values(), net.state_dict().values()):
                if slow.dtype.is_floating_point:
                    slow.lerp_(fast, 1 - keep)
                else:
                    slow.copy_(fast)
        running += loss.item()
        if step % 100 == 0:
            spent, began = spent + time.time() - began, time.time()
            with (work / "curve.csv").open("a") as file:
                file.write(f"{step},{spent:.0f},{running / 100:.4f}\n")
            running = 0.0
            if step % 500 == 0:
                save()
    spent += time.time() - began
    save()
    (work / "trained").write_text(f"{step} steps, {spent / 60:.0f} minutes\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--teachers", type=Path, required=True)
    parser.add_argument("--yunet", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    a.work.mkdir(parents=True, exist_ok=True)
    train(SceneMaker(load_sources(a.photos, a.teachers, a.yunet, a.work, a.threads)), a.work, a.steps, a.minutes)
