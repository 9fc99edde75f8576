"""Named random streams: the same draws for any number of replicates, chunks or workers.

A fresh counter-based generator (Philox 4x64, Salmon et al. 2011, SC'11) per seed, stream name and
tick; the counter starts at the replicate's own place, so replicate r reads the same numbers whoever
asks for it and whatever was drawn before.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

SCALE = 2.0**-32


class Streams:
    """Every random number of a run, by name.

    Parameters
    ----------
    seed
        Root seed, 0 <= seed < 2^63.
    repeat
        Where given, row r of a run reads what replicate ``r % repeat`` reads: the points of a
        design lie one after another along the replicate axis, all on the same draws.
    """

    def __init__(self, seed: int, repeat: int | None = None) -> None:
        self.seed, self.repeat = int(seed), repeat
        self._keys: dict[str, int] = {}

    def raw(self, name: str, tick: int, first: int, count: int, width: int) -> NDArray[np.uint32]:
        """``[count, width]`` words of 32 bits for replicates ``first .. first + count``.

        ``tick`` is any integer of at least -2^62 (a tick number; 0 for what is drawn once).
        """
        key = self._keys.get(name)
        if key is None:
            key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
            self._keys[name] = key
        if self.repeat is not None:
            return self._repeated(key, tick, first, count, width, self.repeat)
        return self._words(key, tick, first, count, width)

    def _repeated(self, key: int, tick: int, first: int, count: int, width: int,
                  repeat: int) -> NDArray[np.uint32]:
        """Rows of replicates 0 .. repeat over and over, from row ``first`` on."""
        if count <= repeat - first % repeat:
            return self._words(key, tick, first % repeat, count, width)
        once = self._words(key, tick, 0, repeat, width)
        return once.take(np.arange(first, first + count) % repeat, axis=0)

    def _words(self, key: int, tick: int, first: int, count: int,
               width: int) -> NDArray[np.uint32]:
        """Words of consecutive replicates."""
        blocks = -(-width // 8)  # a Philox block is four words of 64 bits: eight of 32
        generator = np.random.Philox(
            key=np.array([self.seed, key], np.uint64),
            counter=np.array([first * blocks, 0, tick % 2**64, 0], np.uint64))
        words = generator.random_raw(count * blocks * 4).astype("<u8", copy=False)
        return words.view("<u4").reshape(count, blocks * 8)[:, :width]

    def uniform(self, name: str, tick: int, first: int, count: int,
                width: int) -> NDArray[np.float64]:
        """``[count, width]`` uniforms in [0, 1), multiples of 2^-32."""
        return np.multiply(self.raw(name, tick, first, count, width), SCALE, dtype=np.float64)

    def normal(self, name: str, tick: int, first: int, count: int,
               width: int) -> NDArray[np.float64]:
        """``[count, width]`` standard normals, by inversion of :meth:`uniform`."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniform(name, tick, first, count, width) + SCALE / 2))
