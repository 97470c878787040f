"""Muon (orthogonalised momentum) for the convolutions: the same loss as Adam in fewer steps. The rest stays with Adam."""

from __future__ import annotations

import torch


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """Newton-Schulz: nearly the closest matrix whose singular values are all 1."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrix / (matrix.norm() + 1e-7)
    if transposed := x.shape[0] > x.shape[1]:
        x = x.T
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if transposed else x


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, lr: float, momentum: float = 0.95):
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(state["momentum"], group["momentum"]).flatten(1)
                size = 0.2 * max(update.shape) ** 0.5  # as large as Adam's
                p.add_(orthogonal(update).reshape(p.shape), alpha=-group["lr"] * size)
