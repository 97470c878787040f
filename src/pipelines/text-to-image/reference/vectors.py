"""What the official code makes of the sampler, for sampler.test.ts: `vectors.py Z_IMAGE > vectors.json`.

Z_IMAGE is a checkout of Tongyi-MAI/Z-Image@c7ec135; its own scheduler runs here. The normal quantile is that of Python's
standard library, the noise is written down again from the specification in noise.ts.
"""

import hashlib
import json
import struct
import sys
from pathlib import Path
from statistics import NormalDist

import torch

sys.path.insert(0, str(Path(sys.argv[1]) / "src/zimage"))
from scheduler import FlowMatchEulerDiscreteScheduler  # noqa: E402

from philox import noise  # noqa: E402

def float32(values: list[float]) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def flow(step_count: int) -> dict:
    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=3.0, use_dynamic_shifting=False)
    scheduler.sigma_min = 0.0
    scheduler.set_timesteps(step_count)
    latents = torch.tensor(noise(7, 8), dtype=torch.float32)
    path = []
    for i, t in enumerate(scheduler.timesteps):
        output = torch.tensor(noise(100 + i, 8), dtype=torch.float32)
        latents = scheduler.step(-output, t, latents, return_dict=False)[0]
        path.append(latents.tolist())
    times = ((1000 - scheduler.timesteps) / 1000).tolist()
    return {"sigmas": scheduler.sigmas.tolist(), "timesteps": times, "path": path}


def turbo_sigma() -> float:
    """huggingface/diffusers EulerDiscreteScheduler.__init__, `scaled_linear`, in its own float32."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float32) ** 2
    kept = torch.cumprod(1.0 - betas, dim=0)
    return (((1 - kept) / kept) ** 0.5)[-1].item()


json.dump(
    {
        "flow": {str(n): flow(n) for n in (1, 4, 8, 9)},
        "turboSigma": turbo_sigma(),
        "noise": [
            {"seed": seed, "first": noise(seed, 6), "sha256": hashlib.sha256(float32(noise(seed, count))).hexdigest(), "count": count}
            for seed, count in ((0, 4096), (42, 16387), (2**32 + 1, 4096), (2**53 - 1, 4096))
        ],
        "quantiles": [[p, NormalDist().inv_cdf(p)] for p in (0.5 / 2**32, 1e-6, 0.01, 0.074, 0.076, 0.3, 0.5, 0.8, 0.99999)],
    },
    sys.stdout,
    indent=1,
)
