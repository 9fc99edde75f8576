"""Compare a neutral simulation with the stylised facts of event data; status 1 on a miss.

usage: detente validate [key=value ...]
       detente validate data=events.csv.gz until=2012-12-31 parameters=PARAMETERS.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.commands import DONE, UNMET
from sim.errors import InputError, require

STEADY = (0.8, 1.25)
"""Range for the rate of the third year divided by that of the first; assumed."""


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("validate", __doc__)


def main(args: list[str]) -> int:
    """Simulate, measure, compare, print."""
    from sim.commands._hydra.plain import settings_of

    config = settings_of("validate", args)
    return DONE if config is None else validated(config)


def validated(config: dict[str, Any]) -> int:
    """One validation, from the settings to the exit status."""
    require("statsmodels", "estimation", "validate")
    from sim.commands._hydra.plain import day_of, events_of, whole_of
    from sim.evaluation import neutral_world
    from sim.evaluation.evidence import refuse_other_evidence
    from sim.evaluation.numbers import Numbers
    from sim.event_data.formats import catalogue
    from sim.results.sealed_folder import refuse_existing, refuse_other

    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    if config["facts"] is not None:
        refuse_other(Path(str(config["facts"])), neutral_world.FACTS_HEADER)
    if config["evidence"] is not None:
        refuse_other_evidence(Path(str(config["evidence"])))
    path = None if config["parameters"] is None else Path(str(config["parameters"]))
    numbers = Numbers.of(path)
    events = None
    if config["facts"] is not None and config["data"] is None:
        raise InputError("facts", "needs data=FILE", config["facts"])
    if config["data"] is not None:
        events = events_of(config, "validate")
    found, steady = neutral_world.fact_checks(
        numbers,
        events,
        day_of(config, "until"),
        whole_of(config, "replicates", 2),
        whole_of(config, "seed"),
    )
    missed = [row.name for row in found if row.binding and not row.inside]
    drifting = [name for name, ratio in steady.items() if not STEADY[0] <= ratio <= STEADY[1]]
    show(found, steady, missed + drifting)
    if config["facts"] is not None and events is not None:
        source = catalogue()[events.format].title
        neutral_world.facts_table(
            Path(str(config["facts"])), found, f"{source} to {config['until'] or 'its last day'}"
        )
    if config["evidence"] is not None:
        from sim.evaluation.evidence import update

        update(
            Path(str(config["evidence"])),
            "facts",
            {
                "replicates": config["replicates"],
                "seed": config["seed"],
                **_tree(found, steady, missed + drifting),
            },
            path,
        )
    if config["output"] is not None:
        _write(Path(str(config["output"])), found, steady, missed + drifting)
    return UNMET if missed or drifting else DONE


def show(found: list[Any], steady: dict[str, float], missed: list[str]) -> None:
    """Print the facts: in the data, in the simulation, and whether they are in the band."""
    from sim.commands._screens.terminal import console, table

    out = console()
    rows = [
        [
            row.name,
            f"{row.data:.3f} ± {row.data_error:.3f}",
            f"{row.simulated:.3f} ± {row.simulated_error:.3f}",
            f"{row.low:.3f} to {row.high:.3f}",
            ("no data" if row.data != row.data else "in" if row.inside else "OUT")
            + (" (binding)" if row.binding else ""),
        ]
        for row in found
    ]
    rows += [
        [
            name,
            "",
            f"{ratio:.3f}",
            f"{STEADY[0]:g} to {STEADY[1]:g}",
            ("in" if STEADY[0] <= ratio <= STEADY[1] else "OUT") + " (binding)",
        ]
        for name, ratio in steady.items()
    ]
    out.print(
        table(
            "Stylised facts in event data and in a neutral simulation (± standard error)",
            ["fact", "data", "simulated", "band", ""],
            rows,
            (1, 2, 3),
        )
    )
    out.print("\nbinding facts outside their band: " + (", ".join(missed) if missed else "none"))


def _write(path: Path, found: list[Any], steady: dict[str, float], missed: list[str]) -> None:
    from sim.results.sealed_folder import as_json, put

    put(path, as_json(_tree(found, steady, missed)))


def _tree(found: list[Any], steady: dict[str, float], missed: list[str]) -> dict[str, Any]:
    """What was measured, as plain data."""
    from dataclasses import asdict

    def number(value: Any) -> Any:
        if not isinstance(value, float):
            return value
        return None if value != value else float(value)  # NumPy's floats are not plain data

    return {
        "facts": [
            {k: number(v) for k, v in asdict(row).items()} | {"inside": bool(row.inside)}
            for row in found
        ],
        "steadiness": {k: float(v) for k, v in steady.items()},
        "missed": missed,
    }
