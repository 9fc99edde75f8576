"""Named random streams: the same draws for any number of replicates, blocks or workers.

Each seed, stream name and tick has its own counter-based generator (Philox 4x64, Salmon et al.
2011, SC'11). The counter starts at the replicate's own place, so replicate r gets the same numbers
in any block, and whatever was drawn before.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

SCALE = 2.0**-32
"""Factor from a 32-bit word to a uniform in [0, 1)."""


class Streams:
    """Every random number of a run, by name of the stream.

    Parameters
    ----------
    seed
        Root seed, 0 to 2^63 - 1.
    repeat
        If given, row r of a run gets the draws of replicate ``r % repeat``. The points of a design
        lie one after another along the replicate axis, and all have the same draws.
    """

    def __init__(self, seed: int, repeat: int | None = None) -> None:
        self.seed, self.repeat = int(seed), repeat
        self._keys: dict[str, int] = {}

    def key(self, name: str) -> int:
        """Key of a stream, 0 to 2^64 - 1."""
        key = self._keys.get(name)
        if key is None:
            key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
            self._keys[name] = key
        return key

    def raw(self, name: str, tick: int, first: int, count: int, width: int) -> NDArray[np.uint32]:
        """Random words, ``[replicate, width]``, integers 0 to 2^32 - 1.

        Rows are the ``count`` replicates from ``first`` on. ``tick`` is any integer from -2^62 on
        (the number of a tick, or 0 for a single draw).
        """
        key = self.key(name)
        if self.repeat is not None:
            return self._repeated(key, tick, first, count, width, self.repeat)
        return self._words(key, tick, first, count, width)

    def _repeated(
        self, key: int, tick: int, first: int, count: int, width: int, repeat: int
    ) -> NDArray[np.uint32]:
        """Words of replicates 0 to repeat - 1, repeated, from row ``first`` on."""
        if count <= repeat - first % repeat:
            return self._words(key, tick, first % repeat, count, width)
        once = self._words(key, tick, 0, repeat, width)
        return once.take(np.arange(first, first + count) % repeat, axis=0)

    def _words(self, key: int, tick: int, first: int, count: int, width: int) -> NDArray[np.uint32]:
        """Words of consecutive replicates."""
        blocks = -(-width // 8)  # a Philox block is four words of 64 bits: eight of 32
        generator = np.random.Philox(
            key=np.array([self.seed, key], np.uint64),
            counter=np.array([first * blocks, 0, tick % 2**64, 0], np.uint64),
        )
        words = generator.random_raw(count * blocks * 4).astype("<u8", copy=False)
        return words.view("<u4").reshape(count, blocks * 8)[:, :width]

    def uniform(
        self, name: str, tick: int, first: int, count: int, width: int
    ) -> NDArray[np.float64]:
        """Uniform draws, ``[replicate, width]``, 0 to 1 (below 1), multiples of 2^-32."""
        return np.multiply(self.raw(name, tick, first, count, width), SCALE, dtype=np.float64)

    def normal(
        self, name: str, tick: int, first: int, count: int, width: int
    ) -> NDArray[np.float64]:
        """Standard normal draws, ``[replicate, width]``, by inversion of :meth:`uniform`."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniform(name, tick, first, count, width) + SCALE / 2))
