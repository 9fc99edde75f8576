"""Random words by place: the numbers of ``sim.streams`` for compiled functions.

Philox 4x64 with ten rounds (Salmon et al. 2011, SC'11): a word is a function of its place, so that
no draw depends on another. ``sim.streams`` says which place has which meaning.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import compiled, entry, wide_product

_FIRST, _SECOND = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_STEP, _OTHER_STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ZERO, _ONE = np.uint64(0), np.uint64(1)
SCALE = 2.0**-32
"""Factor from a 32-bit word to a uniform in [0, 1)."""


@compiled
def fill(words: NDArray[np.uint64], seed: np.uint64, key: np.uint64, tick: int, row: int) -> None:
    """Fill ``words`` ``[word]``, 64 bits each, with the draws of a row of a stream on a tick.

    The number of words is a multiple of 4: each block of four is a function of its place alone. The
    lower half of a word is the first draw of 32 bits.
    """
    blocks = len(words) // 4
    first = np.uint64(row * blocks)
    for k in range(blocks):
        a, b, c, d = first + np.uint64(k) + _ONE, _ZERO, np.uint64(tick), _ZERO
        key_a, key_b = seed, key
        for _ in range(10):
            high, low = wide_product(_FIRST, a)
            other_high, other_low = wide_product(_SECOND, c)
            a, b, c, d = other_high ^ b ^ key_a, other_low, high ^ d ^ key_b, low
            key_a += _STEP
            key_b += _OTHER_STEP
        words[4 * k], words[4 * k + 1], words[4 * k + 2], words[4 * k + 3] = a, b, c, d


@compiled
def uniform(words: NDArray[np.uint64], k: int) -> float:
    """Draw number ``k`` of ``words`` ``[word]``, 0 to 1 (below 1): half a word of 64 bits."""
    word = words[k >> 1]
    half = (word >> np.uint64(32)) if k & 1 else (word & np.uint64(0xFFFFFFFF))
    return half * SCALE


@entry
def fill_uniforms(
    found: NDArray[np.float64],
    words: NDArray[np.uint64],
    seed: np.uint64,
    key: NDArray[np.uint64],
    tick: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    """Set ``found`` to the first draws, 0 to 1, of rows of streams on some ticks.

    Parameters
    ----------
    found
        ``[k, draw]``, is overwritten.
    words
        ``[word]``: room for a row of the stream, 64 bits each.
    seed
        Root seed.
    key, tick, row
        ``[k]``, key of the stream, tick and row (replicate) of each.
    """
    for k in range(len(tick)):
        fill(words, seed, key[k], tick[k], row[k])
        for w in range(found.shape[1]):
            found[k, w] = uniform(words, w)


def uniforms(
    seed: int, key: NDArray[np.uint64], tick: NDArray[np.int64], row: NDArray[np.int64], width: int
) -> NDArray[np.float64]:
    """Uniform draws, ``[k, width]``, 0 to 1: the first ``width`` of rows of streams on some ticks.

    ``seed``: root seed; ``key``, ``tick`` and ``row``: ``[k]``, stream, tick and row of each.
    """
    found, words = np.empty((len(tick), width)), np.empty(-(-width // 8) * 4, np.uint64)
    fill_uniforms(found, words, np.uint64(seed), key, tick, row)
    return found


@entry
def fill_rows(words: NDArray[np.uint64], seed: np.uint64, key: np.uint64, count: int) -> None:
    """Fill ``words`` ``[word]`` with the rows 0 to ``count`` of a stream, one after another.

    What the draws of a run cost is measured with it.
    """
    for row in range(count):
        fill(words, seed, key, 1, row)
