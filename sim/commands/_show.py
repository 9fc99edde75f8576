"""Screens of studies: comparisons and sensitivity analyses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands._terminal import console, table

if TYPE_CHECKING:
    from sim.study import Study

PATHS, FLOWS = 4, 3
"""Rows shown for each what-if: paths that change most, largest flows between paths."""


def finish(study: Study, folder: Path, figures: bool, show: Callable[[Study, str], None]) -> None:
    """Write a study, with its figures where they are wanted, and print it."""
    from sim.figures import save_all
    from sim.study import save_study

    def draw(work: Path) -> None:
        if figures:
            save_all(study, work / "figures", study.kind)

    save_study(study, folder, draw)
    show(study, str(folder))


def signed(row: dict[str, Any], digits: int = 3) -> str:
    """A difference with its interval; a dash where it has no meaning."""
    if row["difference"] is None:
        return "–"
    low, high = (("?" if row[end] is None else f"{row[end]:+.{digits}f}")
                 for end in ("low", "high"))
    return f"{row['difference']:+.{digits}f} ({low} to {high})"


def plain(value: float | None, digits: int = 3) -> str:
    """A number; a dash where it has no meaning."""
    return "–" if value is None else f"{value:.{digits}f}"


def show_comparison(study: Study, folder: str) -> None:
    """Print a comparison: the ranking, then each what-if in turn."""
    out, summary = console(), study.summary
    out.print(f"[bold]{summary['title']}[/bold]: what would have changed it?", highlight=False)
    out.print(f"{summary['scenario']}: {summary['replicates']:,} replicates of "
              f"{summary['horizon_days']} days from the evening of {summary['information_date']}, "
              f"seed {summary['seed']}; every world on the same draws\n")
    ranking = summary["ranking"]
    out.print(table(
        f"Interventions by their effect on {summary['outcome']} (paired, 95 % interval)",
        ["", "what-if", "without", "with", "difference", "", "other path", "worlds part"],
        [[str(row["rank"]), row["what_if"], plain(row["baseline"]), plain(row["what_if_value"]),
          signed(row), shown_or_not(row), f"{row['changed_path'] / summary['replicates']:.0%}",
          parted(row)] for row in ranking], (0, 2, 3, 4, 6)))
    for row in ranking:
        _what_if(study, row)
    out.print(f"\nfiles: {folder}")


def shown_or_not(row: dict[str, Any]) -> str:
    """Whether an interval leaves out no effect."""
    if row["parted"] == 0:
        return "changes nothing"
    if row["low"] is None or row["high"] is None or row["low"] <= 0 <= row["high"]:
        return "not shown"
    return ""


def parted(row: dict[str, Any]) -> str:
    """When worlds part, in words."""
    if not row["parted"]:
        return "never"
    return (f"from day {row['first_day']:.0f}, median {row['median_day']:.0f}, in "
            f"{row['parted']:.0%}")


def _what_if(study: Study, row: dict[str, Any]) -> None:
    """What one intervention changes: paths, level, trust, restoration, and who moved where."""
    out, name, summary = console(), row["what_if"], study.summary
    out.print(f"\n[bold]{row['rank']} {name}[/bold]: {row['title']}", highlight=False)
    moved = sorted(study.rows("paths", what_if=name), key=lambda r: -abs(r["difference"]))[:PATHS]
    for one in (one for one in moved if one["difference"]):
        out.print(f"  {one['path']}: {one['baseline']:.1%} → {one['what_if_value']:.1%}, "
                  f"{signed(one)}")
    effects = {one["measure"]: one for one in study.rows("effects", what_if=name)}
    a, b = summary["dyad"].split("-")
    for label, key in (("severed", "severed_at_{}"), ("ambassadors", "ambassadors_at_{}"),
                       (f"trust {a}-{b}", f"trust_{a}_{b}_at_{{}}"),
                       (f"trust {b}-{a}", f"trust_{b}_{a}_at_{{}}")):
        told = [f"day {day} {signed(effects[key.format(day)], 2)}" for day in summary["horizons"]]
        out.print(f"  {label}: " + "; ".join(told))
    back = effects["days_to_restoration"]
    if back["difference"] is not None:
        out.print(f"  days to restoration, cut off at the horizon: {signed(back, 0)}, in "
                  f"{back['replicates']} replicates severed in both worlds")
    flows = [f"{one['replicates']} from “{one['from_path']}” to “{one['to_path']}”"
             for one in study.rows("transitions", what_if=name)
             if one["from_path"] != one["to_path"]][:FLOWS]
    out.print(f"  {row['changed_path']} of {summary['replicates']:,} replicates take another path"
              + (": " + "; ".join(flows) if flows else ""))


def show_sensitivity(study: Study, folder: str) -> None:
    """Print an analysis: ranked indices, tornado, split of the variance, discovery."""
    out, s = console(), study.summary
    names = list(dict.fromkeys(row["index"] for row in study.rows("indices")))
    swings = {row["parameter"]: row for row in study.rows("tornado")}
    out.print(f"[bold]{s['title']}[/bold]: what does {s['outcome']} hang on?", highlight=False)
    error = "" if s["monte_carlo_error"] is None else (
        f"; Monte Carlo error of a point {s['monte_carlo_error']:.3f}")
    out.print(f"{s['scenario']}: {s['design']} design, {s['points']:,} points by {s['replicates']} "
              f"replicates of {s['horizon_days']} days on the same draws, {len(s['parameters'])} "
              f"parameters ({s['span']} ranges), seed {s['seed']}; mean {s['mean']:.3f}, standard "
              f"deviation over points {s['sd_over_points']:.3f}{error}\n")
    rows = []
    for first in study.rows("indices", index=names[0])[:TOP]:
        name, swing = first["parameter"], swings[first["parameter"]]
        cells = [interval(study.rows("indices", parameter=name, index=index)[0])
                 for index in names]
        rows.append([str(first["rank"]), name, *cells,
                     f"{swing['low_value']:.3g} to {swing['high_value']:.3g}",
                     f"{swing['swing']:+.3f} ({plain(swing['low'])} to {plain(swing['high'])})"])
    out.print(table(f"Parameters by {s['index']} (95 % interval)", [
        "", "parameter", *names, "alone from … to", "changes it by"], rows,
        (0, *range(2, len(names) + 2), len(names) + 3)))
    if len(s["parameters"]) > TOP:
        out.print(f"… and {len(s['parameters']) - TOP} more: {folder}/indices.csv")
    if s["variance"]:
        out.print()
        out.print(table("Where the variance of a single forecast comes from", [
            "source", "share", "95 % interval"], [[row["source"], f"{row['share']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}"] for row in s["variance"]], (1, 2)))
    else:
        out.print("\nno split of the variance: a Morris design is no sample of the priors "
                  "(design=sobol or lhs)")
    if "discovery" in s:
        _discovery(s)
    out.print(f"\nfiles: {folder}")


TOP = 20
"""Parameters shown on the terminal."""


def interval(row: dict[str, Any]) -> str:
    """A value with its interval where it has one."""
    if row["low"] is None or row["high"] is None:
        return plain(row["value"])
    return f"{plain(row['value'])} ({plain(row['low'])} to {plain(row['high'])})"


def _discovery(summary: dict[str, Any]) -> None:
    found, out = summary["discovery"], console()
    sign = "at least" if found["wanted"] == "high" else "at most"
    out.print(f"\nWhere {summary['outcome']} is {sign} {found['threshold']:.3f} "
              f"({found['share']:.0%} of points): a box that holds {found['coverage']:.0%} of "
              f"them, and {found['density']:.0%} of what it holds is such")
    for row in found["limits"]:
        out.print(f"  {row['parameter']}: {row['low']:.3g} to {row['high']:.3g} (quasi-p "
                  f"{plain(row['quasi_p'])})")
    if not found["limits"]:
        out.print("  no restriction helps")
