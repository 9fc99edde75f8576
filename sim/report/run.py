"""Sections of a run: paths, trust, levels, third parties, who is drawn in, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.codebook import TURNS
from sim.figures import catalogue
from sim.gazetteer import name_of
from sim.report import Section
from sim.report.answer import effect, pair, percent, shared
from sim.report.blocks import Block, Picture, Table, Text, Tree, picture

if TYPE_CHECKING:
    from sim.results import Results


def drawn(results: Results, name: str, alt: str, caption: str) -> Picture:
    """One of the run's figures."""
    return picture(catalogue("run", results)[name], results, alt, caption, f"run-{name}")


def paths_table(paths: list[dict[str, Any]], dyad: str) -> Table:
    """Every path with its interval."""
    return Table(f"Paths of {dyad}, exclusive, with 95 % intervals (Wilson)",
                 ["path", "probability", "95 % interval", "median day of the last turn",
                  "replicates"],
                 [[r["path"], percent(r["probability"]),
                   f"{percent(r['low'])} to {percent(r['high'])}",
                   "–" if r["median_days"] is None else f"{r['median_days']:.0f}",
                   r["replicates"]] for r in paths], (1, 2, 3, 4))


def tree_of(paths: list[dict[str, Any]], dyad: str) -> Tree:
    """The paths as nested lines, turn by turn."""
    total: dict[tuple[str, ...], float] = {}
    ended: dict[tuple[str, ...], float] = {}
    for row in paths:
        turns = tuple(row["turns"])
        ended[turns] = ended.get(turns, 0.0) + row["probability"]
        for k in range(len(turns) + 1):
            total[turns[:k]] = total.get(turns[:k], 0.0) + row["probability"]
    still = next((row["path"] for row in paths if not row["turns"]), "at the start")

    def lines(node: tuple[str, ...]) -> list[tuple[int, str]]:
        name = TURNS.get(node[-1], "further turns") if node else "all replicates"
        stay = ended.get(node, 0.0)
        below = sorted((k for k in total if len(k) == len(node) + 1 and k[:-1] == node),
                       key=lambda k: -total[k])
        text = f"{name}: {percent(total[node])}"
        if stay and below:
            text += f", of which {percent(stay)} end here" + (f" ({still})" if not node else "")
        return [(len(node), text)] + [line for k in below for line in lines(k)]

    return Tree(f"Paths of {dyad} as a tree: each line a turn, with the share that gets there",
                lines(()))


def paths(results: Results) -> Section:
    """What the replicates did."""
    s, dyad = results.summary, results.summary["dyads"][0]
    rows = s["paths"][dyad]
    alt = "; ".join(f"{r['path']} {percent(r['probability'])}" for r in rows[:5])
    blocks: list[Block] = [
        drawn(results, "path_tree", f"Tree of paths of {dyad}: {alt}",
              "From left to right: each box a turn, the width of its line the share of replicates "
              "that get there."),
        paths_table(rows, dyad), tree_of(rows, dyad)]
    for other in s["dyads"][1:]:
        blocks.append(paths_table(s["paths"][other], other))
    return Section("paths", "Paths", blocks)


def trust(results: Results) -> Section:
    """Trust both ways."""
    s, dyad = results.summary, results.summary["dyads"][0]
    a, b = pair(dyad)
    held = {name: row for name, row in s["trust"].items()
            if set(name.split("-")) == set(dyad.split("-"))}
    days = list(next(iter(held.values())))
    table = Table("Trust, mean and 5 to 95 % of replicates, from −1 (none) to +1 (full)",
                  ["day", *(f"{name_of(n.split('-')[0])} in {name_of(n.split('-')[1])}"
                            for n in held)],
                  [[day, *(f"{r[day]['mean']:+.2f} ({r[day]['q05']:+.2f} to {r[day]['q95']:+.2f})"
                           for r in held.values())] for day in days],
                  tuple(range(len(held) + 1)))
    last = days[-1]
    alt = "; ".join(f"{n.replace('-', ' trusts ')}: {r['0']['mean']:+.2f} at the start, "
                    f"{r[last]['mean']:+.2f} on day {last}" for n, r in held.items())
    return Section("trust", f"Trust between {a} and {b}", [
        drawn(results, "trust_fan", f"Trust by date, record and projection. {alt}",
              "Left of the line the dated record, replayed; right of it the median and the bands "
              "that hold 50 and 90 % of replicates."), table])


