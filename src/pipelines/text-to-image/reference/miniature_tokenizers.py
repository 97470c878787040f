"""Tokenizers of some three hundred tokens, in the published form: Qwen's and CLIP's rules, few merges."""

import json
from pathlib import Path

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
# github.com/openai/CLIP clip/simple_tokenizer.py, as huggingface/transformers convert_slow_tokenizer.py (CLIPConverter) writes it.
CLIP_SPLIT = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
CLIP_MERGES = ["i n", "t h", "a n", "r e", "e r</w>", "th e</w>", "o n", "a t", "in g</w>", "l i", "li g", "lig h", "ligh t", "a m"]


def letters() -> list[str]:
    """GPT-2's bytes as letters that can be seen: openai/gpt-2 src/encoder.py, `bytes_to_unicode`."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return [chr(byte) for byte in seen] + [chr(256 + i) for i in range(len(hidden))]


def special(content: str, number: int) -> dict:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": number, "content": content, **flags}


def qwen(published: Path) -> dict:
    """The published rules with their first merges."""
    whole = json.loads(published.read_text())
    vocab = {letter: i for i, letter in enumerate(letters())}
    merges = []
    for left, right in whole["model"]["merges"]:
        if len(merges) == 40:
            break
        if left in vocab and right in vocab and left + right not in vocab:
            merges.append([left, right])
            vocab[left + right] = len(vocab)
    controls = [special(content, len(vocab) + i) for i, content in enumerate(CONTROL)]
    model = {**whole["model"], "vocab": vocab, "merges": merges}
    return {**whole, "added_tokens": controls, "model": model}


def clip() -> dict:
    vocab = {letter: i for i, letter in enumerate([*letters(), *(f"{letter}</w>" for letter in letters())])}
    for merge in CLIP_MERGES:
        vocab[merge.replace(" ", "")] = len(vocab)
    start, end = len(vocab), len(vocab) + 1
    vocab |= {"<|startoftext|>": start, "<|endoftext|>": end}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [special("<|startoftext|>", start), special("<|endoftext|>", end)],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"}],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": CLIP_SPLIT}, "behavior": "Removed", "invert": True},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
            ],
        },
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": ["<|endoftext|>", end],
            "cls": ["<|startoftext|>", start],
            "trim_offsets": False,
            "add_prefix_space": False,
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<|endoftext|>",
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "</w>",
            "fuse_unk": False,
            "vocab": vocab,
            "merges": CLIP_MERGES,
        },
    }
    return tokenizer
