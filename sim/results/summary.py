"""The summary of a run: the plain data that is printed and saved as summary.json."""

from __future__ import annotations

from typing import Any

from sim.inputs.record import used
from sim.law.vocabulary import Standing
from sim.outcomes.expectations import expectations
from sim.outcomes.run_view import RunView, mean
from sim.world.log import QUANTUM


def effect_of_third_parties(view: RunView, twin: RunView) -> dict[str, Any]:
    """Paired effects of third parties at the horizon, on the twin's replicates.

    ``twin`` is the same run, with the same random draws, without third parties. Returns by outcome
    the mean difference (with minus without) and its 95 % interval: shares, trust (-1 to 1).
    """
    count = twin.replicates
    end = view.tick(view.spec.horizon)
    found: dict[str, Any] = {"replicates": count}
    for label, value in (("severed", Standing.SEVERED), ("ambassadors", Standing.AMBASSADORS)):
        with_, without = (
            (r.arrays["standing"][end, :count, 0] == value).astype(float) for r in (view, twin)
        )
        found[f"{label}_at_end"] = mean(with_ - without)
    for side, name in enumerate((view.name(0), "-".join(reversed(view.scenario.focal[0])))):
        held, bare = (r.arrays["focal"][end, :count, 0, side] / QUANTUM for r in (view, twin))
        found[f"trust_{name}_at_end"] = mean(held - bare)
    return found


def summarise(view: RunView, uncertain: list[str]) -> dict[str, Any]:
    """The summary that ``detente run`` prints and saves, as plain data by key."""
    spec, scenario = view.spec, view.scenario
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "information_date": scenario.information_date.isoformat(),
        "horizon_days": spec.horizon,
        "tick_days": spec.settings.tick_days,
        "replicates": view.replicates,
        "seed": spec.settings.seed,
        "parameter_uncertainty": spec.settings.uncertainty,
        "states": list(scenario.states),
        "dyads": [view.name(k) for k in range(len(view.pairs))],
        "paths": {view.name(k): view.paths(k) for k in range(len(view.pairs))},
        "levels": {view.name(k): view.levels(k) for k in range(len(view.pairs))},
        "trust": {n: v for k in range(len(view.pairs)) for n, v in view.trust(k).items()},
        "within": {view.name(k): view.within(k) for k in range(len(view.pairs))},
        "asylum": view.cases(),
        "third_parties": view.third_parties(),
        "drawn_in": view.drawn_in(),
        "expectations": expectations(view),
        "record": used(spec.record, scenario),
        "standing_uncertain": uncertain,
    }
