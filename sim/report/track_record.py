"""The page that keeps the track record: every resolved question, scores, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.evaluation.resolution import scored
from sim.results.text_cells import markdown_text


def page_of(rows: Sequence[dict[str, Any]]) -> str:
    """The page as Markdown; ``rows`` are resolved questions, as ``track_record.csv`` has them."""
    held = [_read(row) for row in rows]
    found = scored(held)
    lines = [
        "# Track record",
        "",
        f"{found['resolved']} questions resolved. Brier score {_number(found['brier'])}, log score "
        f"{_number(found['log_score'])} (lower is better; a coin has .25 and .69).",
        "",
    ]
    if found["with_base_rate"]:
        lines += [
            f"On the {found['with_base_rate']} questions with a base rate: Brier "
            f"{_number(found['brier_there'])}, the base rate {_number(found['base_brier'])}; log "
            f"score {_number(found['log_score_there'])}, the base rate "
            f"{_number(found['base_log_score'])}.",
            "",
        ]
    lines += ["| probability | questions | mean forecast | came |", "|---|---|---|---|"]
    for row in found["calibration"]:
        lines.append(
            f"| {row['from']:.0%} to {row['to']:.0%} | {row['questions']} | "
            f"{row['forecast']:.1%} | {row['came']:.1%} |"
        )
    lines += [
        "",
        "| closed | question | forecast | came | Brier | log score |",
        "|---|---|---|---|---|---|",
    ]
    for row in sorted(held, key=lambda row: str(row["closes"]), reverse=True):
        told = [row["closes"], row["title"], row["probability"], row["outcome"]]
        cells = [markdown_text(cell) for cell in told]
        lines.append(
            f"| {' | '.join(cells)} | {_number(row['brier'])} | {_number(row['log_score'])} |"
        )
    return "\n".join(lines) + "\n"


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the file with numbers as numbers."""
    found = dict(row)
    if found["type"] == "binary":
        found["probability"], found["outcome"] = float(found["probability"]), int(found["outcome"])
    for key in ("base_brier", "base_log_score"):
        if found.get(key) is None:
            found.pop(key, None)
    return found


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
