"""First days on which what a question asks about happens, one for each replicate."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.inputs.countries import trade
from sim.law.acts import ACTS, INDEX, LADDER_RUNG
from sim.law.vocabulary import TURNS, ActClass, CaseStatus, Standing
from sim.outcomes.paths import first_days
from sim.outcomes.run_view import RunView
from sim.rules.consequences import trade_at_risk
from sim.world.rows import CaseRows

Floats = NDArray[np.float64]
RESTORED = "restored"
"""Relations restored in whatever way, as a word of measures."""
STATIONS = (
    CaseStatus.GRANTED,
    CaseStatus.REFUSED,
    CaseStatus.DENIED,
    CaseStatus.LEFT,
    CaseStatus.RAIDED,
)


def plain(name: str) -> str:
    """A name as a measure may hold it."""
    return re.sub(r"[^0-9A-Za-z]", "_", name)


def first_day(view: RunView, base: str) -> Floats:
    """First day of what a measure's name asks about, ``[replicate]``; infinite if never.

    Days are counted from the information date.

    Raises
    ------
    KeyError
        If the name is none.
    InputError
        If the run does not keep the act.
    """
    for k in range(len(view.pairs)):
        mark = "_" + view.name(k).replace("-", "_")
        word = base.removesuffix(mark)
        if word == base and k:
            continue
        if word in TURNS:
            return first_days(view.rows[k], word)
        if word == RESTORED:
            return restored(view, k)
        if word == "ambassadors":
            return with_ambassadors(view, k)
    if hit := re.fullmatch(r"act_([A-Z]{3})_([A-Z]{3})_(\w+)", base):
        return _act(view, hit[1], hit[2], hit[3])
    if hit := re.fullmatch(r"protects_([A-Z]{3})_([A-Z]{3})", base):
        return _protects(view, hit[1], hit[2])
    return _station(view, base)


def restored(view: RunView, k: int) -> Floats:
    """First day on which relations are restored, in whatever way, ``[replicate]``, days."""
    ways = [first_days(view.rows[k], word) for word in TURNS if word.startswith("restored")]
    return np.asarray(np.minimum.reduce(ways))


def with_ambassadors(view: RunView, k: int) -> Floats:
    """First day after the start with ambassadors on both sides, ``[replicate]``, days."""
    held = view.arrays["standing"][1:, :, k] == Standing.AMBASSADORS
    days = view.spec.days[1:]
    if not len(days):
        return np.full(view.replicates, np.inf)
    return np.where(held.any(axis=0), days[held.argmax(axis=0)], np.inf)


def _firsts(view: RunView, replicate: NDArray[np.intp], day: Floats) -> Floats:
    """The earliest day of rows ``[row]`` for each replicate."""
    found = np.full(view.replicates, np.inf)
    np.minimum.at(found, replicate, day - view.start)
    return found


def _act(view: RunView, sender: str, target: str, name: str) -> Floats:
    """First day of an act of one state towards another; ``ANY`` is any party."""
    states, act = view.scenario.states, ACTS[INDEX[name]]
    focal = {frozenset(pair) for pair in view.scenario.focal}
    logged = act.rung >= LADDER_RUNG or bool(act.leads_to) or act.act_class == ActClass.NEUTRAL
    if not (logged or frozenset((sender, target)) in focal or view.spec.settings.all_events):
        rule = "a run keeps this act of focal pairs only"
        raise InputError("outcome", rule, f"{sender}>{target} {name}", remedy="events=all")
    rows = view.acts.only(view.acts.act == INDEX[name])
    if sender != "ANY":
        rows = rows.only(rows.sender == states.index(sender))
    if target != "ANY":
        rows = rows.only(rows.target == states.index(target))
    return _firsts(view, rows.replicate, rows.day)


def _protects(view: RunView, power: str, side: str) -> Floats:
    """First day on which a state is named protecting power for a side of the first pair."""
    from sim.institutions import catalogue, parties

    name = parties(view.scenario.states)
    low, high = (view.scenario.states[i] for i in sorted(view.pairs[0]))
    bodies = [-1 - k for k, body in enumerate(catalogue().values()) if not body.MEDIATES]
    rows = view.offers.of_pair(view.pairs[0])
    rows = rows.only(np.isin(rows.body, bodies))
    accepts = {low: rows.low_accepts, high: rows.high_accepts}
    if side not in accepts:
        rule = "must be a side of the first focal pair"
        raise InputError("outcome", rule, side, [low, high])
    own = rows.only(accepts[side].astype(bool))
    own = own.only(np.array([name(int(i)) == power for i in own.speaker], bool))
    return _firsts(view, own.replicate, own.day)


def _station(view: RunView, base: str) -> Floats:
    """First day of a station of an asylum case, or of a third party's offer."""
    from sim.institutions import catalogue

    names = view.case_names()
    for status in STATIONS:
        slots = [
            slot
            for slot, name in enumerate(names)
            if base in (f"asylum_{plain(name)}_{status.label}", f"asylee_{status.label}")
        ]
        if slots:
            rows = CaseRows.of(view.arrays["cases"])
            rows = rows.only(np.isin(rows.slot, slots) & (rows.status == status))
            return _firsts(view, rows.replicate, rows.day)
    offers = view.offers.of_pair(view.pairs[0])
    for k, body in enumerate(catalogue()):
        own = offers.only(offers.body == -1 - k)
        if base == f"{body}_offered":
            return _firsts(view, own.replicate, own.day)
        if base == f"{body}_accepted":
            return _firsts(view, own.accepted().replicate, own.accepted().day)
    raise KeyError(base)


def at_risk(view: RunView, exporter: str, importer: str) -> Floats:
    """Yearly exports at risk, USD million, ``[replicate]``: the middle of the known range.

    Raises
    ------
    InputError
        If no trade of the two states is sourced.
    """
    rows = [flow for flow in trade() if (flow.exporter, flow.importer) == (exporter, importer)]
    if not rows or {exporter, importer} != set(view.scenario.focal[0]):
        known = sorted(f"{f.exporter}>{f.importer}" for f in trade())
        told = f"{exporter}>{importer}"
        raise InputError("outcome", "no trade of the first focal pair is sourced", told, known)
    severed = (view.arrays["standing"][1:, :, 0] == Standing.SEVERED).mean(axis=0)
    flow = max(rows, key=lambda row: (row.year, row.usd_mn))
    low, high = trade_at_risk(flow.usd_mn, severed)
    return np.asarray((low + high) / 2)
