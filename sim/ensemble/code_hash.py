"""Hashes of the program and of its data: equal hashes, equal results."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from pathlib import Path

from sim.inputs.countries import history_files
from sim.inputs.data_root import data_root
from sim.rules.compiled import code_hash as code_hash


def inputs() -> dict[str, Path]:
    """Every data file that a run may read, by its name under the data root."""
    root = data_root()
    found = [
        *sorted((root / "seeds").glob("*.csv")),
        *sorted((root / "seeds" / "world").glob("*.csv")),
        root / "seeds" / "parameters.yaml",
        *history_files(),
    ]
    return {str(path.relative_to(root)): path for path in found}


@lru_cache(maxsize=1)
def data_hashes() -> dict[str, str]:
    """SHA-256 of every file of :func:`inputs`, by name."""
    return {name: checksum(path) for name, path in inputs().items()}


def software() -> dict[str, str]:
    """What computes: the hash of our code, and the versions of the packages that it uses."""
    from importlib.metadata import version

    return {
        "sim": code_hash(),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "numba": version("numba"),
        "scipy": version("scipy"),
        "mesa": version("mesa"),
    }


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
