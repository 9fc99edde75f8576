"""How far to believe a page: measured skill, stylised facts, precedents, Monte Carlo error."""

from __future__ import annotations

from typing import Any

from sim.evaluation import MODEL
from sim.evaluation.evidence import precedents, shipped
from sim.evaluation.skill_page import SCORES
from sim.evaluation.skill_rows import verdict
from sim.language import tr
from sim.outcomes.words import BASELINE_WORDS, QUANTITY_WORDS
from sim.report.blocks import Block, Table, Text

STALE = " Measured with other parameters or rules: repeat detente backtest and validate."


def plainly(row: dict[str, Any]) -> str:
    """The verdict of a row of scores, without Markdown emphasis."""
    return verdict(row).strip("*")


def in_one_sentence(replicates: int) -> str:
    """The main limits of the page's probabilities, in one sentence (no full stop)."""
    known, held = precedents(), shipped()
    text = tr(
        "the probabilities are those of the model, not of the world; they rest on {known} known "
        "ruptures and downgrades ({american} of them ruptures in Latin America) and {asylums} "
        "cases of asylum there",
        known=known["severances"] + known["downgrades"],
        american=known["severances_americas"],
        asylums=known["asylums"],
    )
    if "skill" in held and held["skill"]["current"]:
        rows = held["skill"]["rows"]
        better = sum(plainly(row) == "better" for row in rows)
        worse = sum(plainly(row) == "worse" for row in rows)
        text += tr(
            ", and on event data of {year} that it had not seen the model is better than the best "
            "statistical baseline on {better} of {count} scores, worse on {worse}, no significant "
            "difference on {apart}",
            year=_years(held["skill"]),
            better=better,
            count=len(rows),
            worse=worse,
            apart=len(rows) - better - worse,
        )
        text += _against_class(held["skill"]["record"] or {})
    error = f"{98 / replicates**0.5:.0f}"
    return text + tr("; Monte Carlo error of a share: up to ±{error} points.", error=error)


def _years(tree: dict[str, Any]) -> str:
    """The year that was forecast, or the first and the last one."""
    first, last = tree["first"][:4], tree["last"][:4]
    return str(first if first == last else f"{first}-{last}")


def _against_class(record: dict[str, Any]) -> str:
    """A clause that compares the model with the reference class on coded disputes, or empty."""
    row = next((r for r in record.get("evening_scores", []) if r["days"] == 30), None)
    if row is None:
        return ""
    return tr(
        "; on the evening after an act of the region's disputes its log score of a further step "
        "within 30 days is {ours}, the reference class's {theirs} (lower is better)",
        ours=f"{row[MODEL]:.2f}",
        theirs=f"{row['reference class']:.2f}",
    )


def blocks(expectations: list[dict[str, Any]]) -> list[Block]:
    """The whole section."""
    held = shipped()
    found: list[Block] = [
        Text(
            "The intervals on this page are Monte Carlo error: they shrink with more "
            "replicates and "
            "do not contain the doubt about the rules. Three measures show how well the rules "
            "describe "
            "what states do."
        )
    ]
    if "skill" in held:
        found += _skill(held["skill"])
    if "crises" in held:
        found.append(_crises(held["crises"]))
    if "facts" in held:
        found += _facts(held["facts"])
    known = precedents()
    found.append(
        Text(
            tr(
                "Precedents are few. Restoration is estimated from {severances} ruptures and "
                "{downgrades} downgrades worldwide, {american} of the ruptures in Latin America; "
                "safe-conducts from {asylums} cases of diplomatic asylum there; {open} of all "
                "these were still open on the last day of the record. The parameters that move "
                "trust are judged or assumed, as the parameter file says (detente list "
                "parameters).",
                severances=known["severances"],
                downgrades=known["downgrades"],
                american=known["severances_americas"],
                asylums=known["asylums"],
                open=known["open"],
            )
        )
    )
    if expectations:
        found.append(
            Table(
                "What this scenario was expected to show",
                ["met", "expectation", "result", "range", "why"],
                [
                    [
                        "yes" if e["met"] else "no",
                        e["what"],
                        f"{e['value']:.3f}",
                        f"{e['low']:g} to {e['high']:g}",
                        e["why"],
                    ]
                    for e in expectations
                ],
                (2,),
            )
        )
    return found


def _skill(tree: dict[str, Any]) -> list[Block]:
    stale = "" if tree["current"] else STALE
    rows = [
        [
            QUANTITY_WORDS.get(r["quantity"], r["quantity"]),
            SCORES[r["score"]],
            f"{r['ours']:.4f}",
            f"{r['theirs']:.4f} {BASELINE_WORDS.get(r['rival'], r['rival'])}",
            f"{r['difference']:+.4f} ({r['low']:+.4f} to {r['high']:+.4f})",
            plainly(r),
        ]
        for r in tree["rows"]
    ]
    found: list[Block] = [
        Table(
            f"Skill: {tree['dyads']} directed dyads of {tree['data']}, {tree['horizon_days']} days "
            f"ahead, {tree['origins']} origins {tree['first']} to {tree['last']}; lower is better; "
            f"difference: best baseline minus model, 95 % bootstrap over pairs.{stale}",
            ["quantity", "score", "Détente", "best baseline", "difference", ""],
            rows,
            (2, 4),
        )
    ]
    record = tree["record"]
    if record.get("evening_scores"):
        found.append(
            Table(
                "Skill on the coded record: a further step of the ladder after "
                "the evening of an act "
                "(log score, lower is better)",
                ["days", "evenings", "came", "mean forecast", "Détente", "reference class", ""],
                [
                    [
                        str(r["days"]),
                        str(r["evenings"]),
                        f"{r['came']:.2f}",
                        f"{r['forecast']:.2f}",
                        f"{r[MODEL]:.3f}",
                        f"{r['reference class']:.3f}",
                        plainly(r),
                    ]
                    for r in record["evening_scores"]
                ],
                (0, 1, 2, 3, 4, 5),
            )
        )
    return found


def _crises(tree: dict[str, Any]) -> Block:
    """Scores of known crises."""
    stale = "" if tree["current"] else STALE
    return Table(
        "Known crises, from the evening before: log score per dated line of "
        "what happened (lower is "
        f"better), beside the reference class; only the fit half informed numbers.{stale}",
        ["", "crises", "lines", "Détente", "reference class"],
        [
            [
                name,
                str(r["crises"]),
                str(r["lines"]),
                f"{r['model']:.2f}",
                f"{r['reference_class']:.2f}",
            ]
            for name, r in tree["groups"].items()
        ],
        (1, 2, 3, 4),
    )


def _facts(tree: dict[str, Any]) -> list[Block]:
    rows = tree["facts"]
    out = [r for r in rows if not r["inside"]]
    stale = "" if tree["current"] else STALE
    return [
        Text(
            f"Stylised facts of event data in a simulation without scenario: "
            f"{len(rows) - len(out)} of {len(rows)} lie in their band.{stale}"
        ),
        Table(
            "Facts outside their band",
            ["fact", "record", "simulated", "band", "binding"],
            [
                [
                    r["name"],
                    f"{r['data']:.3f}",
                    f"{r['simulated']:.3f}",
                    f"{r['low']:.3f} to {r['high']:.3f}",
                    "yes" if r["binding"] else "no",
                ]
                for r in out
            ],
            (1, 2),
        ),
    ]
