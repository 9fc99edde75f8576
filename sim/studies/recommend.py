"""Which act of a state helps most towards a goal: every lawful act, screened and then ranked.

First every candidate is simulated with few replicates, on the same random draws. Candidates that
are clearly worse than another are dropped by the screening procedure of Nelson, Swann, Goldsman and
Song (2001, Operations Research 49:950, sec. 4), with the variance of paired differences. The
survivors are then simulated with more replicates and ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.executors import Site
from sim.ensemble.spec import Spec
from sim.errors import InputError
from sim.inputs.record import standing_of
from sim.inputs.scenario import AsylumRequest, Scenario
from sim.inputs.scenario_file import parse
from sim.language import day_in_words
from sim.law.acts import ACTS
from sim.law.ladder import unmet
from sim.law.vocabulary import ActClass
from sim.outcomes.expression import Outcome
from sim.outcomes.measures import is_share
from sim.outcomes.words import act_in_words, party_in_sentence
from sim.studies.paired_effects import paired
from sim.studies.sensitivity import measured_alike
from sim.studies.sweep.points import lean

Floats = NDArray[np.float64]
NOTHING = "no further act"
"""The candidate that changes nothing."""
DAYS = (1, 30, 90)
"""Days after the information date on which an act is tried."""
ERROR = 0.05
"""Chance that the screening drops the best candidate."""
UNLAWFUL = ("coercion", "use_of_force", "show_of_force", "premises_raided")
"""Acts that international law forbids (UN Charter art. 2(4), VCDR arts. 22 and 29): not tried."""
RULES = ("asylum_granted", "asylum_refused", "safe_conduct_granted", "safe_conduct_denied")
"""Acts that belong to a case of asylum: tried as decisions on the case, not by themselves."""


@dataclass(frozen=True)
class Candidate:
    """An act that a state may do: its name, what a reader sees, the run, and the act alone.

    Attributes
    ----------
    name
        Name of the run; empty for doing nothing.
    title
        The act as a sentence, with its day.
    spec
        The run with the act.
    """

    name: str
    title: str
    spec: Spec


def candidates(spec: Spec, side: str, days: Sequence[int] = DAYS) -> list[Candidate]:
    """What a state may do: nothing, every lawful act on each day, and decisions on its asylum case.

    An act is lawful if the ladder of the pair allows it on the information date (``law.ladder``)
    and it is none of ``UNLAWFUL``; on its day it still happens only if it is lawful then.

    Raises
    ------
    InputError
        If ``side`` is no side of the first focal pair.
    """
    case = spec.scenario
    if side not in case.focal[0]:
        raise InputError("for", "must be a side of the first focal pair", side, case.focal[0])
    other = next(code for code in case.focal[0] if code != side)
    found = [Candidate("", NOTHING, spec)]
    ladder = standing_of(spec.record, case.information_date, side, other)
    for act in ACTS:
        if (
            act.third_party
            or act.name in (*UNLAWFUL, *RULES)
            or (act.act_class == ActClass.NEUTRAL and act.name != "restoration_offered")
            or act.ground == "force"
            or unmet(act, ladder)
        ):
            continue
        for day in days:
            when = case.information_date + timedelta(day)
            shock = {"kind": "act", "day": when, "sender": side, "target": other, "act": act.name}
            title = f"{day_in_words(when)}: {act_in_words(act.name, side, other)}"
            name = f"{act.name}_{day}"
            found.append(Candidate(name, title, _with(spec, {"recommended": shock})))
    return found + _decisions(spec, side)


def _with(spec: Spec, shocks: dict[str, Any]) -> Spec:
    """The run with further shocks, or with edits of its shocks."""
    tree = spec.scenario.model_dump(mode="json")
    tree["shocks"] = {
        **tree["shocks"],
        **{name: {**tree["shocks"].get(name, {}), **edits} for name, edits in shocks.items()},
    }
    return replace(spec, scenario=parse(tree, spec.scenario.name))


def _decisions(spec: Spec, side: str) -> list[Candidate]:
    """Decisions of a state on the requests of asylum of a scenario, as far as they are open."""
    found = []
    who = party_in_sentence(side)
    who = who[0].upper() + who[1:]
    for name, shock in spec.scenario.shocks.items():
        if not isinstance(shock, AsylumRequest):
            continue
        if shock.host == side and shock.decision == "open":
            options = {"granted": "grants asylum", "refused": "refuses asylum"}
            key = "decision"
        elif shock.territorial == side and shock.safe_conduct == "open":
            options = {"granted": "grants the safe-conduct", "denied": "denies the safe-conduct"}
            key = "safe_conduct"
        else:
            continue
        for value, words in options.items():
            title = f"{who} {words} ({shock.asylee})"
            found.append(Candidate(f"{name}_{value}", title, _with(spec, {name: {key: value}})))
    return found


def last_day(scenario: Scenario, goal_days: int, horizon: int) -> date:
    """The last day of the runs: the goal's, or the horizon's if that is later."""
    return scenario.information_date + timedelta(max(goal_days, horizon))


def outcomes(
    site: Site,
    chosen: Sequence[Candidate],
    outcome: Outcome,
    count: int,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Floats:
    """The goal in each replicate of each candidate, ``[candidate, replicate]``; NaN if undefined.

    Raises
    ------
    InputError
        If the goal is an expression over means, and has no value in a replicate.
    """
    specs = {}
    for one in chosen:
        plan = lean(one.spec)
        settings = plan.settings.model_copy(update={"replicates": count})
        specs[one.name] = replace(plan, settings=settings)
    found = measured_alike(site, specs, outcome, on_progress)
    rows = [outcome.each(found[one.name]) for one in chosen]
    if any(row is None for row in rows):
        rule = "must be one question, not arithmetic"
        raise InputError("goal", rule, outcome.text, remedy='goal="ambassadors by 2026-12-31"')
    return np.stack([np.asarray(row) for row in rows])


def survivors(values: Floats, error: float = ERROR) -> NDArray[np.bool_]:
    """Which candidates ``[candidate]`` may be the best, from ``[candidate, replicate]``.

    A candidate is kept unless another is better by more than t times the standard error of their
    paired difference, with t for ``error`` shared among the other candidates (Nelson et al. 2001,
    eqs. 3 and 4). Half a replicate for and against is added to each variance.
    """
    from scipy.stats import t

    k, n = values.shape
    if k < 2:
        return np.ones(k, bool)
    means = values.mean(axis=1)
    level = (1 - error) ** (1 / (k - 1))
    edge = float(t.ppf(level, n - 1))
    keep = np.ones(k, bool)
    for i in range(k):
        gaps = values - values[i]
        variance = gaps.var(axis=1, ddof=1) + 1.0 / n
        behind = means - means[i] > edge * np.sqrt(variance / n)
        keep[i] = not behind.any()
    return keep


def ranked(chosen: Sequence[Candidate], values: Floats) -> list[dict[str, Any]]:
    """Rows of the candidates, the best first: value, difference to doing nothing, regret.

    ``values`` ``[candidate, replicate]``, the first candidate is doing nothing. Intervals of the
    differences are 95 % for all candidates together (Bonferroni); ``regret`` is how far the mean is
    from the best one's, on the same draws.
    """
    from scipy.stats import norm

    means = values.mean(axis=1)
    many = max(1, len(chosen) - 1)
    wider = float(norm.ppf(1 - 0.025 / many) / norm.ppf(0.975))
    rows = []
    for one, own, mean in zip(chosen, values, means, strict=True):
        gap, low, high = paired(own, values[0])
        rows.append(
            {
                "name": one.name,
                "act": one.title,
                "value": float(mean),
                "difference": gap,
                "low": gap - (gap - low) * wider,
                "high": gap + (high - gap) * wider,
                "regret": float(means.max() - mean),
                "replicates": values.shape[1],
                "share": is_share(values),
            }
        )
    return sorted(rows, key=lambda row: -row["value"])


def helps(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of acts that help: their interval lies above zero."""
    return [row for row in rows if row["name"] and row["low"] > 0]
