"""The screen of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.commands._screens.terminal import BOLD, PLAIN, aside, console, table
from sim.inputs.countries import name_of
from sim.language import tr
from sim.law.vocabulary import TURNS
from sim.outcomes.words import (
    STATIONS,
    act_in_words,
    dyad_in_words,
    outcome_in_words,
    party_in_words,
    path_in_words,
    power_in_words,
    trust_in_words,
)
from sim.report.brief import parts_of

if TYPE_CHECKING:
    from sim.evaluation.precedents import Precedents
    from sim.results.run import Results


SHOWN_PATHS = 6
"""Paths that the screen shows; it sums the others up."""


def percent(row: dict[str, float]) -> str:
    """A probability with its 95 % interval, in per cent."""
    span = tr("({low} to {high})", low=f"{row['low']:.1%}", high=f"{row['high']:.1%}")
    return f"{row['probability']:6.1%}  {span}"


def show(results: Results, known: Precedents) -> None:
    """Print the first screen of a run: the answer, and what it rests on."""
    out, summary = console(), results.summary
    out.print(f"{BOLD}{tr(summary['title'])}{PLAIN}")
    out.print(tr(summary["question"]))
    _setup(summary)
    for dyad in summary["dyads"]:
        _paths(summary, dyad)
    for part in parts_of(results, known):
        out.print(f"\n{BOLD}{part.head}{PLAIN}", highlight=False)
        for sentence in part.told:
            out.print(f"  {sentence}")
    out.print("  " + tr("To try: {commands}", commands="; ".join(next_commands(summary))))


def next_commands(summary: dict[str, Any]) -> list[str]:
    """Commands that say more about what would change the answer."""
    name = f"scenario={summary['scenario']}"
    return [f"detente compare {name}", f"detente assumptions {name}"]


def _setup(summary: dict[str, Any]) -> None:
    """Print what was run."""
    drawn = "drawn from their priors" if summary["parameter_uncertainty"] else "fixed"
    console().print(
        tr(
            "scenario {name}: {count:,} replicates of {days} days from the evening of {day}, "
            "{states} states, seed {seed}, parameters {drawn}",
            name=summary["scenario"],
            count=summary["replicates"],
            days=summary["horizon_days"],
            day=summary["information_date"],
            states=len(summary["states"]),
            seed=summary["seed"],
            drawn=tr(drawn),
        )
        + "\n"
    )


def details(summary: dict[str, Any], asylees: dict[str, str], known: Precedents) -> str:
    """What the first screen leaves out, as the text of ``details.txt``."""
    with aside() as text:
        out = console()
        out.print(f"{summary['title']}\n")
        for dyad in summary["dyads"]:
            _paths(summary, dyad, len(summary["paths"][dyad]))
            _levels(summary, dyad)
            _trust(summary, dyad)
        _cases(summary, asylees)
        _third_parties(summary)
        _signposts(summary)
        _needs(summary)
        _expectations(summary)
        for sentence in known.told:
            out.print(f"\nReference class ({known.words}): {sentence}")
        out.print(f"\n{record_line(summary)}")
        for line in summary["standing_uncertain"]:
            out.print(f"uncertain: {line}")
    return text.getvalue()


def _signposts(summary: dict[str, Any]) -> None:
    rows = [signpost_cells(row) for row in summary.get("signposts", [])]
    if rows:
        console().print()
        console().print(table("Signposts", SIGNPOST_COLUMNS, rows, (1, 3, 4, 5)))


SIGNPOST_COLUMNS = ["path", "by day", "act", "on the path", "on others", "likelihood ratio (95 %)"]


def signpost_cells(row: dict[str, Any]) -> list[str]:
    """A signpost as cells of a table."""
    return [
        tr(TURNS.get(row["watch"], row["watch"])),
        str(row["by_day"]),
        act_in_words(row["act"], row["sender"], row["target"]),
        f"{row['path_hits']} of {row['path_n']}",
        f"{row['other_hits']} of {row['other_n']}",
        f"{row['ratio']:.1f} ({row['low']:.1f} to {row['high']:.1f})",
    ]


def _needs(summary: dict[str, Any]) -> None:
    rows = [
        [row["needed"], f"{row['replicates']} of {row['of']}", percent_of(row)]
        for row in summary.get("restoration_needs", [])
    ]
    if rows:
        title = "What came before relations were restored, or ambassadors were back"
        console().print()
        console().print(table(title, ["what", "replicates", "share (95 %)"], rows, (1, 2)))


def percent_of(row: dict[str, Any]) -> str:
    """The share of a row with its interval."""
    return percent({"probability": row["share"], "low": row["low"], "high": row["high"]})


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
    told = tr("levels, trust, third parties and expectations: details.txt and the tables")
    console().print("\n" + tr("files: {folder}", folder=folder) + f" ({told})")


def _paths(summary: dict[str, Any], dyad: str, most: int = SHOWN_PATHS) -> None:
    rows = []
    shown = summary["paths"][dyad][:most]
    for row in shown:
        median = "" if row["median_days"] is None else f"{row['median_days']:.0f}"
        rows.append([path_in_words(row["path"]), percent(row), median])
    if rest := summary["paths"][dyad][most:]:
        left = sum(row["probability"] for row in rest)
        told = tr("{count} further paths (paths.csv)", count=len(rest))
        rows.append([told, f"{left:6.1%}", ""])
    pair = dyad_in_words(dyad)
    title = tr("Paths of {pair} (95 % interval; they sum to 100 %)", pair=pair)
    columns = [tr("path"), tr("probability"), tr("median day")]
    console().print(table(title, columns, rows, (1, 2)))


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
