"""Hashes of the program and of its data: equal hashes, equal results."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sim.inputs.countries import history_files
from sim.inputs.data_root import data_root


def inputs() -> dict[str, Path]:
    """Every data file that a run may read, by its name under the data root."""
    root = data_root()
    found = [
        *sorted((root / "seeds").glob("*.csv")),
        root / "seeds" / "parameters.yaml",
        *history_files(),
    ]
    return {str(path.relative_to(root)): path for path in found}


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 over every module of the package; equal wherever the same code is installed."""
    root = Path(str(files("sim"))).resolve()
    told = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        told.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return told.hexdigest()


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
        "scipy": version("scipy"),
        "mesa": version("mesa"),
    }


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
