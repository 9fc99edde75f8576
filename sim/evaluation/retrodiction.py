"""What the model gives to the lines of known crises from the evening before, and the order of acts.

Every crisis is simulated from its information date, with its cause as a shock; each of its lines
then has a share of replicates. The share of k replicates in R is taken as (k + 1/2) / (R + 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.simulate import simulate_block
from sim.ensemble.spec import Spec, specify
from sim.inputs.crisis import Case, Line, standing_number
from sim.inputs.record import Record
from sim.inputs.settings import RunSettings
from sim.institutions import catalogue, parties
from sim.law.acts import INDEX
from sim.law.vocabulary import CaseStatus
from sim.world.rows import ActRows, CaseRows, FallRows, OfferRows, VoteRows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Mechanism:
    """A mechanism of crises, and the edits that switch it off.

    ``parameters`` and ``institutions`` are laid over those of every crisis.
    """

    name: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    institutions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Retrodiction:
    """One simulated crisis.

    Attributes
    ----------
    shares
        ``[line]``, 0 to 1: probability that the line's event comes, whether it did or not.
    days
        ``[line]``, days: median day of the event among replicates in which it comes within the
        line's days; NaN for standings, and if it never comes.
    rupture
        0 to 1: probability that either side of the pair severs relations within the horizon.
    """

    shares: Floats
    days: Floats
    rupture: float


def spec_of(
    case: Case, record: Record, replicates: int, seed: int, mechanism: Mechanism | None = None
) -> Spec:
    """The run of a crisis; no act of the record after the information date is in it."""
    settings = RunSettings.checked(replicates=replicates, seed=seed, workers=1)
    day = case.scenario.information_date
    off = mechanism or Mechanism("")
    return specify(case.scenario, settings, record.until(day), off.parameters, off.institutions)


def retrodict(
    case: Case, record: Record, replicates: int, seed: int, mechanism: Mechanism | None = None
) -> Retrodiction:
    """The crisis simulated ``replicates`` times, with a mechanism switched off if one is given."""
    spec = spec_of(case, record, replicates, seed, mechanism)
    arrays = simulate_block(spec, 0, replicates)
    lines = case.crisis.happened
    first = [first_days(line, case, arrays, replicates) for line in lines]
    shares = np.empty(len(lines))
    days = np.full(len(lines), np.nan)
    for k, line in enumerate(lines):
        hit = first[k] <= case.days(line)
        shares[k] = (hit.sum() + 0.5) / (replicates + 1)
        if line.kind != "standing" and hit.any():
            days[k] = float(np.median(first[k][hit]))
    return Retrodiction(shares, days, _rupture(case, arrays, replicates))


def _rupture(case: Case, arrays: Arrays, replicates: int) -> float:
    """Probability that either side of the pair severs relations within the horizon."""
    a, b = (case.scenario.index(code) for code in case.crisis.pair)
    acts = ActRows.of(arrays["acts"]).between((a, b))
    severed = np.unique(acts.replicate[acts.act == INDEX["relations_severed"]])
    return (len(severed) + 0.5) / (replicates + 1)


def first_days(line: Line, case: Case, arrays: Arrays, replicates: int) -> Floats:
    """First day of a line's event in each replicate, ``[replicate]``, days; infinite if none.

    For a standing: the day asked for if the pair then has it.
    """
    found = np.full(replicates, np.inf)
    if line.kind == "standing":
        held = _standing(line, case, arrays)
        found[held == standing_number(str(line.standing))] = case.days(line)
        return found
    replicate, day = _events(line, case, arrays)
    np.minimum.at(found, replicate, day - case.scenario.information_date.toordinal())
    return found


def _standing(line: Line, case: Case, arrays: Arrays) -> NDArray[np.int8]:
    """Standing of a line's pair on its day, ``[replicate]``, 0 to 3."""
    pairs = [frozenset(pair) for pair in case.scenario.focal]
    return np.asarray(arrays["standing"][case.days(line), :, pairs.index(frozenset(line.pair))])


def _events(line: Line, case: Case, arrays: Arrays) -> tuple[NDArray[np.intp], Floats]:
    """Replicates and days ``[event]`` of the events that a line is about."""
    scenario = case.scenario
    a, b = (scenario.index(code) for code in line.pair)
    if line.act is not None or line.protecting_power is not None:
        acts = ActRows.of(arrays["acts"])
        if line.act is not None:
            own = acts.only((acts.act == INDEX[str(line.act)]) & (acts.sender == a))
            own = own.only(own.target == b)
        else:
            own = acts.only((acts.act == INDEX["protecting_power_named"]) & (acts.target == a))
            name = parties(scenario.states)
            named = np.array([name(k) == line.protecting_power for k in own.sender], bool)
            own = own.only(named) if len(own) else own
        return own.replicate, own.day
    if line.kind == "vote":
        votes = VoteRows.of(arrays["votes"]).of_pair((a, b))
        if line.passed is not None:
            votes = votes.only(votes.passed == line.passed)
        return votes.replicate, votes.day
    if line.kind == "offer":
        offers = OfferRows.of(arrays["offers"]).of_pair((a, b))
        code = -1 - list(catalogue()).index(str(line.offer))
        offers = offers.only(offers.body == code)
        return offers.replicate, offers.day
    if line.kind == "asylee":
        return _stations(line, case, arrays)
    falls = FallRows.of(arrays["falls"])
    falls = falls.only(falls.state == a)
    return falls.replicate, falls.day


def _stations(line: Line, case: Case, arrays: Arrays) -> tuple[NDArray[np.intp], Floats]:
    """Replicates and days ``[event]`` on which a named case of asylum comes to a station."""
    scenario = case.scenario
    named = [*scenario.cases.values()] + [
        shock for shock in scenario.shocks.values() if shock.kind == "asylum_request"
    ]
    slots = [k for k, one in enumerate(named) if (one.host, one.territorial) == line.pair]
    rows = CaseRows.of(arrays["cases"])
    rows = rows.only(np.isin(rows.slot, slots))
    rows = rows.only(rows.status == CaseStatus[str(line.asylee).upper()])
    return rows.replicate, rows.day


def concordance(case: Case, days: Floats) -> tuple[int, int]:
    """Pairs of dated lines that happened on different days: in the right order, and all of them.

    Parameters
    ----------
    case
        The crisis.
    days
        ``[line]``, median simulated days; lines without one are left out.
    """
    dated = [
        (case.days(line), float(days[k]))
        for k, line in enumerate(case.crisis.happened)
        if line.happened and line.kind != "standing" and np.isfinite(days[k])
    ]
    right = total = 0
    for k, (day, ours) in enumerate(dated):
        for other, theirs in dated[k + 1 :]:
            if day != other:
                total += 1
                right += (day < other) == (ours <= theirs)
    return right, total


def line_probability(share: float, line: Line) -> float:
    """Probability that what the line says is true, 0 to 1."""
    return share if line.happened else 1 - share
