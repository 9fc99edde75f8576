"""How far to believe the model: measured skill and stylised facts, kept beside the seeds.

``seeds/evidence.yaml`` is written by ``detente backtest … evidence=FILE`` and ``detente validate
evidence=FILE``, never by hand; each section names the parameter file (by its SHA-256) that it was
measured with, so that a reader is told when it is of other numbers.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.folder import checksum, put
from sim.home import data_root
from sim.survival import cases

HEAD = "# How the model did against the record; written by `detente backtest` and `validate`.\n"
SECTIONS = ("skill", "facts")


def place() -> Path:
    """The shipped file."""
    return data_root() / "seeds" / "evidence.yaml"


def parameters_hash() -> str:
    """SHA-256 of the shipped parameter file."""
    return checksum(data_root() / "seeds" / "parameters.yaml")


def update(path: Path, section: str, tree: dict[str, Any], parameters: Path | None) -> None:
    """Put a section of the file in the place of the old one, the others stay.

    Raises
    ------
    InputError
        Where the file holds something else.
    """
    import yaml

    held: Any = {}
    if path.is_file():
        held = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        if not isinstance(held, dict) or not set(held) <= set(SECTIONS):
            raise InputError(str(path), "is no file of evidence", ", ".join(map(str, held))[:80],
                             SECTIONS)
    used = parameters_hash() if parameters is None else checksum(parameters)
    held[section] = {"parameters_sha256": used, **tree}
    put(path, HEAD + yaml.safe_dump({name: held[name] for name in SECTIONS if name in held},
                                    sort_keys=False, allow_unicode=True))


@lru_cache(maxsize=1)
def shipped() -> dict[str, Any]:
    """The shipped sections, each with ``current``: whether it is of the shipped parameters."""
    import yaml

    if not place().is_file():
        return {}
    held: dict[str, Any] = yaml.safe_load(place().read_text(encoding="utf-8"))
    return {name: {**tree, "current": tree["parameters_sha256"] == parameters_hash()}
            for name, tree in held.items()}


def precedents() -> dict[str, int]:
    """How many known cases restoration and asylum are estimated from (``seeds/ruptures.csv``).

    Those that ``survival`` uses: ruptures outside war, safe-conducts of Latin America alone.
    """
    known = [c for c in cases() if not c.war]
    asylums = [c for c in known if c.kind == "asylum" and c.region == "LAC"]
    ruptures = [c for c in known if c.kind != "asylum"]
    return {"severances": sum(c.kind == "severance" for c in ruptures),
            "downgrades": sum(c.kind == "downgrade" for c in ruptures),
            "asylums": len(asylums),
            "severances_americas": sum(c.kind == "severance" and c.region == "LAC"
                                       for c in ruptures),
            "open": sum(not c.ended for c in [*ruptures, *asylums])}
