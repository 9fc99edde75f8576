"""Where a run came from: version, commit, seed, parameter set, hashes of every file it read."""

from __future__ import annotations

import platform
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.ensemble.code_hash import code_hash, data_hashes
from sim.ensemble.spec import Spec


def commit() -> str:
    """Commit of the checkout that the code runs from, with ``+`` if it was edited."""
    root = Path(str(files("sim"))).resolve().parent
    if not (root / ".git").exists():
        return "none: installed package"
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            timeout=5,
        ).stdout.strip()
        dirty = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            timeout=5,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return head + ("+" if dirty.strip() else "")


def provenance(spec: Spec) -> dict[str, Any]:
    """The content of ``provenance.json``."""
    from importlib.metadata import version

    return {
        "détente": version("detente"),
        "commit": commit(),
        "code": code_hash(),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "mesa": version("mesa"),
        "seed": spec.settings.seed,
        "parameters": "seeds/parameters.yaml"
        + (f" with {len(spec.parameters)} edits" if spec.parameters else ""),
        "parameter_edits": dict(spec.parameters),
        "record_rows_accepted": list(spec.record.accepted),
        "sha256": data_hashes(),
    }