def levels(results: Results) -> Section:
    """Where relations stand."""
    s, dyad = results.summary, results.summary["dyads"][0]
    held = s["levels"][dyad]
    names = list(held["0"])
    last = list(held)[-1]
    alt = ", ".join(f"{n} {percent(held[last][n])}" for n in names)
    return Section("levels", "Level of relations", [
        drawn(results, "levels", f"Share of replicates on each level by day; on day {last}: {alt}",
              "How many replicates stand on each level, by day."),
        Table("Share of replicates on each level", ["day", *names],
              [[day, *(percent(held[day][n]) for n in names)] for day in held],
              tuple(range(len(names) + 1)))])


def third_parties(results: Results) -> Section:
    """Who offers, who accepts, and what it changes."""
    parties = results.summary["third_parties"]
    rows = [[name_of(name), shared(row["offered"]), shared(row["accepted"]),
             (f"{row['vote']['for']:.0f} for, {row['vote']['against']:.0f} against, "
              f"{row['vote']['abstain']:.0f} abstain; two thirds in "
              f"{percent(row['vote']['two_thirds'])} of votes") if "vote" in row else "–"]
            for name, row in parties.items() if "offered" in row]
    blocks: list[Block] = [Table(
        "Good offices between the pair: share of replicates", ["who", "offered",
                                                               "accepted by both", "vote"], rows)
        if rows else Text("No third party makes the pair an offer in any replicate.")]
    if "effect" in parties:
        told = parties["effect"]
        blocks.append(Table(
            f"What all third parties together change: the same draws with and without them, "
            f"{told['replicates']} replicates, 95 % intervals",
            ["outcome", "with less without"],
            [[key.replace("_", " "), effect(row, not key.startswith("trust"))]
             for key, row in told.items() if isinstance(row, dict)]))
    if "protecting_power" in parties:
        blocks.append(Text("Protecting power (represents, does not mediate; VCDR arts. 45, 46): "
                           + ", ".join(f"{name_of(code)} {percent(share)}" for code, share in
                                       parties["protecting_power"].items()) + " of replicates."))
    for name, stations in results.summary["asylum"].items():
        blocks.append(Table(f"Asylum case {name}", ["station", "share of replicates", "median day"],
                            [["left with a safe-conduct" if word == "left" else word,
                              shared(row), "–" if row["median_days"] is None else
                              f"{row['median_days']:.0f}"] for word, row in stations.items()
                             if row["probability"] > 0], (2,)))
    title = "Third parties" + (" and asylum" if results.summary["asylum"] else "")
    return Section("third-parties", title, blocks)


def drawn_in(results: Results) -> Section:
    """Who else is drawn in, and how the region stands."""
    held = results.summary["drawn_in"]
    told = [f"{name_of(code)} {percent(share)}" for code, share in held.items()]
    text = ("Third states that withdraw an ambassador, expel one or break with a party: "
            + (", ".join(told) + " of replicates." if told else "none in any replicate."))
    table = results.tables["levels"].to_pylist()
    last = float(results.summary["horizon_days"])
    reduced = [row for row in table if row["day"] == last and row["level"] != "ambassadors"
               and row["share"] >= 0.05 and row["dyad"] not in results.summary["dyads"]]
    reduced.sort(key=lambda row: -row["share"])
    return Section("drawn-in", "Who else is drawn in", [
        Text(text),
        drawn(results, "network", f"Network of the region at the horizon. {text}",
              "Coloured lines: pairs that stand below ambassadors at the horizon, most of them "
              "since before this crisis; grey lines: mutual trust. Numbers: share of replicates in "
              "which a third state acts against a party."),
        Table("Other pairs below ambassadors at the horizon", ["pair", "level", "share"],
              [[row["dyad"], row["level"], percent(row["share"])] for row in reduced], (2,)),
        drawn(results, "region", "Matrices of mean trust, sender by target, at the start and at "
              "the horizon; the numbers are in trust.parquet",
              "Mean trust of every state in every other, in hundredths.")])


def consequences(results: Results) -> Section:
    """What follows besides; no figure where none is sourced."""
    rows = [row for row in results.tables["consequences"].to_pylist() if row["path"] == "all"]
    return Section("consequences", "What follows besides", [Table(
        "Over all paths, mean and 95 % interval of Monte Carlo error; by path in consequences.csv",
        ["what", "mean", "95 % interval", "unit", "source"],
        [[row["quantity"], "–" if row["mean"] is None else f"{row['mean']:.3g}",
          "–" if row["low"] is None else f"{row['low']:.3g} to {row['high']:.3g}", row["unit"],
          row["source"]] for row in rows], (1, 2))])
