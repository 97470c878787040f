"""The noise of a seed, written down again from the specification in noise.ts; the quantile is Python's own."""

import math
from statistics import NormalDist

MASK = 2**32 - 1


def philox(counter: list[int], key: list[int]) -> list[int]:
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (p1 >> 32) ^ b ^ k0, p1 & MASK, (p0 >> 32) ^ d ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return [a, b, c, d]


def noise(seed: int, count: int) -> list[float]:
    quantile = NormalDist().inv_cdf
    words = [w for i in range(math.ceil(count / 4)) for w in philox([i, 0, 0, 0], [seed & MASK, seed >> 32])]
    return [quantile((w + 0.5) / 2**32) for w in words[:count]]
