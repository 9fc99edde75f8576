"""How far to believe the model: measured skill and stylised facts, kept beside the seeds.

``seeds/evidence.yaml`` is written by ``detente backtest … evidence=FILE`` and ``detente validate
evidence=FILE``, never by hand. Each section names the parameter values and the rules that it was
measured with, by a hash of the values and a hash of what the rules do, so that a report can say
if it belongs to others. Words in the parameter file, and code that computes the same, change
neither.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import specify
from sim.errors import InputError
from sim.estimation.known_cases import cases
from sim.evaluation.numbers import Numbers
from sim.evaluation.projection import at_rest, projected
from sim.evaluation.simulated_days import without_acts
from sim.inputs.data_root import data_root
from sim.inputs.scenario_file import load
from sim.inputs.settings import RunSettings
from sim.results.sealed_folder import put

HEAD = "# How the model did against the record; written by `detente backtest` and `validate`.\n"
SECTIONS = ("skill", "facts", "crises")


def place() -> Path:
    """Path of the shipped file."""
    return data_root() / "seeds" / "evidence.yaml"


def values_hash(path: Path | None = None) -> str:
    """SHA-256 of the numbers of a parameter file (None: the shipped one), its words left out.

    Value, range and prior of each parameter, shares of acts, and what dyads have in common.
    """
    import yaml

    path = path or data_root() / "seeds" / "parameters.yaml"
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    return _hash(_numbers({name: part for name, part in tree.items() if name != "about"}))


def _numbers(tree: Any) -> Any:
    """Plain data without its texts: numbers and truth values, by key and place."""
    if isinstance(tree, dict):
        kept = {str(key): _numbers(value) for key, value in tree.items()}
        return {key: value for key, value in kept.items() if value is not None}
    if isinstance(tree, list):
        return [_numbers(value) for value in tree]
    return tree if isinstance(tree, (bool, int, float)) else None


def _hash(tree: Any) -> str:
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def rules_hash() -> str:
    """SHA-256 of what the rules do: acts and trust of two small simulations.

    One is of the main scenario with its record (asylum, third parties, restoration), one of dyads
    at rest as backtests have them. Trust is in steps of 1/32767, so that the last bits of a
    floating-point library do not matter.
    """
    case = load("chavez_asylum_2025")
    settings = RunSettings.checked(
        replicates=3, horizon_days=60, uncertainty=False, all_events=True, workers=1
    )
    arrays = simulate_block(specify(case, settings), 0, 3)
    empty = without_acts(("AAA", "BBB", "CCC"), np.array([(0, 1), (0, 2), (1, 2)]))
    numbers = Numbers.of(None)
    rows = projected(empty, at_rest(empty, numbers, date(2013, 1, 1)), numbers, 1, 0, 20, 90)
    parts: list[NDArray[Any]] = [arrays["trust"].astype(np.int16)]
    parts += [_sorted(arrays["acts"]), _sorted(rows.matrix())]
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def _sorted(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows ``[row, column]`` in order of their columns, the first one first."""
    return np.ascontiguousarray(rows[np.lexsort(rows.T[::-1])])


def update(path: Path, section: str, tree: dict[str, Any], parameters: Path | None) -> None:
    """Replaces a section of the file at ``path``; the other sections stay.

    Raises
    ------
    InputError
        If the file holds something else.
    """
    import yaml

    held = refuse_other_evidence(path)
    held[section] = {"parameters": values_hash(parameters), "rules": rules_hash(), **tree}
    put(
        path,
        HEAD
        + yaml.safe_dump(
            {name: held[name] for name in SECTIONS if name in held},
            sort_keys=False,
            allow_unicode=True,
        ),
    )


def refuse_other_evidence(path: Path) -> dict[str, Any]:
    """The sections of a file of evidence; empty if there is no file.

    Raises
    ------
    InputError
        If the file holds something else.
    """
    from sim.inputs.yaml_file import read_yaml

    if not path.exists():
        return {}
    held = read_yaml(path)
    if not set(held) <= set(SECTIONS):
        raise InputError(str(path), "is no file of evidence and is not overwritten")
    return held


@lru_cache(maxsize=1)
def shipped() -> dict[str, Any]:
    """The shipped sections by name; ``current``: measured with these values and rules."""
    import yaml

    if not place().is_file():
        return {}
    held: dict[str, Any] = yaml.safe_load(place().read_text(encoding="utf-8"))
    now = values_hash(), rules_hash()
    return {
        name: {**tree, "current": (tree["parameters"], tree["rules"]) == now}
        for name, tree in held.items()
    }


def precedents() -> dict[str, int]:
    """Numbers of known cases behind the estimates of restoration and asylum, by kind.

    Of ``seeds/ruptures.csv``, those that ``known_cases`` uses: ruptures outside war, and asylums of
    Latin America only.
    """
    known = [c for c in cases() if not c.war]
    asylums = [c for c in known if c.kind == "asylum" and c.region == "LAC"]
    ruptures = [c for c in known if c.kind != "asylum"]
    return {
        "severances": sum(c.kind == "severance" for c in ruptures),
        "downgrades": sum(c.kind == "downgrade" for c in ruptures),
        "asylums": len(asylums),
        "severances_americas": sum(c.kind == "severance" and c.region == "LAC" for c in ruptures),
        "open": sum(not c.ended for c in [*ruptures, *asylums]),
    }
