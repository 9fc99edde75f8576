"""Screens of studies: comparisons and sensitivity analyses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands._screens.terminal import BOLD, PLAIN, console, table
from sim.outcomes.words import act_in_words, outcome_in_words, quantity_in_words, trust_in_words
from sim.studies.sensitivity import DESIGN_WORDS, INDEX_WORDS

if TYPE_CHECKING:
    from rich.console import Group

    from sim.results.study import Study

PATHS, FLOWS = 4, 3
"""Rows shown for each what-if: paths that change most, largest flows between paths."""


def finish(study: Study, folder: Path, figures: bool, show: Callable[[Study, str], None]) -> None:
    """Write a study, with its figures if ``figures`` is true, and print it."""
    from sim.figures import save_all

    def draw(work: Path) -> None:
        if figures:
            save_all(study, work / "figures", study.kind)

    study.save(folder, draw)
    show(study, str(folder))


def signed(row: dict[str, Any], digits: int = 3) -> str:
    """A difference with its interval; a dash if it is not defined."""
    if row["difference"] is None:
        return "–"
    low, high = (
        ("?" if row[end] is None else f"{row[end]:+.{digits}f}") for end in ("low", "high")
    )
    return f"{row['difference']:+.{digits}f} ({low} to {high})"


def plain(value: float | None, digits: int = 3) -> str:
    """A number; a dash if it is not defined."""
    return "–" if value is None else f"{value:.{digits}f}"


def show_comparison(study: Study, folder: str) -> None:
    """Print a comparison: the ranking, then each what-if in turn."""
    out, summary = console(), study.summary
    out.print(f"{BOLD}{summary['title']}{PLAIN}: effects of the what-ifs", highlight=False)
    out.print(
        f"scenario {summary['scenario']}: {summary['replicates']:,} replicates of "
        f"{summary['horizon_days']} days from the evening of {summary['information_date']}, "
        f"seed {summary['seed']}; all runs use the same random draws\n"
    )
    ranking = summary["ranking"]
    robust = bool(ranking) and "best_share" in ranking[0]
    columns = ["", "what-if", "without", "with", "difference (95 %)", "remarks"]
    out.print(
        table(
            f"What-ifs by their effect on: {outcome_in_words(summary['outcome'])} (paired)",
            [*columns[:5], *(["best in", "largest regret"] if robust else []), columns[5]],
            [
                [
                    str(row["rank"]),
                    row["title"],
                    plain(row["baseline"]),
                    plain(row["what_if_value"]),
                    signed(row),
                    *([f"{row['best_share']:.0%}", plain(row["largest_regret"])] if robust else []),
                    remarks(row, summary["replicates"]),
                ]
                for row in ranking
            ],
            (0, 2, 3, 4, *((5, 6) if robust else ())),
        )
    )
    if robust:
        out.print(
            "best in: share of parameter worlds in which the what-if is the best one, the base run "
            "included; largest regret: how far it is from the best one in its worst world"
        )
    for row in ranking:
        _what_if(study, row)
    out.print(f"\nfiles: {folder}")


def remarks(row: dict[str, Any], replicates: int) -> str:
    """Whether the effect is significant, how many paths change, when the runs first differ."""
    if not row["parted"]:
        return "changes nothing"
    told = [
        f"{row['changed_path'] / replicates:.0%} of replicates take another path",
        f"{row['parted']:.0%} differ, first on day {row['median_day']:.0f} (median)",
    ]
    if row["low"] is None or row["high"] is None or row["low"] <= 0 <= row["high"]:
        told.insert(0, "no significant difference")
    return "; ".join(told)


def _what_if(study: Study, row: dict[str, Any]) -> None:
    """Print what one what-if changes: paths, level, trust, restoration, flows between paths."""
    out, name, summary = console(), row["what_if"], study.summary
    out.print(f"\n{BOLD}{row['rank']}. {row['title']}{PLAIN} (what_ifs={name})", highlight=False)
    moved = sorted(study.rows("paths", what_if=name), key=lambda r: -abs(r["difference"]))[:PATHS]
    for one in (one for one in moved if one["difference"]):
        out.print(
            f"  {one['path']}: {one['baseline']:.1%} → {one['what_if_value']:.1%}, {signed(one)}"
        )
    effects = {one["measure"]: one for one in study.rows("effects", what_if=name)}
    a, b = summary["dyad"].split("-")
    for label, key in (
        ("relations severed", "severed_at_{}"),
        ("ambassadors on both sides", "ambassadors_at_{}"),
        (f"trust of {trust_in_words(f'{a}-{b}')}", f"trust_{a}_{b}_at_{{}}"),
        (f"trust of {trust_in_words(f'{b}-{a}')}", f"trust_{b}_{a}_at_{{}}"),
    ):
        told = [f"day {day} {signed(effects[key.format(day)], 2)}" for day in summary["horizons"]]
        out.print(f"  {label}: " + "; ".join(told))
    back = effects["days_to_restoration"]
    if back["difference"] is not None:
        out.print(
            f"  days to restoration, cut off at the horizon: {signed(back, 0)}, in "
            f"{back['replicates']} replicates severed in both runs"
        )
    _first_difference(study, name)
    flows = [
        f"{one['replicates']} from “{one['from_path']}” to “{one['to_path']}”"
        for one in study.rows("transitions", what_if=name)
        if one["from_path"] != one["to_path"]
    ][:FLOWS]
    out.print(
        f"  {row['changed_path']} of {summary['replicates']:,} replicates take another path"
        + (": " + "; ".join(flows) if flows else "")
    )


def _first_difference(study: Study, name: str) -> None:
    """Print the act by which most replicates of a what-if run first differ."""
    rows = (
        study.rows("first_differences", what_if=name)
        if ("first_differences" in study.tables)
        else []
    )
    if rows:
        row = rows[0]
        act = act_in_words(row["act"], row["sender"], row["target"])
        told = f"  first act that differs, most often: {act}, only in the {row['only_in']}, in "
        told += f"{row['share']:.0%} of the replicates that differ (median day "
        told += f"{row['median_day']:.0f})"
        reason = row.get("reason")
        console().print(told + (f"; in replicate {row['example']}: {reason}" if reason else ""))


def _indices(study: Study, names: list[str]) -> Group:
    """The first parameters by rank, with some indices and the swing of each alone."""
    swings = {row["parameter"]: row for row in study.rows("tornado")}
    rows = []
    for first in study.rows("indices", index=names[0])[:TOP]:
        name, swing = first["parameter"], swings[first["parameter"]]
        cells = [interval(study.rows("indices", parameter=name, index=index)[0]) for index in names]
        span = f"{swing['low_value']:.2g} to {swing['high_value']:.2g}"
        rows.append([str(first["rank"]), name, *cells, span, f"{swing['swing']:+.3f}"])
    words = [INDEX_WORDS[name] for name in names]
    return table(
        f"Parameters by {words[0]} (95 % interval)",
        ["", "parameter", *words, "alone from … to", "changes it by"],
        rows,
        (0, *range(2, len(names) + 4)),
        (1,),
        (2 + len(names),),
    )


def show_sensitivity(study: Study, folder: str) -> None:
    """Print an analysis: ranked indices, tornado, split of the variance, region of the outcome."""
    out, s = console(), study.summary
    names = [
        s["index"],
        *dict.fromkeys(row["index"] for row in study.rows("indices") if row["index"] != s["index"]),
    ]
    if out.width < WIDE:
        names = names[:1]  # the others are in indices.csv
    out.print(
        f"{BOLD}{s['title']}{PLAIN}: what drives the {quantity_in_words(s['outcome'])}?",
        highlight=False,
    )
    error = (
        ""
        if s["monte_carlo_error"] is None
        else (f"; Monte Carlo error of a point {s['monte_carlo_error']:.3f}")
    )
    out.print(
        f"scenario {s['scenario']}: {DESIGN_WORDS[s['design']]} design, {s['points']:,} points "
        f"by {s['replicates']} "
        f"replicates of {s['horizon_days']} days, same random draws, {len(s['parameters'])} "
        f"parameters ({s['span']} ranges), seed {s['seed']}; mean {s['mean']:.3f}, standard "
        f"deviation over points {s['sd_over_points']:.3f}{error}\n"
    )
    out.print(_indices(study, names))
    if len(s["parameters"]) > TOP:
        out.print(f"… and {len(s['parameters']) - TOP} more: {folder}/indices.csv")
    if s["variance"]:
        rows = [
            [r["source"], f"{r['share']:.1%}", f"{r['low']:.1%} to {r['high']:.1%}"]
            for r in s["variance"]
        ]
        title = "Sources of the variance of a single forecast"
        out.print()
        out.print(table(title, ["source", "share", "95 % interval"], rows, (1, 2)))
    else:
        out.print(
            "\nno split of the variance: a Morris design is not a sample from the priors "
            "(use design=sobol or design=lhs)"
        )
    if "discovery" in s:
        _discovery(s)
    out.print(f"\nfiles: {folder}")


WIDE = 120
"""Columns of a terminal from which all indices are shown."""
TOP = 20
"""Parameters shown on the terminal."""


def interval(row: dict[str, Any]) -> str:
    """A value, with its interval if it has one."""
    if row["low"] is None or row["high"] is None:
        return plain(row["value"])
    return f"{plain(row['value'])} ({plain(row['low'])} to {plain(row['high'])})"


def _discovery(summary: dict[str, Any]) -> None:
    found, out = summary["discovery"], console()
    sign = "at least" if found["wanted"] == "high" else "at most"
    out.print(
        f"\nPoints at which the {quantity_in_words(summary['outcome'])} is {sign} "
        f"{found['threshold']:.3f}: "
        f"{found['share']:.0%} of all. The parameter region below holds "
        f"{found['coverage']:.0%} of them; {found['density']:.0%} of its points are such"
    )
    for row in found["limits"]:
        out.print(
            f"  {row['parameter']}: {row['low']:.3g} to {row['high']:.3g} (quasi-p "
            f"{plain(row['quasi_p'])})"
        )
    if not found["limits"]:
        out.print("  no limit on a parameter separates these points")
