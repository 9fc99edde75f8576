"""Screens of questions, and of their resolution."""

from __future__ import annotations

from datetime import date
from typing import Any

from sim.commands._screens.terminal import console, table


def show(rows: list[dict[str, Any]]) -> None:
    """Print the questions with their probabilities and base rates."""
    cells = [
        [
            row["title"],
            answer(row),
            "" if row["base_rate"] is None else f"{row['base_rate']:.1%}",
            row["closes"],
        ]
        for row in rows
    ]
    title = "Questions (95 % interval of the simulation)"
    console().print(table(title, ["question", "answer", "base rate", "closes"], cells, (2,)))


def answer(row: dict[str, Any]) -> str:
    """The answer to a question: a probability, options, or dates."""
    p = row["probability"]
    if row["type"] == "date":
        return f"{p['half']} (half between {p['quarter']} and {p['three_quarters']})"
    if isinstance(p, dict):
        return ", ".join(f"{name} {value:.1%}" for name, value in p.items())
    span = f" ({row['low']:.1%} to {row['high']:.1%})" if "low" in row else ""
    return f"{p:.1%}{span}"


def show_scores(rows: list[dict[str, Any]], found: dict[str, Any], until: date) -> None:
    """Print what came true, the mean scores, the calibration and the largest misses."""
    out = console()
    cells = [
        [
            row["title"],
            answer(row),
            row["status"] if row["outcome"] is None else str(row["outcome"]),
            f"{row['brier']:.3f}" if "brier" in row else "",
            f"{row['log_score']:.3f}" if "log_score" in row else "",
        ]
        for row in rows
    ]
    columns = ["question", "forecast", "outcome", "Brier", "log score"]
    out.print(table(f"Questions on {until}", columns, cells, (3, 4)))
    out.print(
        f"\n{found['resolved']} resolved, {found['open']} open, {found['annulled']} annulled or "
        f"without condition"
    )
    if not found["resolved"]:
        return
    out.print(f"Brier score {found['brier']:.3f}, log score {found['log_score']:.3f}")
    if found["with_base_rate"]:
        out.print(
            f"on the {found['with_base_rate']} with a base rate: Brier "
            f"{found['brier_there']:.3f}, base rate {found['base_brier']:.3f}; log score "
            f"{found['log_score_there']:.3f}, base rate {found['base_log_score']:.3f}"
        )
    for row in found["calibration"]:
        out.print(
            f"forecast {row['from']:.0%} to {row['to']:.0%}: {row['questions']} questions, mean "
            f"{row['forecast']:.1%}, came {row['came']:.1%}"
        )
    misses = [row for row in found["misses"] if row["log_score"] > 0.7]
    for row in misses:
        out.print(f"missed: {row['title']} {answer(row)}, came: {row['outcome']}")
