"""Where a run came from: version, commit, seed, parameter set, hashes of every file it read."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from pathlib import Path
from typing import Any

import sim
from sim.experiment import Spec
from sim.gazetteer import history_files
from sim.home import data_root


def inputs() -> dict[str, Path]:
    """Every data file that a run may read, by its name under the data root."""
    root = data_root()
    found = [*sorted((root / "seeds").glob("*.csv")), root / "seeds" / "parameters.yaml",
             *history_files()]
    return {str(path.relative_to(root)): path for path in found}


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def commit() -> str:
    """Commit of the checkout that the code runs from, with ``+`` where it was edited."""
    root = Path(sim.__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return "none: installed package"
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True,
                              text=True, check=True, timeout=5).stdout.strip()
        dirty = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], cwd=root,
                               capture_output=True, text=True, check=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return head + ("+" if dirty.strip() else "")


def provenance(spec: Spec) -> dict[str, Any]:
    """What ``provenance.json`` holds."""
    from importlib.metadata import version

    return {
        "détente": sim.__version__, "commit": commit(), "python": platform.python_version(),
        "numpy": version("numpy"), "mesa": version("mesa"), "seed": spec.settings.seed,
        "parameters": "seeds/parameters.yaml" + (
            f" with {len(spec.parameters)} edits" if spec.parameters else ""),
        "parameter_edits": dict(spec.parameters),
        "record_rows_accepted": list(spec.record.accepted),
        "sha256": {name: file_hash(path) for name, path in inputs().items()},
    }
