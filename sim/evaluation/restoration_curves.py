"""How long ruptures and downgrades last, in simulations and in known cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import specify
from sim.estimation.known_cases import cases
from sim.evaluation.coded_record import REGION
from sim.inputs.record import Record
from sim.inputs.scenario import HandoverShock, Scenario, ScheduledAct
from sim.inputs.settings import RunSettings
from sim.law.vocabulary import Standing
from sim.world.rows import TurnRows

Floats = NDArray[np.float64]


def restorations(
    rupture: bool,
    years: int,
    replicates: int,
    seed: int,
    parameters: dict[str, float] | None = None,
) -> tuple[Floats, NDArray[np.int_]]:
    """Days [case] until simulated ruptures are restored, and whether [case] they are, 1 or 0.

    Cases are pairs by replicates; days are cut off at the horizon. Six pairs of the region rupture
    on one day; every state has a new leader of unknown ideology every four and a half years, on
    days that are spread evenly.
    """
    start = date(2021, 6, 30)
    pairs = [(REGION[2 * k], REGION[2 * k + 1]) for k in range(6)]
    act = "relations_severed" if rupture else "ambassador_expelled"
    shocks: dict[str, Any] = {
        f"s{k}": ScheduledAct(kind="act", day=start + timedelta(1), sender=a, target=b, act=act)
        for k, (a, b) in enumerate(pairs)
    }
    term = 1643
    for k, code in enumerate(REGION):
        for turn in range(-(-years * 365 // term) + 1):
            day = start + timedelta(30 + round(term * (k / len(REGION) + turn)))
            shocks[f"h{k}_{turn}"] = HandoverShock(
                kind="handover", day=day, state=code, ideology=0.0, deviation=0.5
            )
    scenario = Scenario(
        name="ruptures",
        title="ruptures",
        question="when are they restored?",
        information_date=start,
        record_from=start,
        horizon_days=365 * years,
        states=REGION,
        roster=0,
        calendar=False,
        focal=tuple(pairs),
        shocks=shocks,
        sources=("assumed",),
    )
    spec = specify(
        scenario,
        RunSettings.checked(replicates=replicates, seed=seed, workers=1),
        Record(()),
        parameters,
    )
    turns = TurnRows.of(simulate_block(spec, 0, replicates)["turns"])
    limit = Standing.SEVERED if rupture else Standing.DOWNGRADED
    waited, ended = [], []
    index = {code: k for k, code in enumerate(REGION)}
    for a, b in pairs:
        own = turns.of_pair((index[a], index[b]))
        for replicate in range(replicates):
            back = own.day[(own.replicate == replicate) & (own.before >= limit) & (own.now < limit)]
            ended.append(int(len(back) > 0))
            waited.append((back[0] - start.toordinal() - 1) if len(back) else 365 * years)
    return np.array(waited, float), np.array(ended)


def kaplan_meier(days: Floats, ended: NDArray[np.int_], at: Floats) -> tuple[Floats, Floats]:
    """Shares [day], 0 to 1, that have ended by the days ``at``, and standard errors (Greenwood).

    ``days`` [case], ``ended`` [case] 1 or 0 (censored); by statsmodels.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    if not ended.any():
        return np.zeros(len(at)), np.zeros(len(at))
    curve = SurvfuncRight(np.maximum(days, 0.5), ended)
    times, survive, error = (
        np.asarray(v) for v in (curve.surv_times, curve.surv_prob, curve.surv_prob_se)
    )
    place = np.searchsorted(times, at, side="right") - 1
    share = np.where(place >= 0, 1 - survive[np.maximum(place, 0)], 0.0)
    return share, np.where(place >= 0, error[np.maximum(place, 0)], 0.0)


AT = (30.0, 91.0, 182.0, 365.0, 730.0, 1095.0, 1460.0, 1825.0)
"""Days at which curves are read."""


def curves(simulated: dict[str, list[tuple[Floats, NDArray[np.int_]]]]) -> list[dict[str, Any]]:
    """Rows of Kaplan-Meier curves, share restored 0 to 1: known cases beside simulated ones.

    ``simulated``: by kind, blocks of days ``[spell]`` and of ``[spell]`` 1 if restored, 0 if not.
    """
    found = []
    for kind, blocks in simulated.items():
        known = [case for case in cases() if case.kind == kind and not case.war]
        for who, days, ended in (
            (
                "known cases",
                np.array([c.days for c in known]),
                np.array([int(c.ended) for c in known]),
            ),
            (
                "simulated",
                np.concatenate([d for d, _ in blocks]),
                np.concatenate([e for _, e in blocks]),
            ),
        ):
            at = np.array(AT)
            for day, s, e in zip(at, *kaplan_meier(days, ended, at), strict=True):
                low, high = max(0.0, s - 1.96 * e), min(1.0, s + 1.96 * e)
                row = {"kind": kind, "who": who, "days": float(day), "restored": float(s)}
                found.append(row | {"low": float(low), "high": float(high), "cases": len(days)})
    return found
