"""Miniatures of both models, and what the official code makes of them: `miniatures.py Z_IMAGE QWEN_TOKENIZER_JSON`.

Z_IMAGE is a checkout of Tongyi-MAI/Z-Image@c7ec135: its own scheduler runs here, in the loop of its pipeline.py
(`generate`). SD-Turbo is diffusers' StableDiffusionPipeline with EulerDiscreteScheduler at one step. All on native
onnxruntime and Hugging Face's tokenizers, with none of the code under test. Writes miniature/ and pictures.json.
"""

import base64
import json
import sys
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx.external_data_helper import set_external_data
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(sys.argv[1]) / "src/zimage"))
from scheduler import FlowMatchEulerDiscreteScheduler  # noqa: E402

import graphs  # noqa: E402
import miniature_tokenizers  # noqa: E402
from philox import noise  # noqa: E402

HERE = Path(__file__).parent
PROMPTS = {
    "lantern": "a paper lantern in the rain, café sign reading 24 — 夜",
    "long": "the light in the room turns and the rain runs on, " * 24,
}
CASES = [("lantern", 42, 128, 64), ("long", 7, 64, 128)]
FREE = {"text_encoder": "onnx/text_encoder_model_q4f16.onnx", "transformer": "onnx/transformer_model_q4f16.onnx", "vae_decoder": "onnx/vae_decoder_model_f16.onnx"}


def write(folder: Path, name: str, model: onnx.ModelProto, shards: int = 0) -> None:
    """With `shards` its larger tensors lie in that many files beside it, named as Z-Image's are."""
    onnx.checker.check_model(model)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    files = [f"{path.name}_data" + (f"_{i}" if i else "") for i in range(shards)]
    large = [tensor for tensor in model.graph.initializer if shards and len(tensor.raw_data) >= 128]
    for i, tensor in enumerate(large):
        file = files[i * shards // len(large)]
        raw = tensor.raw_data
        at = path.parent / file
        offset = at.stat().st_size if at.exists() else 0
        at.write_bytes((at.read_bytes() if offset else b"") + raw)
        set_external_data(tensor, file, offset, len(raw))
        tensor.ClearField("raw_data")
    onnx.save(model, path)


def session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def run(model: onnx.ModelProto, **feeds) -> np.ndarray:
    return session(model).run(None, feeds)[0]


def bytes_of(sample: np.ndarray) -> np.ndarray:
    """pipeline.py: image / 2 + 0.5, clamped, ×255, rounded."""
    return (np.clip(sample[0].astype(np.float32) / 2 + 0.5, 0, 1) * 255).round().astype(np.uint8)


def packed(values: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(values).tobytes(), 9)).decode()


