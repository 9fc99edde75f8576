"""Results of many points in little memory: packed as text, and unpacked one at a time."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, MutableMapping
from typing import Any


def checksum_of(tree: Any) -> str:
    """SHA-256 of plain data."""
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


class PackedResults(MutableMapping[int, dict[str, Any]]):
    """Results of points by number, in the order of the numbers.

    Plain data of a point takes some 100 KiB as Python objects and 4 KiB packed, so a sweep of
    thousands of points fits. Each access unpacks a copy.
    """

    def __init__(self) -> None:
        self._packed: dict[int, bytes] = {}
        self._sums: dict[int, str] = {}

    def __getitem__(self, number: int) -> dict[str, Any]:
        return dict(json.loads(zlib.decompress(self._packed[number])))

    def __setitem__(self, number: int, results: dict[str, Any]) -> None:
        self._packed[number] = zlib.compress(json.dumps(results).encode(), 1)
        self._sums[number] = checksum_of(results)

    def __delitem__(self, number: int) -> None:
        del self._packed[number], self._sums[number]

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._packed))

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, number: object) -> bool:
        return number in self._packed

    def checksum(self, number: int) -> str:
        """The checksum of a point's results."""
        return self._sums[number]
