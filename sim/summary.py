"""What a run says as a whole: the tree of plain data that is printed and kept as summary.json."""

from __future__ import annotations

from typing import Any

from sim.codebook import Standing
from sim.expectations import expectations
from sim.log import QUANTUM
from sim.reading import Reading, mean


def effect_of_third_parties(reading: Reading, twin: Reading) -> dict[str, Any]:
    """Paired effect: the same draws without third parties, on the twin's replicates.

    Mean differences (with minus without) and their 95 % intervals over replicates.
    """
    count = twin.replicates
    end = reading.tick(reading.spec.horizon)
    found: dict[str, Any] = {"replicates": count}
    for label, value in (("severed", Standing.SEVERED), ("ambassadors", Standing.AMBASSADORS)):
        with_, without = ((r.arrays["standing"][end, :count, 0] == value).astype(float)
                          for r in (reading, twin))
        found[f"{label}_at_end"] = mean(with_ - without)
    for side, name in enumerate((reading.name(0), "-".join(reversed(reading.scenario.focal[0])))):
        held, bare = (r.arrays["focal"][end, :count, 0, side] / QUANTUM for r in (reading, twin))
        found[f"trust_{name}_at_end"] = mean(held - bare)
    return found


def summarise(reading: Reading, uncertain: list[str]) -> dict[str, Any]:
    """All that ``detente run`` prints and ``summary.json`` holds."""
    spec, scenario = reading.spec, reading.scenario
    return {
        "scenario": scenario.name, "title": scenario.title, "question": scenario.question,
        "information_date": scenario.information_date.isoformat(),
        "horizon_days": spec.horizon, "tick_days": spec.settings.tick_days,
        "replicates": reading.replicates, "seed": spec.settings.seed,
        "parameter_uncertainty": spec.settings.uncertainty,
        "states": list(scenario.states), "dyads": [reading.name(k) for k in
                                                   range(len(reading.pairs))],
        "paths": {reading.name(k): reading.paths(k) for k in range(len(reading.pairs))},
        "levels": {reading.name(k): reading.levels(k) for k in range(len(reading.pairs))},
        "trust": {n: v for k in range(len(reading.pairs)) for n, v in reading.trust(k).items()},
        "within": {reading.name(k): reading.within(k) for k in range(len(reading.pairs))},
        "asylum": reading.cases(),
        "third_parties": reading.third_parties(),
        "drawn_in": reading.drawn_in(),
        "expectations": expectations(reading),
        "standing_uncertain": uncertain,
    }