def z_image(kind: str, tokenizer: Tokenizer, prompt: str, seed: int, width: int, height: int) -> dict:
    dtype = np.float16 if kind == "f16" else np.float32
    text = f"<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n"
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    if len(ids) > 512:
        # Not as the official code, which cuts the end off, answer and all: see prompt.ts.
        tail = tokenizer.encode("<|im_end|>\n<|im_start|>assistant\n", add_special_tokens=False).ids
        ids = ids[: 512 - len(tail)] + tail
    rows = run(
        graphs.text_encoder(kind, tokenizer.get_vocab_size()),
        input_ids=np.array([ids], np.int64),
        attention_mask=np.ones((1, len(ids)), np.int64),
    )
    # transformer.py, patchify_and_embed: padded with the last row to a multiple of SEQ_MULTI_OF = 32.
    missing = -len(ids) % 32
    caption = np.concatenate([rows, np.repeat(rows[:, -1:], missing, axis=1)], axis=1)
    scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=3.0, use_dynamic_shifting=False)
    scheduler.sigma_min = 0.0
    scheduler.set_timesteps(8)
    shape = (1, 16, height // 8, width // 8)
    latents = torch.tensor(noise(seed, int(np.prod(shape))), dtype=torch.float32).reshape(shape)
    net = session(graphs.transformer(kind))
    for t in scheduler.timesteps:
        feeds = {
            "hidden_states": latents.numpy().astype(dtype),
            "timestep": np.array([(1000 - t.item()) / 1000], dtype),
            "encoder_hidden_states": caption,
        }
        out = torch.from_numpy(net.run(None, feeds)[0].astype(np.float32))
        latents = scheduler.step(-out, t, latents, return_dict=False)[0]
    shown = (latents / 0.3611 + 0.1159).numpy().astype(dtype)
    sample = run(graphs.vae_decoder(kind, 16, [1, 16, "latent_height", "latent_width"]), latent_sample=shown)
    found = {"ids": len(ids), "latents": packed(latents.numpy())}
    return found if kind == "q4-whole" else {**found, "picture": packed(bytes_of(sample))}


def sd_turbo(kind: str, tokenizer: Tokenizer, prompt: str, seed: int, width: int, height: int) -> dict:
    """StableDiffusionPipeline without guidance; scheduler_config.json of SD-Turbo: scaled_linear, trailing, epsilon."""
    dtype = np.float16 if kind == "f16" else np.float32
    ids = tokenizer.encode(prompt).ids
    if len(ids) > 77:
        ids = [*ids[:76], ids[-1]]
    ids += [0] * (77 - len(ids))
    rows = run(graphs.clip_encoder(kind, tokenizer.get_vocab_size()), input_ids=np.array([ids], np.int32))
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float32) ** 2
    kept = torch.cumprod(1.0 - betas, dim=0)
    sigma = (((1 - kept) / kept) ** 0.5)[-1]
    shape = (1, 4, height // 8, width // 8)
    latents = torch.tensor(noise(seed, int(np.prod(shape))), dtype=torch.float32).reshape(shape)
    # prepare_latents: × init_noise_sigma, which with `trailing` spacing is the largest sigma.
    latents = latents * sigma
    shown = latents / (sigma**2 + 1) ** 0.5
    out = run(graphs.unet(kind), sample=shown.numpy().astype(dtype), timestep=np.array([999], np.int64), encoder_hidden_states=rows)
    epsilon = torch.from_numpy(out.astype(np.float32))
    x0 = latents - sigma * epsilon
    derivative = (latents - x0) / sigma
    latents = latents + derivative * (0 - sigma)
    sample = run(
        graphs.vae_decoder(kind, 4, ["batch_size", "num_channels_latent", "height_latent", "width_latent"]),
        latent_sample=(latents / 0.18215).numpy().astype(dtype),
    )
    return {"ids": ids, "latents": packed(latents.numpy()), "picture": packed(bytes_of(sample))}


def main() -> None:
    out = HERE / "miniature"
    qwen_json = miniature_tokenizers.qwen(Path(sys.argv[2]))
    clip_json = miniature_tokenizers.clip()
    qwen, clip = Tokenizer.from_str(json.dumps(qwen_json)), Tokenizer.from_str(json.dumps(clip_json))
    for kind in ("f32", "f16", "q4"):
        folder = out / f"z-image-{kind}"
        for old in sorted(folder.rglob("*.onnx*")):
            old.unlink()
        plain = "f32" if kind == "q4" else kind
        write(folder, FREE["text_encoder"], graphs.text_encoder(kind, qwen.get_vocab_size()), 2)
        write(folder, FREE["transformer"], graphs.transformer(kind), 2)
        if kind != "q4":
            write(folder, FREE["vae_decoder"], graphs.vae_decoder(plain, 16, [1, 16, "latent_height", "latent_width"]))
    for kind in ("f32", "f16"):
        folder = out / f"sd-turbo-{kind}"
        write(folder, "text_encoder/model.onnx", graphs.clip_encoder(kind, clip.get_vocab_size()))
        write(folder, "unet/model.onnx", graphs.unet(kind))
        dims = ["batch_size", "num_channels_latent", "height_latent", "width_latent"]
        write(folder, "vae_decoder/model.onnx", graphs.vae_decoder(kind, 4, dims))
    for name, tokenizer in (("qwen", qwen_json), ("clip", clip_json)):
        (out / f"{name}-tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False))
    rows = []
    for name, seed, width, height in CASES:
        case = {"prompt": PROMPTS[name], "seed": seed, "width": width, "height": height}
        arguments = (PROMPTS[name], seed, width, height)
        rows.append({
            **case,
            "zImage": {
                "f32": z_image("f32", qwen, *arguments),
                "q4": z_image("q4-whole", qwen, *arguments),
            },
            "sdTurbo": {"f32": sd_turbo("f32", clip, *arguments)},
        })
    (HERE / "pictures.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


main()
