"""The first page of a run: answer, reference class, why, what to watch, how sure, what changes it.

The screen of ``detente run`` prints the same sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sim.language import day_in_words, tr
from sim.law.acts import LABELS
from sim.law.vocabulary import TURNS
from sim.outcomes.estimative_words import bracketed
from sim.outcomes.intervals import wilson
from sim.outcomes.words import (
    STATIONS,
    act_in_words,
    asylees_of,
    dyad_in_words,
    outcome_in_words,
    path_in_words,
    percent,
    state_in_words,
    trust_in_words,
)
from sim.report.gaps import gaps

if TYPE_CHECKING:
    from sim.evaluation.precedents import Precedents
    from sim.results.run import Results
    from sim.results.study import Study

CAUSES = {
    "forgetting": "the passing of time",
    "handover": "new governments",
    "bystander": "acts against third states",
    "drift": "drift",
    "noise": "noise",
}
"""Items of the ledger that are no acts."""
WATCHED, CAUSED = 3, 3
"""Most signposts of each turn, and causes of each direction, that the page shows."""


@dataclass(frozen=True)
class Part:
    """A part of the first page: its heading, and its sentences."""

    head: str
    told: tuple[str, ...]


def parts_of(
    results: Results,
    known: Precedents,
    comparison: Study | None = None,
    analysis: Study | None = None,
) -> list[Part]:
    """The parts of the first page of a run, in their order, in the language that is set."""
    parts = [
        Part(tr("Answer"), tuple(answer(results))),
        Part(tr("Reference class"), tuple(reference(results, known))),
        Part(tr("Why"), tuple(why(results))),
        Part(tr("What to watch"), tuple(watch(results))),
        Part(tr("How sure"), tuple(sure(results))),
        Part(tr("What would change it"), tuple(change(results, comparison, analysis))),
    ]
    return [part for part in parts if part.told]


def interval(row: dict[str, Any]) -> str:
    """A share with its 95 % interval, and the word of the scale that is set."""
    p, low, high = (percent(row[key]) for key in ("probability", "low", "high"))
    return tr("{p} ({low} to {high})", p=p, low=low, high=high) + bracketed(row["probability"])


def headline(results: Results) -> str:
    """The turn that a run is about: a rupture, or restoration if relations are severed."""
    s = results.summary
    return "restored" if s["levels"][s["dyads"][0]]["0"]["severed"] > 0.5 else "severed"


def ever(results: Results, turn: str) -> dict[str, Any]:
    """Share of replicates in which a turn happens at any time, with its 95 % interval."""
    days = results.tables["replicates"][turn]
    count = len(days) - days.null_count
    low, high = wilson(count, len(days))
    return {"probability": count / len(days), "low": low, "high": high}


def answer(results: Results) -> list[str]:
    """Likeliest path, the headline turn, levels on the last day, trust, the asylum case."""
    s = results.summary
    dyad = s["dyads"][0]
    pair, horizon = dyad_in_words(dyad), s["horizon_days"]
    first = s["paths"][dyad][0]
    last = date.fromisoformat(s["information_date"]) + timedelta(horizon)
    found = [
        tr(
            "The likeliest path of {pair} within {days} days: “{path}”, {share}.",
            pair=pair,
            days=horizon,
            path=path_in_words(first["path"]),
            share=interval(first),
        )
    ]
    if headline(results) == "severed":
        broken = interval(ever(results, "severed"))
        found.append(tr("Relations are severed at some time in {share}.", share=broken))
    held = s["levels"][dyad][str(horizon)]
    levels = ", ".join(f"{tr(name)} {percent(part)}" for name, part in held.items() if part)
    found.append(tr("On {day}: {levels}.", day=day_in_words(last), levels=levels))
    told = []
    for name, row in s["trust"].items():
        if set(name.split("-")) == set(dyad.split("-")):
            start, end = (f"{row[key]['mean']:+.2f}" for key in ("0", str(horizon)))
            words = trust_in_words(name)
            told.append(tr("{pair} {start} to {end}", pair=words, start=start, end=end))
    found.append(tr("Mean trust: {told}.", told="; ".join(told)))
    return found + _cases(results)


def _cases(results: Results) -> list[str]:
    asylees = asylees_of(results.config["scenario"])
    found = []
    for name, stations in results.summary["asylum"].items():
        told = [
            f"{tr(STATIONS.get(word, word))} {percent(row['probability'])}"
            for word, row in stations.items()
            if row["probability"] > 0
        ]
        if told:
            who = asylees.get(name, name)
            found.append(tr("Asylum case of {who}: {told}.", who=who, told=", ".join(told)))
    return found


def reference(results: Results, known: Precedents) -> list[str]:
    """The known cases like this one, and what the run says beside them."""
    found = [f"{known.words}: {'; '.join(known.told)}."]
    s = results.summary
    within = s["within"][s["dyads"][0]]
    if "severed_30" in known.counts and "30" in within["severed"]:
        hits, of = known.counts["severed_30"]
        row = within["severed"]["30"]
        found.append(
            tr(
                "A rupture within 30 days: this run {share}; the class {hits} of {of}.",
                share=interval(row),
                hits=hits,
                of=of,
            )
        )
    start = s["levels"][s["dyads"][0]]["0"]
    if max(start, key=lambda name: start[name]) == "downgraded":
        found.append(
            tr(
                "What differs from the class: this pair has no ambassador to recall or to expel; "
                "the next step down is a rupture."
            )
        )
    return found


def why(results: Results) -> list[str]:
    """What moves trust in each direction: the largest items of its account."""
    found = []
    rows = results.tables["ledger"].to_pylist()
    focal = set(results.focal[0])
    for name in dict.fromkeys(row["dyad"] for row in rows):
        if set(name.split("-")) != focal:
            continue
        own = {row["item"]: row["change"] for row in rows if row["dyad"] == name}
        total = own.pop("total", 0.0)
        largest = sorted(own.items(), key=lambda item: -abs(item[1]))[:CAUSED]
        told = "; ".join(
            f"{tr(CAUSES.get(item, LABELS.get(item, item)))} {value:+.2f}"
            for item, value in largest
        )
        found.append(
            tr(
                "Trust of {pair} changes by {total}: {told}.",
                pair=trust_in_words(name),
                total=f"{total:+.2f}",
                told=told,
            )
        )
    return found


def watch(results: Results) -> list[str]:
    """Acts that make the headline turn, or ambassadors' return, more or less likely."""
    found = []
    rows = results.summary.get("signposts", [])
    turns = ["severed", "ambassadors_back"]
    if headline(results) == "restored":
        turns = [turn for turn in TURNS if turn.startswith("restored")]
    for turn in turns:
        for row in [r for r in rows if r["watch"] == turn][:WATCHED]:
            found.append(
                tr(
                    "{act} by day {day}: the odds of “{turn}” are {ratio} times as high "
                    "({low} to {high}; the act comes in {a} of {n} replicates with it, {b} of {m} "
                    "without).",
                    act=act_in_words(row["act"], row["sender"], row["target"]),
                    day=row["by_day"],
                    turn=tr(TURNS[turn]),
                    ratio=f"{row['ratio']:.1f}",
                    low=f"{row['low']:.1f}",
                    high=f"{row['high']:.1f}",
                    a=row["path_hits"],
                    n=row["path_n"],
                    b=row["other_hits"],
                    m=row["other_n"],
                )
            )
    return found or [tr("No act tells the paths apart beyond chance; more replicates may.")]


