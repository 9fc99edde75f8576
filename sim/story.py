"""A path as a dated story: the replicates nearest its median, told act by act with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np

from sim.actions import ACTS, INDEX, LADDER_RUNG, NAMES, Act
from sim.codebook import ActClass, Standing
from sim.errors import InputError, near
from sim.gazetteer import name_of
from sim.log import QUANTUM
from sim.paths import DRAWN_RUNG, FURTHER, Path
from sim.reading import Reading
from sim.reasons import Key, Reason, date_of, share
from sim.retelling import witnessed

NEAREST = 3
"""Replicates told of a path."""


@dataclass(frozen=True)
class Line:
    """One line of a story: when, what, and why (empty where a stretch is summed up)."""

    day: date
    last: date
    what: str
    why: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self) | {"day": str(self.day), "last": str(self.last)}


def leaf_of(reading: Reading, path: str) -> tuple[str, Path]:
    """A path of the first focal pair by its place in the table (1 is the likeliest) or its words.

    Raises
    ------
    InputError
        Where the run has none such, or several.
    """
    leaves = sorted(reading.tree().leaves(), key=lambda leaf: -len(leaf.ended))
    named = [(leaf.label if leaf.turns else reading.still(0), leaf) for leaf in leaves]
    labels = [name for name, _ in named]
    if path.isdigit():
        if not 1 <= int(path) <= len(named):
            raise InputError("path", f"must be 1 to {len(named)}", path)
        return named[int(path) - 1]
    hits = [pair for pair in named if pair[0] == path] or [
        pair for pair in named if path.casefold() in pair[0].casefold()]
    if len(hits) != 1:
        close = near(path, labels)
        raise InputError("path", "is none of this run" if not hits else "means several paths",
                         path, labels if not hits else [name for name, _ in hits],
                         f"write its number, 1 to {len(named)}"
                         + (f", or path={close[0]!r}" if close else ""))
    return hits[0]


def nearest(reading: Reading, leaf: Path, count: int = NEAREST) -> list[int]:
    """Replicates of a path nearest its median, nearest first.

    Nearest in the days of its turns, trust both ways at the horizon and the number of acts between
    the pair, each in units of its standard deviation over the path's replicates.
    """
    members = np.array(leaf.ended)
    end = reading.arrays["focal"][-1, members, 0] / QUANTUM
    acts = reading.arrays["acts"]
    own = acts[np.isin(acts[:, 2], reading.pairs[0]) & np.isin(acts[:, 3], reading.pairs[0])]
    busy = np.bincount(own[:, 0].astype(int), minlength=reading.replicates)[members]
    turns = [t for t in leaf.turns if t != FURTHER]
    days = np.array([[day for day, _ in reading.rows[0][r][:len(turns)]] for r in members]
                    ).reshape(len(members), -1)
    features = np.column_stack([days, end, busy]).astype(float)
    spread = features.std(axis=0)
    features = features[:, spread > 0] / spread[spread > 0]
    distance = ((features - np.median(features, axis=0)) ** 2).sum(axis=1)
    return [int(r) for r in members[np.argsort(distance, kind="stable")[:count]]]


def why(reason: Reason | None) -> str:
    """A reason in one clause."""
    if reason is None:
        return "no reason on record"
    chosen = reason.chosen
    if chosen is None:
        return reason.rule
    others = [a for a in reason.alternatives if a.act in INDEX and a.act != reason.act
              and a.probability >= 0.01]
    best = max(others, key=lambda a: a.probability, default=None)
    told = f"{reason.rule}, {share(chosen.probability)}"
    if best is not None:
        told += f" (else {ACTS[INDEX[best.act]].label} {share(best.probability)})"
    speaks = sorted(((k, v) for k, v in chosen.terms.items() if k != "custom" and abs(v) >= 0.05),
                    key=lambda item: -abs(item[1]))[:2]
    return told + "".join(f"; {name} {value:+.2f}" for name, value in speaks)


@dataclass(frozen=True)
class _Done:
    """An act of a story, with both ends as codes."""

    day: float
    sender: str
    target: str
    act: Act


def story(reading: Reading, reasons: dict[Key, Reason], replicate: int) -> list[Line]:
    """One replicate between the first focal pair, told from the information date to the horizon.

    Parameters
    ----------
    reading, reasons
        From ``retelling.witnessed``.
    replicate
        Its number in the ensemble.
    """
    info = reading.scenario.information_date
    pair = {reading.scenario.states[k] for k in reading.pairs[0]}
    lines: list[Line] = []
    quiet: list[_Done] = []
    turned = _turns(reading)
    for _, group in groupby(_acts(reading), key=lambda done: (done.day, done.sender, done.act)):
        same = list(group)
        done = same[0]
        if not _loud(done.act):
            quiet += same
            continue
        lines += _summed(quiet, info)
        quiet = []
        targets = list(dict.fromkeys(name_of(one.target) for one in same))
        what = f"{name_of(done.sender)}: {done.act.label} ({' and '.join(targets)})"
        if {done.sender, done.target} == pair:
            what += _turn_of(done, turned)
        when = date_of(info, done.day)
        told = reasons.get((replicate, done.day, done.sender, done.target, done.act.name))
        lines.append(Line(when, when, what, why(told)))
    return lines + _summed(quiet, info)


def turning_act(reading: Reading, replicate: int) -> Key | None:
    """Key of the act that first changed the pair's standing; None where none did.

    Parameters
    ----------
    reading
        From ``retelling.witnessed``.
    """
    pair = {reading.scenario.states[k] for k in reading.pairs[0]}
    turned = _turns(reading)
    for done in _acts(reading):
        if {done.sender, done.target} == pair and _turn_of(done, turned):
            return replicate, done.day, done.sender, done.target, done.act.name
    return None


def _turn_of(done: _Done, turned: dict[float, list[tuple[int, int]]]) -> str:
    """What the act did to the pair's standing, in words; takes the turn from the list."""
    for turn in turned.get(done.day, []):
        before, now = turn
        worse = now > before
        moves = {"sever": now == Standing.SEVERED, "restore": before == Standing.SEVERED,
                 "own_recall": worse and now == Standing.RECALLED,
                 "own_charge": worse and now == Standing.DOWNGRADED,
                 "their_charge": worse and now == Standing.DOWNGRADED,
                 "own_return": not worse, "their_return": not worse}
        if any(moves.get(word, False) for word in done.act.leads_to):
            turned[done.day].remove(turn)
            return f"; relations: {Standing(before).label} → {Standing(now).label}"
    return ""


