"""The screen of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.commands._screens.terminal import BOLD, PLAIN, console, table
from sim.inputs.countries import name_of
from sim.outcomes.words import (
    STATIONS,
    dyad_in_words,
    outcome_in_words,
    party_in_words,
    power_in_words,
    trust_in_words,
)

if TYPE_CHECKING:
    from sim.evaluation.precedents import Precedents


SHOWN_PATHS = 10
"""Paths that the screen shows; it sums the others up."""


def percent(row: dict[str, float]) -> str:
    """A probability with its 95 % interval, in per cent."""
    return f"{row['probability']:6.1%}  ({row['low']:.1%} to {row['high']:.1%})"


def show(summary: dict[str, Any], asylees: dict[str, str], known: Precedents) -> None:
    """Print the summary of a run (the content of ``summary.json``), beside known cases like it."""
    out = console()
    out.print(f"{BOLD}{summary['title']}{PLAIN}")
    out.print(f"{summary['question']}")
    out.print(
        f"scenario {summary['scenario']}: {summary['replicates']:,} replicates of "
        f"{summary['horizon_days']} days from the evening of {summary['information_date']}, "
        f"{len(summary['states'])} states, seed {summary['seed']}, parameters "
        f"{'drawn from their priors' if summary['parameter_uncertainty'] else 'fixed'}\n"
    )
    for dyad in summary["dyads"]:
        _paths(summary, dyad)
        if dyad == summary["dyads"][0]:
            for sentence in known.told:
                out.print(f"Reference class ({known.words}): {sentence}")
        _levels(summary, dyad)
        _trust(summary, dyad)
    _cases(summary, asylees)
    _third_parties(summary)
    _expectations(summary)
    out.print(f"\n{record_line(summary)}")
    for line in summary["standing_uncertain"]:
        out.print(f"uncertain: {line}")


SHOWN_DYADS = 4
"""Dyads whose rows of record the screen counts."""


def record_line(summary: dict[str, Any]) -> str:
    """Which records a run uses, and how many rows its dyads have."""
    record = summary["record"]
    if not record["files"]:
        return "record: none; relations start at their long-run level"
    files = ", ".join(f"{count:,} rows of {name}" for name, count in record["files"].items())
    dyads = [f"{dyad_in_words(name)} {count}" for name, count in record["dyads"].items()]
    told = ", ".join(dyads[:SHOWN_DYADS]) or "none"
    if rest := list(record["dyads"].values())[SHOWN_DYADS:]:
        told += f", {len(rest)} further dyads {sum(rest)}"
    unused = [f"{record[key]} {key}" for key in ("before", "after") if record[key]]
    left = f"; rows outside these days: {' and '.join(unused)}" if unused else ""
    return f"record replayed on {record['days']}: {files}; rows by dyad: {told}{left}"


def show_folder(folder: object) -> None:
    """Print where the files of a run are."""
    console().print(f"\nfiles: {folder}")


def _paths(summary: dict[str, Any], dyad: str) -> None:
    rows = []
    shown = summary["paths"][dyad][:SHOWN_PATHS]
    for row in shown:
        median = "" if row["median_days"] is None else f"{row['median_days']:.0f}"
        rows.append([row["path"], percent(row), median])
    if rest := summary["paths"][dyad][SHOWN_PATHS:]:
        left = sum(row["probability"] for row in rest)
        rows.append([f"{len(rest)} further paths (paths.csv)", f"{left:6.1%}", ""])
    title = f"Paths of {dyad_in_words(dyad)} (95 % interval; they sum to 100 %)"
    console().print(table(title, ["path", "probability", "median day"], rows, (1, 2)))


def _levels(summary: dict[str, Any], dyad: str) -> None:
    levels = summary["levels"][dyad]
    names = list(levels["0"])
    rows = [[day, *(f"{levels[day][n]:.1%}" for n in names)] for day in levels]
    console().print()
    console().print(
        table("Level of relations", ["day", *names], rows, tuple(range(len(names) + 1)))
    )


def _trust(summary: dict[str, Any], dyad: str) -> None:
    pair = set(dyad.split("-"))
    trust = {name: row for name, row in summary["trust"].items() if set(name.split("-")) == pair}
    rows = []
    for day in next(iter(trust.values())):
        cells = [row[day] for row in trust.values()]
        rows.append(
            [day, *(f"{c['mean']:+.2f} ({c['q05']:+.2f} to {c['q95']:+.2f})" for c in cells)]
        )
    title = "Trust, mean (5 to 95 % of replicates), −1 to +1"
    console().print()
    console().print(table(title, ["day", *map(trust_in_words, trust)], rows, (0, 1, 2)))


def _cases(summary: dict[str, Any], asylees: dict[str, str]) -> None:
    for name, stations in summary["asylum"].items():
        told = [
            f"{STATIONS.get(word, word)} {row['probability']:.0%}"
            + (f" (median day {row['median_days']:.0f})" if row["median_days"] is not None else "")
            for word, row in stations.items()
            if row["probability"] > 0
        ]
        console().print(f"\nAsylum case of {asylees.get(name, name)}: " + "; ".join(told))


def _third_parties(summary: dict[str, Any]) -> None:
    out, parties = console(), summary["third_parties"]
    rows = [
        [party_in_words(name), percent(row["offered"]), percent(row["accepted"])]
        for name, row in parties.items()
        if "offered" in row
    ]
    if rows:
        out.print()
        out.print(
            table("Third parties", ["who", "offered", "accepted by both"], rows, (1, 2), (0,))
        )
        for name, vote in ((name, row["vote"]) for name, row in parties.items() if "vote" in row):
            out.print(
                f"{party_in_words(name)}, put to a vote in {vote['held']:.0%}; mean vote: "
                f"{vote['for']:.0f} for, "
                f"{vote['against']:.0f} against, {vote['abstain']:.0f} abstain; two-thirds "
                f"majority in {vote['two_thirds']:.0%} of votes"
            )
    else:
        out.print("\nThird parties: no offer in any replicate")
    for name, row in parties.items():
        if name != "effect" and "offered" not in row:
            out.print(
                f"{party_in_words(name)}: "
                + ", ".join(f"{power_in_words(k)} {v:.0%}" for k, v in list(row.items())[:6])
            )
    effect = parties.get("effect")
    if effect:
        told = [
            f"{outcome_in_words(key)} {row['mean']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
            for key, row in effect.items()
            if isinstance(row, dict)
        ]
        out.print(
            f"Effect of third parties (compared with the same run without them, "
            f"{effect['replicates']} replicates): " + "; ".join(told)
        )
    _drawn_in(summary)


def _drawn_in(summary: dict[str, Any]) -> None:
    """Third states that are drawn in: what the crisis adds, or the shares if there is no twin."""
    told = "Third states that withdraw or expel an ambassador, or sever relations with a party"
    effect = summary.get("drawn_in_effect")
    if effect:
        rows = [
            f"{name_of(code)} {row['mean']:+.1%} ({row['low']:+.1%} to {row['high']:+.1%})"
            for code, row in list(effect["states"].items())[:6]
        ]
        told += (
            f" (compared with the same run without the shocks, {effect['replicates']} replicates)"
        )
    else:
        rows = [f"{name_of(code)} {share:.1%}" for code, share in summary["drawn_in"].items()][:6]
    console().print(f"{told}: " + (", ".join(rows) or "none"))


def _expectations(summary: dict[str, Any]) -> None:
    if not summary["expectations"]:
        return
    console().print()
    console().print(
        table(
            "Expectations",
            ["", "expectation", "result", "range"],
            [
                [
                    "met" if row["met"] else "NOT MET",
                    row["what"],
                    f"{row['value']:.3f}",
                    f"{row['low']:g} to {row['high']:g}",
                ]
                for row in summary["expectations"]
            ],
            (2,),
        )
    )
