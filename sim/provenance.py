"""Where a run came from: version, commit, seed, parameter set, hashes of every file it read."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import sim
from sim.config import Parameters
from sim.folder import checksum
from sim.gazetteer import history_files
from sim.home import data_root
from sim.spec import Spec


def inputs() -> dict[str, Path]:
    """Every data file that a run may read, by its name under the data root."""
    root = data_root()
    found = [*sorted((root / "seeds").glob("*.csv")), root / "seeds" / "parameters.yaml",
             *history_files()]
    return {str(path.relative_to(root)): path for path in found}


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 over every module of the package: the same wherever the same code is installed."""
    root = Path(sim.__file__).resolve().parent
    told = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        told.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return told.hexdigest()


@lru_cache(maxsize=1)
def data_hashes() -> dict[str, str]:
    """SHA-256 of every file of :func:`inputs`, by name."""
    return {name: checksum(path) for name, path in inputs().items()}


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
        "détente": sim.__version__, "commit": commit(), "code": code_hash(),
        "python": platform.python_version(),
        "numpy": version("numpy"), "mesa": version("mesa"), "seed": spec.settings.seed,
        "parameters": "seeds/parameters.yaml" + (
            f" with {len(spec.parameters)} edits" if spec.parameters else ""),
        "parameter_edits": dict(spec.parameters),
        "record_rows_accepted": list(spec.record.accepted),
        "sha256": data_hashes(),
    }


def resolved(spec: Spec) -> dict[str, Any]:
    """Everything that the run used, as plain data: enough to run it again."""
    return {
        "scenario": spec.scenario.model_dump(mode="json"),
        "settings": {k: v for k, v in spec.settings.model_dump().items()
                     if k not in ("workers", "block_elements")},
        "parameters": {name: float(value[0]) for name, value in
                       Parameters(spec.parameters).items()},
        "institutions": {name: s.model_dump() for name, s in spec.institutions.items()},
    }


UNHEARD = ("title", "question", "what_ifs", "sources")
"""Keys of a scenario that no simulation hears of."""


def config_hash(spec: Spec) -> str:
    """SHA-256 of all that decides a run's results but code and data: equal hash, equal results."""
    tree = resolved(spec)
    tree["scenario"] = {k: v for k, v in tree["scenario"].items() if k not in UNHEARD}
    # what the command line and the scenario edited is not drawn from its prior, even to its value
    tree["edited"] = sorted(spec.parameters)
    tree["record"] = [(str(e.day), e.sender, e.target, e.act) for e in spec.record.events]
    tree["settings"] |= {"horizon_days": spec.horizon, "twin_replicates": 0}
    if spec.design:
        tree["design"] = [spec.design.names, spec.design.points.tolist(), spec.design.repeat]
    return hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode()).hexdigest()


def software() -> dict[str, str]:
    """What computes: our code by its hash, and the versions of what it stands on."""
    from importlib.metadata import version

    return {"sim": code_hash(), "python": platform.python_version(), "numpy": version("numpy"),
            "scipy": version("scipy"), "mesa": version("mesa")}