def _acts(reading: Reading) -> Iterator[_Done]:
    """Acts between the pair, of bodies to it and of third states on it, in order of time."""
    from sim.institutions import parties

    name = parties(reading.scenario.states)
    pair = set(reading.pairs[0])
    acts, offers = reading.arrays["acts"], reading.arrays["offers"]
    # who spoke to the pair about its own dispute, and when: others' disputes are other stories
    heard = {(day, who) for _, day, i, j, body, _, _, speaker in offers
             if {int(i), int(j)} == pair for who in (body, speaker)}
    for _, day, sender, target, act in acts[np.argsort(acts[:, 1], kind="stable")]:
        i, j, k = int(sender), int(target), int(act)
        if not {i, j} & pair:
            continue
        own = i in pair and j in pair
        office = ACTS[k].name.startswith(("good_offices", "protecting"))
        if own or (office and {(day, sender), (day, target)} & heard) or (
                j in pair and ACTS[k].rung >= DRAWN_RUNG):
            yield _Done(day - reading.start, name(i), name(j), ACTS[k])


def _loud(act: Act) -> bool:
    return (act.rung >= LADDER_RUNG or bool(act.leads_to) or act.act_class == ActClass.NEUTRAL
            or act.name.startswith(("asylum", "safe_conduct", "good_offices")))


def _summed(quiet: list[_Done], info: date) -> list[Line]:
    """Small acts between two steps, counted."""
    if not quiet:
        return []
    told = []
    for sender, group in groupby(sorted(quiet, key=lambda d: d.sender), key=lambda d: d.sender):
        names = [done.act.name for done in group]
        told.append(f"{name_of(sender)}: " + ", ".join(
            f"{names.count(n)} × {ACTS[INDEX[n]].label}"
            for n in sorted(set(names), key=lambda n: (-names.count(n), NAMES.index(n)))))
    first, last = (date_of(info, done.day) for done in (quiet[0], quiet[-1]))
    return [Line(first, last, "; ".join(told), "")]


def _turns(reading: Reading) -> dict[float, list[tuple[int, int]]]:
    """Changes of the pair's standing, before and after, by day, in their order."""
    low, high = sorted(reading.pairs[0])
    found: dict[float, list[tuple[int, int]]] = {}
    for _, day, i, j, before, now, _ in reading.arrays["turns"]:
        if (i, j) == (low, high):
            found.setdefault(float(day) - reading.start, []).append((int(before), int(now)))
    return found


@dataclass(frozen=True)
class Tale:
    """A path told: its name, how many replicates took it, and the nearest of them."""

    path: str
    replicates: int
    of: int
    median_days: float | None
    stories: dict[int, list[Line]]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {"path": self.path, "replicates": self.replicates, "of": self.of,
                "median_days": self.median_days,
                "stories": {str(r): [line.as_dict() for line in lines]
                            for r, lines in self.stories.items()}}


def tale(reading: Reading, path: str, count: int = NEAREST) -> Tale:
    """A path's ``count`` replicates nearest its median, each simulated again with a witness."""
    label, leaf = leaf_of(reading, path)
    told = {r: story(*witnessed(reading.spec, r), r) for r in nearest(reading, leaf, count)}
    return Tale(label, len(leaf.ended), reading.replicates,
                float(np.median(leaf.days)) if leaf.turns else None, told)
