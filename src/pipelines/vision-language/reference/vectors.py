"""
What transformers' own image processor, logits processors and Qwen3-VL's own chat template make of small inputs, for
the tests beside this folder. Never needed to build or test:
    pip install torch==2.13 transformers==5.18 numpy pillow jinja2
    PYTHONPATH=src/foundry/reference python src/pipelines/vision-language/reference/vectors.py chat_template.jinja
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch
from jinja2.sandbox import ImmutableSandboxedEnvironment
from PIL import Image
from transformers.generation.logits_process import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil, smart_resize

from qwen3_vl_weights import noise, seed_of

HERE = Path(__file__).parent
# chat_template.jinja of Qwen/Qwen3-VL-2B-Instruct.
TEMPLATE = "3636d0f0"

LIMITS = {"shortest_edge": 1024, "longest_edge": 3072}
PICTURES = [(50, 37), (200, 120), (10, 20), (20, 60), (12, 90), (64, 48), (33, 40)]
SIZES = [
    (480, 640), (720, 1280), (1080, 1920), (1754, 1240), (2160, 3840), (4000, 6000), (80, 112), (48, 48), (1, 1),
    (1, 200), (16, 3200), (250, 266), (272, 240), (4097, 4095), (3, 599), (144, 176), (16, 16),
]


def picture(height: int, width: int, alpha: bool) -> np.ndarray:
    count = height * width * (4 if alpha else 3)
    values = np.clip((noise(seed_of(f"picture/{height}/{width}"), count) + 510) // 4, 0, 255)
    return values.astype(np.uint8).reshape(height, width, -1)


def pictures() -> list[dict]:
    processor = Qwen2VLImageProcessorPil(
        size=LIMITS, patch_size=4, temporal_patch_size=2, merge_size=2, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    facts = []
    for index, (height, width) in enumerate(PICTURES):
        alpha = index % 3 == 2
        image = Image.fromarray(picture(height, width, alpha))
        if alpha:
            white = Image.new("RGB", image.size, (255, 255, 255))
            white.paste(image, mask=image.split()[3])
            image = white
        made = processor(images=[image], return_tensors="np")
        patches = made["pixel_values"].reshape(-1, 3, 2, 4, 4)
        levels = np.round((patches + 1) * 127.5)
        assert np.abs(levels / 127.5 - 1 - patches).max() < 1e-6 and (patches[:, :, 0] == patches[:, :, 1]).all()
        facts.append(
            dict(
                height=height, width=width, alpha=alpha, grid=made["image_grid_thw"][0, 1:].tolist(),
                levels=base64.b64encode(levels[:, :, 0].astype(np.uint8).tobytes()).decode(),
            )
        )
    return facts


def sizes() -> list[list[int]]:
    facts = []
    for height, width in SIZES:
        for least, most in ((65536, 16777216), (65536, 1280 * 1024), (1024, 65536)):
            facts.append([height, width, least, most, *smart_resize(height, width, 32, least, most)])
    return facts


def shares() -> list[dict]:
    facts = []
    for index, (temperature, top_k, top_p) in enumerate([(0.7, 20, 0.8), (0.6, 20, 0.95), (1.0, 0, 1.0), (1.5, 3, 1.0), (0.3, 0, 0.5)]):
        logits = torch.from_numpy(noise(seed_of(f"logits/{index}"), 64) / 100).float()[None]
        cut = TemperatureLogitsWarper(temperature)(None, logits)
        if top_k:
            cut = TopKLogitsWarper(top_k)(None, cut)
        if top_p < 1:
            cut = TopPLogitsWarper(top_p)(None, cut)
        facts.append(dict(temperature=temperature, topK=top_k, topP=top_p, shares=cut.softmax(-1)[0].tolist()))
    return facts


def chats(template: str) -> list[dict]:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    text, image = (lambda words: {"type": "text", "text": words}), {"type": "image"}
    conversations = [
        [("user", [image, text("Read it.")])],
        [("system", [text("Be brief.")]), ("user", [text("\nÜber 中文\n")])],
        [("user", [image, text("Which?"), image]), ("assistant", [text("The second.")]), ("user", [text(" Why? ")])],
        [("user", [text("")])],
    ]
    facts = []
    for turns in conversations:
        messages = [dict(role=role, content=parts) for role, parts in turns]
        for numbered in (False, True):
            rendered = environment.from_string(template).render(
                messages=messages, add_generation_prompt=True, add_vision_id=numbered
            )
            facts.append(dict(messages=messages, numbered=numbered, rendered=rendered))
    return facts


def main() -> None:
    template = Path(sys.argv[1]).read_bytes()
    assert hashlib.sha256(template).hexdigest().startswith(TEMPLATE), hashlib.sha256(template).hexdigest()
    facts = dict(limits=LIMITS, pictures=pictures(), sizes=sizes(), shares=shares(), chats=chats(template.decode()))
    (HERE / "vectors.json").write_text(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
