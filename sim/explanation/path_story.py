"""Dated stories of a path: its most typical replicates, act by act with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np

from sim.explanation.rerun import recorded_replicate
from sim.explanation.typical_replicates import NEAREST, leaf_of, nearest
from sim.language import tr
from sim.law.acts import ACTS, INDEX, LABELS, LADDER_RUNG, NAMES, Act
from sim.law.vocabulary import ActClass, Standing
from sim.outcomes.paths import DRAWN_RUNG
from sim.outcomes.run_view import RunView
from sim.outcomes.words import party_in_sentence, party_in_words
from sim.world.reason import TERM_WORDS, Key, Reason, date_of, share


@dataclass(frozen=True)
class StoryLine:
    """One line of a story: first and last day, what, and why (empty if it sums up several acts)."""

    day: date
    last: date
    what: str
    why: str

    @property
    def when(self) -> str:
        """The day, or the first and the last day, as text."""
        return str(self.day) if self.day == self.last else f"{self.day} to {self.last}"

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self) | {"day": str(self.day), "last": str(self.last)}


def why(reason: Reason | None) -> str:
    """The reason as one clause of text."""
    if reason is None:
        return "no reason recorded"
    chosen = reason.chosen
    if chosen is None:
        return reason.rule
    others = [
        a
        for a in reason.alternatives
        if a.act in INDEX and a.act != reason.act and a.probability >= 0.01
    ]
    best = max(others, key=lambda a: a.probability, default=None)
    told = f"{reason.rule}, {share(chosen.probability)}"
    if best is not None:
        told += f" (next: {LABELS[best.act]}, {share(best.probability)})"
    speaks = sorted(
        ((k, v) for k, v in chosen.terms.items() if k != "custom" and abs(v) >= 0.05),
        key=lambda item: -abs(item[1]),
    )[:2]
    return told + (
        ""
        if not speaks
        else " (log odds: "
        + ", ".join(f"{TERM_WORDS.get(name, name)} {value:+.2f}" for name, value in speaks)
        + ")"
    )


@dataclass(frozen=True)
class _Done:
    """An act of a story, with both ends as codes."""

    day: float
    sender: str
    target: str
    act: Act


def story(view: RunView, reasons: dict[Key, Reason], replicate: int) -> list[StoryLine]:
    """The story of one replicate for the first focal pair, information date to horizon.

    Parameters
    ----------
    view, reasons
        From ``rerun.recorded_replicate``.
    replicate
        Its number in the ensemble.
    """
    info = view.scenario.information_date
    pair = {view.scenario.states[k] for k in view.pairs[0]}
    lines: list[StoryLine] = []
    quiet: list[_Done] = []
    turned = _turns(view)
    for _, group in groupby(_acts(view), key=lambda done: (done.day, done.sender, done.act)):
        same = list(group)
        done = same[0]
        if not _ladder_acts(done.act):
            quiet += same
            continue
        lines += _summed(quiet, info)
        quiet = []
        targets = list(dict.fromkeys(party_in_sentence(one.target) for one in same))
        sides = {"sender": party_in_sentence(done.sender), "target": tr(" and ").join(targets)}
        what = tr(done.act.sentence, **sides)
        what = what[0].upper() + what[1:]
        if {done.sender, done.target} == pair:
            what += _turn_of(done, turned)
        when = date_of(info, done.day)
        told = reasons.get((replicate, done.day, done.sender, done.target, done.act.name))
        lines.append(StoryLine(when, when, what, why(told)))
    return lines + _summed(quiet, info)


def turning_act(view: RunView, replicate: int) -> Key | None:
    """Key of the act that first changes the pair's standing; None if no act does.

    Parameters
    ----------
    view
        From ``rerun.recorded_replicate``.
    """
    pair = {view.scenario.states[k] for k in view.pairs[0]}
    turned = _turns(view)
    for done in _acts(view):
        if {done.sender, done.target} == pair and _turn_of(done, turned):
            return replicate, done.day, done.sender, done.target, done.act.name
    return None


def _turn_of(done: _Done, turned: dict[float, list[tuple[int, int]]]) -> str:
    """The change of standing by the act, in words; removes the turn from ``turned``."""
    for turn in turned.get(done.day, []):
        before, now = turn
        worse = now > before
        moves = {
            "sever": now == Standing.SEVERED,
            "restore": before == Standing.SEVERED,
            "own_recall": worse and now == Standing.RECALLED,
            "own_charge": worse and now == Standing.DOWNGRADED,
            "their_charge": worse and now == Standing.DOWNGRADED,
            "own_return": not worse,
            "their_return": not worse,
        }
        if any(moves.get(word, False) for word in done.act.leads_to):
            turned[done.day].remove(turn)
            return f" (level of relations: {Standing(before).label} → {Standing(now).label})"
    return ""


def _acts(view: RunView) -> Iterator[_Done]:
    """Acts between the pair, of bodies to it and of third states on it, in order of time."""
    from sim.institutions import parties

    name = parties(view.scenario.states)
    pair = set(view.pairs[0])
    acts, offers = view.acts, view.offers.of_pair(view.pairs[0])
    # offers in the pair's own dispute only: those in other disputes are no part of this story
    public = {
        *zip(offers.day, offers.body, strict=True),
        *zip(offers.day, offers.speaker, strict=True),
    }
    acts = acts.only(np.argsort(acts.day, kind="stable"))
    for day, i, j, k in zip(
        acts.day, acts.sender.tolist(), acts.target.tolist(), acts.act.tolist(), strict=True
    ):
        if not {i, j} & pair:
            continue
        own = i in pair and j in pair
        office = ACTS[k].third_party
        if (
            (own and not office)  # one side may be the third state in a dispute of the other's
            or (office and {(day, i), (day, j)} & public)
            or (j in pair and ACTS[k].rung >= DRAWN_RUNG)
        ):
            yield _Done(day - view.start, name(i), name(j), ACTS[k])


def _ladder_acts(act: Act) -> bool:
    return (
        act.rung >= LADDER_RUNG
        or bool(act.leads_to)
        or act.act_class == ActClass.NEUTRAL
        or act.third_party
        or act.name.startswith(("asylum", "safe_conduct"))
    )


def _summed(quiet: list[_Done], info: date) -> list[StoryLine]:
    """Small acts between two steps, counted."""
    if not quiet:
        return []
    told = []
    for sender, group in groupby(sorted(quiet, key=lambda d: d.sender), key=lambda d: d.sender):
        names = [done.act.name for done in group]
        told.append(
            f"{party_in_words(sender)}: "
            + ", ".join(
                LABELS[n] + (f" ({names.count(n)} times)" if names.count(n) > 1 else "")
                for n in sorted(set(names), key=lambda n: (-names.count(n), NAMES.index(n)))
            )
        )
    first, last = (date_of(info, done.day) for done in (quiet[0], quiet[-1]))
    return [StoryLine(first, last, "; ".join(told), "")]


def _turns(view: RunView) -> dict[float, list[tuple[int, int]]]:
    """Changes of the pair's standing, before and after, by day, in their order."""
    low, high = sorted(view.pairs[0])
    found: dict[float, list[tuple[int, int]]] = {}
    for _, day, i, j, before, now, _ in view.arrays["turns"]:
        if (i, j) == (low, high):
            found.setdefault(float(day) - view.start, []).append((int(before), int(now)))
    return found


@dataclass(frozen=True)
class PathStory:
    """The stories of a path: its label, its number of replicates, the lines by replicate."""

    path: str
    replicates: int
    of: int
    median_days: float | None
    stories: dict[int, list[StoryLine]]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {
            "path": self.path,
            "replicates": self.replicates,
            "of": self.of,
            "median_days": self.median_days,
            "stories": {
                str(r): [line.as_dict() for line in lines] for r, lines in self.stories.items()
            },
        }


def stories_of(view: RunView, path: str, count: int = NEAREST) -> PathStory:
    """Stories of a path's ``count`` most typical replicates, each rerun to get the reasons."""
    label, leaf = leaf_of(view, path)
    told = {r: story(*recorded_replicate(view.spec, r), r) for r in nearest(view, leaf, count)}
    return PathStory(
        label,
        len(leaf.ended),
        view.replicates,
        float(np.median(leaf.days)) if leaf.turns else None,
        told,
    )
