"""Seeded weights and the 4-bit rounding, written a second time in numpy; miniature.ts and quantize.ts are the first."""

import numpy as np

SPREAD = 147.8  # of the sum of four even bytes


def noise(seed: int, count: int) -> np.ndarray:
    """Whole numbers -510..510, near to normal: four bytes of murmur3's finaliser over a counter, added."""
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(seed)
        h ^= h >> np.uint32(16)
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE35)
        h ^= h >> np.uint32(16)
    parts = [(h >> np.uint32(shift)) & np.uint32(255) for shift in (0, 8, 16, 24)]
    return sum(part.astype(np.int64) for part in parts) - 510


def seed_of(name: str) -> int:
    """FNV-1a."""
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def to_bf16(values: np.ndarray) -> np.ndarray:
    """float64 -> the float32 values that bfloat16 can hold, nearest, ties to even."""
    bits = values.astype(np.float32).view(np.uint32).astype(np.uint64)
    bits = (bits + 0x7FFF + ((bits >> np.uint64(16)) & np.uint64(1))) >> np.uint64(16) << np.uint64(16)
    return bits.astype(np.uint32).view(np.float32)


def weight(label: str, name: str, dims: tuple[int, ...]) -> np.ndarray:
    """Spread 0.3, of rows that stand for tokens 0.2; gains of norms about 1, of queries and keys 2."""
    spread = 0.2 if "embed_tokens" in name else 0.3
    values = noise(seed_of(f"{label}/{name}"), int(np.prod(dims))) * (spread / SPREAD)
    if "norm" in name and name.endswith(".weight"):
        values = values + (2 if "q_norm" in name or "k_norm" in name else 1)
    return to_bf16(values).reshape(dims)


def is_quantized(name: str, dims: tuple[int, ...]) -> bool:
    return len(dims) == 2 and "pos_embed" not in name


def quantized(values: np.ndarray) -> np.ndarray:
    """[rows, columns] through 4-bit blocks of 32 and back."""
    rows, columns = values.shape
    width = -(-columns // 32) * 32
    padded = np.zeros((rows, width))
    padded[:, :columns] = values
    blocks = padded.reshape(-1, 32)
    index = np.abs(blocks).argmax(1)
    largest = blocks[np.arange(len(blocks)), index]
    coarse = (largest / -8).astype(np.float32).astype(np.float64)
    levels, error, best = rounded(blocks, coarse)
    finer = best.astype(np.float32).astype(np.float64)
    finer_levels, finer_error, _ = rounded(blocks, finer)
    take = (error > 0) & (finer_error < error)
    scale = np.where(take, finer, coarse).astype(np.float32)
    levels = np.where(take[:, None], finer_levels, levels)
    back = levels.astype(np.float32) * scale[:, None]
    return back.reshape(rows, width)[:, :columns].copy()


def rounded(blocks: np.ndarray, scale: np.ndarray):
    safe = np.where(scale == 0, 1, scale)
    levels = np.clip(np.floor(blocks / safe[:, None] + 0.5), -8, 7) * (scale != 0)[:, None]
    error, dot, square = np.zeros(len(blocks)), np.zeros(len(blocks)), np.zeros(len(blocks))
    for i in range(32):  # in this order, so that both languages add alike
        error += (blocks[:, i] - levels[:, i] * scale) ** 2
        dot += blocks[:, i] * levels[:, i]
        square += levels[:, i] * levels[:, i]
    return levels, error, np.divide(dot, square, out=np.zeros_like(dot), where=square != 0)
