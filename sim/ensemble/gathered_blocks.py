"""Arrays of a run put together block by block as the blocks end; large ones lie on disk."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.spec import Block
from sim.world.rows import TABLES

Arrays = dict[str, NDArray[Any]]
AXIS = {"trust": 1, "focal": 1, "standing": 1, "past": 1, "fingerprint": 1}
"""Axis of the replicates of arrays in which it is not the first."""
SHARED = ("past_day",)
"""Arrays that are the same in every block."""
SPARSE = frozenset((*TABLES, "record"))
"""Arrays with one row per event, or per replicate that has a row; column 0 is the replicate's
number in the ensemble."""
SPILL_BYTES = 64 * 2**20
"""Bytes from which an array lies in a file that is deleted with it, and not in memory."""
SLAB_BYTES = 32 * 2**20
"""Bytes of a large array that are worked on at once."""
PLACE = Path("outputs")
"""Folder of those files: where results go, there is room for them."""


def space(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """An array ``[...]`` to be filled: in memory, or mapped to an unnamed file if it is large."""
    if prod(shape) * np.dtype(dtype).itemsize < SPILL_BYTES:
        return np.empty(shape, dtype)
    try:
        PLACE.mkdir(exist_ok=True)
        file = tempfile.TemporaryFile(dir=PLACE)  # noqa: SIM115 - the array keeps it open
    except OSError:
        file = tempfile.TemporaryFile()  # noqa: SIM115
    return np.memmap(file, dtype, "w+", shape=shape)


def forget_pages(array: NDArray[Any]) -> None:
    """Give back the memory of a mapped array ``[...]``; its content stays in its file."""
    held = getattr(array, "_mmap", None)  # views of a mapped array have it too
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def slabs(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """An iterator over an array ``[replicate, ...]``, some replicates at a time.

    Of a mapped array no more is in memory than one slab.
    """
    step = max(1, SLAB_BYTES // max(1, array[:1].nbytes))
    for first in range(0, len(array), step):
        yield array[first : first + step]
        forget_pages(array)


def taken(array: NDArray[Any], *index: Any) -> NDArray[Any]:
    """``array[:, *index]`` of an array ``[replicate, ...]``, in memory, taken slab by slab."""
    # a view of a slab would bring its pages back when it is read
    return np.concatenate([np.array(slab[(slice(None), *index)]) for slab in slabs(array)])


class Gathered:
    """The arrays of a run whose blocks end in any order.

    Parameters
    ----------
    total
        Replicates of the run.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.blocks: set[Block] = set()
        self._whole: Arrays = {}
        self._rows: dict[str, dict[int, NDArray[Any]]] = {}

    def add(self, block: Block, arrays: Arrays) -> None:
        """Take over the arrays of a block; ``arrays`` loses them."""
        first, size = block
        for name in list(arrays):
            part = arrays.pop(name)
            if name in SPARSE:
                assert (np.diff(part[:, 0]) >= 0).all(), f"{name} in order of replicate"
                self._rows.setdefault(name, {})[first] = part
                continue
            if name not in self._whole:
                self._whole[name] = self._space(name, part, size)
            whole = self._whole[name]
            if whole is not part and name not in SHARED:
                whole[self._slice(name, first, size)] = part
                forget_pages(whole)
        self.blocks.add(block)

    def _space(self, name: str, part: NDArray[Any], size: int) -> NDArray[Any]:
        if name in SHARED or size == self.total:
            return part
        shape = list(part.shape)
        shape[AXIS.get(name, 0)] = self.total
        return space(tuple(shape), part.dtype)

    def _slice(self, name: str, first: int, size: int) -> tuple[slice, ...]:
        axis = AXIS.get(name, 0)
        return (slice(None),) * axis + (slice(first, first + size),)

    def block(self, block: Block) -> Arrays:
        """The arrays of one block, by name."""
        first, size = block
        dense = {
            name: whole if name in SHARED else whole[self._slice(name, first, size)]
            for name, whole in self._whole.items()
        }
        return dense | {name: parts[first] for name, parts in self._rows.items()}

    def whole(self) -> Arrays:
        """The arrays of all replicates, by name; rows of ``SPARSE`` arrays by replicate.

        Rows of each replicate are in the order in which they happened, for any blocks.
        """
        found = dict(self._whole)
        for name in list(self._rows):
            parts = self._rows.pop(name)
            found[name] = stacked([parts.pop(first) for first in sorted(parts)])
        return found


def stacked(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Rows ``[row, column]`` of several parts; ``parts`` loses each as it is copied, for memory."""
    if len(parts) == 1:
        return parts[0]
    whole = np.empty((sum(map(len, parts)), parts[0].shape[1]), parts[0].dtype)
    at = 0
    while parts:
        part = parts.pop(0)
        whole[at : at + len(part)] = part
        at += len(part)
    return whole


def joined(blocks: list[Arrays]) -> Arrays:
    """Arrays of several blocks, in order of replicates, joined along ``[replicate]``, by name.

    The blocks lose their arrays.
    """
    sizes = [_size(arrays) for arrays in blocks]
    gathered = Gathered(sum(sizes))
    first = 0
    for size, arrays in zip(sizes, blocks, strict=True):
        gathered.add((first, size), arrays)
        first += size
    return gathered.whole()


def _size(arrays: Arrays) -> int:
    """Replicates of a block."""
    name = next(name for name in arrays if name not in SPARSE and name not in SHARED)
    return arrays[name].shape[AXIS.get(name, 0)]


def counted_from_zero(arrays: Arrays, first: int) -> Arrays:
    """The arrays of a block, with ``[row]`` replicate numbers from 0 on and not from ``first`` on.

    The given arrays do not change.
    """
    return {
        name: value - (np.arange(value.shape[1]) == 0) * first if name in SPARSE else value
        for name, value in arrays.items()
    }
