"""
What Hugging Face's own Qwen3-VL computes on seeded miniatures, for qwen3-vl.test.ts. Never needed to build or test:
    pip install torch==2.13 transformers==5.18 safetensors numpy
    python src/foundry/reference/qwen3_vl.py
"""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

from qwen3_vl_weights import is_quantized, noise, quantized, seed_of, weight

HERE = Path(__file__).parent
TOKENS = dict(image_token_id=500, video_token_id=503, vision_start_token_id=501, vision_end_token_id=502)

MINIATURES = {
    # As 2B and 4B are: a tied head, three taps one after another.
    "tied": dict(
        tie_word_embeddings=True,
        **TOKENS,
        vision_config=dict(
            depth=4, hidden_size=64, intermediate_size=96, num_heads=2, patch_size=4, temporal_patch_size=2,
            spatial_merge_size=2, out_hidden_size=64, num_position_embeddings=36, in_channels=3,
            deepstack_visual_indexes=[0, 1, 2], hidden_act="gelu_pytorch_tanh",
        ),
        text_config=dict(
            vocab_size=512, hidden_size=64, intermediate_size=96, num_hidden_layers=4, num_attention_heads=4,
            num_key_value_heads=2, head_dim=32, rms_norm_eps=1e-6, max_position_embeddings=4096, hidden_act="silu",
            rope_theta=5000000.0, eos_token_id=511,
            rope_scaling=dict(rope_type="default", mrope_interleaved=True, mrope_section=[6, 5, 5]),
        ),
    ),
    # As 8B is: a head of its own, another width whose products do not fill their blocks, two taps far apart.
    "untied": dict(
        tie_word_embeddings=False,
        **TOKENS,
        vision_config=dict(
            depth=5, hidden_size=72, intermediate_size=100, num_heads=3, patch_size=8, temporal_patch_size=2,
            spatial_merge_size=2, out_hidden_size=96, num_position_embeddings=64, in_channels=3,
            deepstack_visual_indexes=[1, 3], hidden_act="gelu_pytorch_tanh",
        ),
        text_config=dict(
            vocab_size=504, hidden_size=96, intermediate_size=128, num_hidden_layers=3, num_attention_heads=6,
            num_key_value_heads=2, head_dim=16, rms_norm_eps=1e-5, max_position_embeddings=4096, hidden_act="silu",
            rope_theta=10000.0, eos_token_id=499,
            rope_scaling=dict(rope_type="default", mrope_interleaved=True, mrope_section=[4, 2, 2]),
        ),
    ),
}

# Text runs by length, pictures by their grid of patches (height, width).
CASES = {
    "one-picture": [5, (4, 6), 9],
    "pictures": [3, (6, 10), 4, (8, 2), (4, 4), 7],
    "long-text": [700],
}


def ids_of(label: str, case: str) -> tuple[list[int], list[tuple[int, int]]]:
    ids, grids = [], []
    for index, run in enumerate(CASES[case]):
        if isinstance(run, int):
            ids += [int(value) for value in (noise(seed_of(f"{label}/{case}/{index}"), run) + 510) % 490]
        else:
            grids.append(run)
            count = run[0] * run[1] // 4
            ids += [TOKENS["vision_start_token_id"], *[TOKENS["image_token_id"]] * count, TOKENS["vision_end_token_id"]]
    return ids, grids


def pixels_of(label: str, case: str, grids, vision) -> np.ndarray:
    length = vision["in_channels"] * vision["temporal_patch_size"] * vision["patch_size"] ** 2
    count = sum(h * w for h, w in grids)
    return (noise(seed_of(f"{label}/{case}/pixels"), count * length) / 510).astype(np.float32).reshape(count, length)


def packed(tensor: torch.Tensor) -> str:
    return base64.b64encode(tensor.detach().float().contiguous().numpy().tobytes()).decode()


def run(model, label: str, case: str, vision) -> dict:
    ids, grids = ids_of(label, case)
    inputs = dict(
        input_ids=torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        mm_token_type_ids=torch.tensor([[int(token == TOKENS["image_token_id"]) for token in ids]]),
    )
    facts: dict = {}
    if grids:
        inputs["pixel_values"] = torch.from_numpy(pixels_of(label, case, grids, vision))
        inputs["image_grid_thw"] = torch.tensor([[1, h, w] for h, w in grids])
        seen = model.model.get_image_features(inputs["pixel_values"], inputs["image_grid_thw"], return_dict=True)
        facts["features"] = packed(torch.cat(list(seen.pooler_output)))
        facts["deepstack"] = [packed(torch.cat(list(tap))) for tap in seen.deepstack_features]
    positions, delta = model.model.get_rope_index(
        inputs["input_ids"], inputs["mm_token_type_ids"], image_grid_thw=inputs.get("image_grid_thw")
    )
    model.model.rope_deltas = None
    facts["ropeDelta"] = int(delta)
    facts["positions"] = positions[:, 0].tolist() if grids else None
    made = model.generate(
        **inputs, do_sample=False, max_new_tokens=64, min_new_tokens=64, return_dict_in_generate=True, output_logits=True
    )
    tokens = made.sequences[0, len(ids):].tolist()
    margin = min(float(step[0].topk(2).values.diff().abs()) / float(step.abs().max()) for step in made.logits)
    print(f"{label} {case}: {len(ids)} tokens in, {len(set(tokens))} of 64 distinct, margin {margin:.1e}")
    assert len(tokens) == 64
    facts["tokens"] = tokens
    facts["firstLogits"] = packed(made.logits[0])
    facts["lastLogits"] = packed(made.logits[63])
    return facts


@torch.no_grad()
def main() -> None:
    torch.manual_seed(0)
    for label, settings in MINIATURES.items():
        config = Qwen3VLConfig(**json.loads(json.dumps(settings)))
        config._attn_implementation = "eager"
        model = Qwen3VLForConditionalGeneration(config).float().eval()
        model.generation_config.eos_token_id = None
        model.generation_config.pad_token_id = 0
        tied = settings["tie_word_embeddings"]
        names = sorted(name for name in model.state_dict() if not (tied and name == "lm_head.weight"))
        shapes = {name: tuple(model.state_dict()[name].shape) for name in names}
        weights = {name: weight(label, name, shapes[name]) for name in names}
        digest = hashlib.sha256()
        for name in names:
            digest.update(name.encode() + weights[name].tobytes())
        facts = {"config": dict(model_type="qwen3_vl", **settings), "weights": digest.hexdigest()}
        for precision in ("f32", "q4"):
            for name, values in weights.items():
                rounded = quantized(values) if precision == "q4" and is_quantized(name, values.shape) else values
                model.get_parameter(name).copy_(torch.from_numpy(rounded))
            cases = {case: run(model, label, case, settings["vision_config"]) for case in CASES}
            facts[precision] = cases
        (HERE / f"qwen3-vl-{label}.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")
    tensors = {
        "a": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 7,
        "b": torch.tensor([0.1, -2.5e-7, 65504.0]).half(),
        "c": torch.tensor([[1.0, -3.0e38], [0.3, 1e-40]]).bfloat16(),
    }
    save_file(tensors, HERE / "three.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