def sure(results: Results) -> list[str]:
    """Monte Carlo error, quality of information, and what the model is worth."""
    s = results.summary
    error = f"{98 / s['replicates'] ** 0.5:.1f}"
    found = [
        tr(
            "The intervals are those of {count:,} replicates (at most ±{error} points); they do "
            "not contain the doubt about the rules.",
            count=s["replicates"],
            error=error,
        )
    ]
    found += [quality(results), *gaps(results)]
    unmet = [row["what"] for row in s["expectations"] if not row["met"]]
    if unmet:
        told = "; ".join(unmet)
        found.append(tr("Expectations of the scenario that are NOT MET: {told}.", told=told))
    return found


def quality(results: Results) -> str:
    """A sentence on the information behind the start, with counts."""
    s = results.summary
    held = s["record"].get("confidence", {})
    pair = dyad_in_words(s["dyads"][0])
    unknown = len(s["standing_uncertain"])
    if not held:
        return tr("No act of {pair} is on record; the start is assumed.", pair=pair)
    told = ", ".join(f"{count} {tr(word)}" for word, count in held.items())
    return tr(
        "The start rests on {count} recorded acts of {pair} (confidence: {told}); returns of "
        "ambassadors that the record does not know: {unknown}.",
        count=sum(held.values()),
        pair=pair,
        told=told,
        unknown=unknown,
    )


def change(
    results: Results, comparison: Study | None = None, analysis: Study | None = None
) -> list[str]:
    """Third parties, what-ifs and key assumptions, as far as they were simulated."""
    s = results.summary
    found, effect = [], s["third_parties"].get("effect")
    if effect:
        told = "; ".join(
            f"{outcome_in_words(key)} {row['mean']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
            for key, row in effect.items()
            if isinstance(row, dict)
        )
        found.append(tr("All third parties together: {told}.", told=told))
    drawn = s.get("drawn_in_effect")
    if drawn and drawn["states"]:
        code, row = next(iter(drawn["states"].items()))
        text = "Most likely to be drawn in by the crisis: {state}, {mean} ({low} to {high})."
        shares = {key: f"{row[key]:+.1%}" for key in ("mean", "low", "high")}
        chance = row["low"] <= 0 <= row["high"]
        told = tr(text, state=state_in_words(code), **shares)
        found.append(told + (" " + tr("No significant difference.") if chance else ""))
    if comparison is not None:
        from sim.report.answer import strongest

        told = strongest(comparison)
        found.append(told[0].upper() + told[1:] + ".")
    if analysis is not None and "tornado" in analysis.tables:
        for row in analysis.rows("tornado")[:WATCHED]:
            found.append(
                tr(
                    "If {parameter} were at its other end: {low} to {high}.",
                    parameter=row["parameter"],
                    low=f"{row['at_low']:.3f}",
                    high=f"{row['at_high']:.3f}",
                )
            )
    return found
