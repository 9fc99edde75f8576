"""Sections of a run: paths, trust, levels, third parties, third states, consequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.language import tr
from sim.law.vocabulary import TURNS
from sim.outcomes.words import (
    STATIONS,
    asylees_of,
    dyad_in_words,
    outcome_in_words,
    party_in_words,
    path_in_words,
    percent,
    power_in_words,
    state_in_words,
    trust_in_words,
)
from sim.report import Section
from sim.report.answer import effect, shared
from sim.report.blocks import Block, Table, Text, Tree, pictures

if TYPE_CHECKING:
    from sim.results.run import Results


def paths_table(paths: list[dict[str, Any]], dyad: str) -> Table:
    """Table of all paths with probability and 95 % interval."""
    return Table(
        tr(
            "Paths of {pair} (each replicate takes exactly one), 95 % intervals (Wilson)",
            pair=dyad_in_words(dyad),
        ),
        ["path", "probability", "95 % interval", "median day of the last turn", "replicates"],
        [
            [
                path_in_words(r["path"]),
                percent(r["probability"]),
                tr("{low} to {high}", low=percent(r["low"]), high=percent(r["high"])),
                "–" if r["median_days"] is None else f"{r['median_days']:.0f}",
                r["replicates"],
            ]
            for r in paths
        ],
        (1, 2, 3, 4),
    )


def tree_of(paths: list[dict[str, Any]], dyad: str) -> Tree:
    """The paths as nested lines, one line per turn."""
    total: dict[tuple[str, ...], float] = {}
    ended: dict[tuple[str, ...], float] = {}
    for row in paths:
        turns = tuple(row["turns"])
        ended[turns] = ended.get(turns, 0.0) + row["probability"]
        for k in range(len(turns) + 1):
            total[turns[:k]] = total.get(turns[:k], 0.0) + row["probability"]
    still = "; ".join(
        f"{path_in_words(row['path'])} {percent(row['probability'])}"
        for row in paths
        if not row["turns"]
    )

    def lines(node: tuple[str, ...]) -> list[tuple[int, str]]:
        name = tr(TURNS.get(node[-1], "further turns")) if node else tr("all replicates")
        stay = ended.get(node, 0.0)
        below = sorted(
            (k for k in total if len(k) == len(node) + 1 and k[:-1] == node),
            key=lambda k: -total[k],
        )
        text = f"{name}: {percent(total[node])}"
        if stay and below:
            text += tr(", of which {share} end here", share=percent(stay))
            text += f" ({still})" if not node else ""
        return [(len(node), text)] + [line for k in below for line in lines(k)]

    return Tree(
        tr(
            "Paths of {pair} as a tree: each line is a turn, with the share that reaches it",
            pair=dyad_in_words(dyad),
        ),
        lines(()),
    )


def paths(results: Results) -> Section:
    """The section on paths."""
    s, dyad = results.summary, results.summary["dyads"][0]
    rows = s["paths"][dyad]
    blocks: list[Block] = [
        *pictures(results, "paths"),
        paths_table(rows, dyad),
        tree_of(rows, dyad),
    ]
    for other in s["dyads"][1:]:
        blocks.append(paths_table(s["paths"][other], other))
    return Section("paths", "Paths", blocks)


def trust(results: Results) -> Section:
    """The section on trust in both directions."""
    s, dyad = results.summary, results.summary["dyads"][0]
    held = {
        name: row
        for name, row in s["trust"].items()
        if set(name.split("-")) == set(dyad.split("-"))
    }
    days = list(next(iter(held.values())))
    table = Table(
        "Trust, mean and 5 to 95 % of replicates, from −1 (full distrust) to +1 (full trust)",
        ["day", *map(trust_in_words, held)],
        [
            [
                day,
                *(
                    f"{r[day]['mean']:+.2f} ({r[day]['q05']:+.2f} to {r[day]['q95']:+.2f})"
                    for r in held.values()
                ),
            ]
            for day in days
        ],
        tuple(range(len(held) + 1)),
    )
    title = tr("Trust between {pair}", pair=dyad_in_words(dyad))
    return Section("trust", title, [*pictures(results, "trust"), table])


def levels(results: Results) -> Section:
    """The section on the level of relations."""
    s, dyad = results.summary, results.summary["dyads"][0]
    held = s["levels"][dyad]
    names = list(held["0"])
    return Section(
        "levels",
        "Level of relations",
        [
            *pictures(results, "levels"),
            Table(
                "Share of replicates at each level",
                ["day", *names],
                [[day, *(percent(held[day][n]) for n in names)] for day in held],
                tuple(range(len(names) + 1)),
            ),
        ],
    )


def third_parties(results: Results) -> Section:
    """The section on third parties: offers, acceptances, votes, effects, and asylum."""
    parties = results.summary["third_parties"]
    rows = [
        [party_in_words(name), shared(row["offered"]), shared(row["accepted"]), _vote(row)]
        for name, row in parties.items()
        if "offered" in row
    ]
    columns = ["who", "offered", "accepted by both", "vote"]
    blocks: list[Block] = [
        Table("Good offices between the pair: share of replicates", columns, rows)
        if rows
        else Text("No third party makes the pair an offer in any replicate.")
    ]
    if "effect" in parties:
        blocks.append(_effects(parties["effect"]))
    for name, row in parties.items():
        if name != "effect" and "offered" not in row:
            who = ", ".join(f"{power_in_words(k)} {percent(part)}" for k, part in row.items())
            blocks.append(
                Text(
                    tr(
                        "{party} (represents, does not mediate; VCDR arts. 45, 46): {who} of "
                        "replicates.",
                        party=party_in_words(name),
                        who=who,
                    )
                )
            )
    blocks += _asylum(results)
    title = "Third parties" + (" and asylum" if results.summary["asylum"] else "")
    return Section("third-parties", title, blocks)


def _vote(row: dict[str, Any]) -> str:
    if "vote" not in row:
        return "–"
    vote = row["vote"]
    return tr(
        "held in {held} of replicates: {ayes} for, {noes} against, {others} abstain; two-thirds "
        "majority in {share} of votes",
        held=percent(vote["held"]),
        ayes=f"{vote['for']:.0f}",
        noes=f"{vote['against']:.0f}",
        others=f"{vote['abstain']:.0f}",
        share=percent(vote["two_thirds"]),
    )


def _effects(told: dict[str, Any]) -> Table:
    rows = [
        [outcome_in_words(key), effect(row, not key.startswith("trust"))]
        for key, row in told.items()
        if isinstance(row, dict)
    ]
    caption = tr(
        "Effect of all third parties together: the same random draws with and without them, "
        "{count} replicates, 95 % intervals",
        count=told["replicates"],
    )
    return Table(caption, ["outcome", "with minus without"], rows)


def _asylum(results: Results) -> list[Block]:
    asylees = asylees_of(results.config["scenario"])
    found: list[Block] = []
    for name, stations in results.summary["asylum"].items():
        rows = [
            [
                STATIONS.get(word, word),
                shared(row),
                "–" if row["median_days"] is None else f"{row['median_days']:.0f}",
            ]
            for word, row in stations.items()
            if row["probability"] > 0
        ]
        columns = ["station", "share of replicates", "median day"]
        who = asylees.get(name, name)
        found.append(Table(tr("Asylum case of {who}", who=who), columns, rows, (2,)))
    return found


def drawn_in(results: Results) -> Section:
    """The section on third states drawn in, and on the region."""
    held = results.summary["drawn_in"]
    told = [f"{state_in_words(code)} {percent(share)}" for code, share in held.items()]
    text = tr(
        "Third states that withdraw or expel an ambassador or sever relations with a party, share "
        "of replicates: {told}.",
        told=", ".join(told) or tr("none"),
    )
    table = results.tables["levels"].to_pylist()
    last = float(results.summary["horizon_days"])
    reduced = [
        row
        for row in table
        if row["day"] == last
        and row["level"] != "ambassadors"
        and row["share"] >= 0.05
        and row["dyad"] not in results.summary["dyads"]
    ]
    reduced.sort(key=lambda row: -row["share"])
    return Section(
        "drawn-in",
        "Third states drawn in",
        [
            Text(text),
            *pictures(results, "drawn-in"),
            Table(
                "Other pairs with reduced relations at the horizon",
                ["pair", "level", "share"],
                [
                    [dyad_in_words(row["dyad"]), row["level"], percent(row["share"])]
                    for row in reduced
                ],
                (2,),
            ),
        ],
    )


def consequences(results: Results) -> Section:
    """The section on consequences; a dash if no figure is sourced."""
    rows = [row for row in results.tables["consequences"].to_pylist() if row["path"] == "all"]
    return Section(
        "consequences",
        "Consequences",
        [
            Table(
                "Mean over all paths, 95 % interval (Monte Carlo error); by path in "
                "consequences.csv",
                ["what", "mean", "95 % interval", "unit", "source"],
                [
                    [
                        row["quantity"],
                        "–" if row["mean"] is None else f"{row['mean']:.3g}",
                        "–" if row["low"] is None else f"{row['low']:.3g} to {row['high']:.3g}",
                        row["unit"],
                        row["source"],
                    ]
                    for row in rows
                ],
                (1, 2),
            )
        ],
    )
