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


def drawn_in_effect(view: RunView, quiet: RunView) -> dict[str, Any]:
    """What the crisis adds to the chance that each third state is drawn in, by code.

    ``quiet`` is the same run, with the same random draws, without the shocks. Returns the mean
    difference of shares with its 95 % interval, the greatest first, and the number of replicates.
    """
    count = quiet.replicates
    found: dict[str, Any] = {}
    for code in view.scenario.states:
        if code in view.scenario.focal[0]:
            continue
        with_, without = (r.drawn_by(code)[:count].astype(float) for r in (view, quiet))
        if with_.any() or without.any():
            found[code] = mean(with_ - without)
    ordered = sorted(found.items(), key=lambda item: -abs(item[1]["mean"]))
    return {"replicates": count, "states": dict(ordered)}


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
