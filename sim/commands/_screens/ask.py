"""The screen of questions and their answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands._screens.terminal import BOLD, PLAIN, console, table
from sim.inputs.countries import name_of
from sim.outcomes.estimative_words import in_estimative_words

if TYPE_CHECKING:
    from sim.ensemble.spec import Spec
    from sim.evaluation.precedents import Precedents


def show(spec: Spec, rows: list[dict[str, Any]], known: Precedents, words: str | None) -> None:
    """Print the answers, beside known cases like the scenario; ``words``: a scale, or None."""
    out, case = console(), spec.scenario
    out.print(f"{BOLD}{case.title}{PLAIN}")
    out.print(
        f"scenario {case.name}: {spec.settings.replicates:,} replicates of {spec.horizon} days "
        f"from the evening of {case.information_date}, seed {spec.settings.seed}\n"
    )
    given = rows[0]["given"] if rows else None
    title = "Answers (95 % interval)" + (f", given: {given}" if given else "")
    cells = [
        [in_words(row["question"]), answer(row, words), f"{row['replicates']:,}"] for row in rows
    ]
    out.print(table(title, ["question", "answer", "replicates"], cells, (1, 2)))
    out.print(
        "\nThe interval is that of the simulation: how precisely these replicates give the answer "
        "of the model. It does not say how well the model describes the world."
    )
    for sentence in known.told:
        out.print(f"Reference class of the scenario ({known.words}): {sentence}")


def answer(row: dict[str, Any], words: str | None = None) -> str:
    """An answer with its interval: per cent of a share, else a number."""
    if not row["share"]:
        unit = " million US dollars a year" if "trade_at_risk" in row["question"] else ""
        return f"{row['value']:.4g} ({row['low']:.4g} to {row['high']:.4g}){unit}"
    told = f"{row['value']:.1%} ({row['low']:.1%} to {row['high']:.1%})"
    return f"{told} [{in_estimative_words(row['value'], words)}]" if words else told


def in_words(question: str) -> str:
    """A question on protecting powers with the names of the states; another one as it is."""
    protects = r"([A-Z]{3}) protects ([A-Z]{3})"
    if (hit := re.search(protects, question)) and question.startswith("not ("):
        return f"nobody is named to protect the interests of {name_of(hit[2])}"
    if hit := re.fullmatch(protects, question):
        return f"{name_of(hit[1])} protects the interests of {name_of(hit[2])}"
    return question


def written(place: Path, rows: list[dict[str, Any]]) -> None:
    """Write the answers as CSV."""
    import pyarrow as pa

    from sim.results.sealed_folder import put
    from sim.results.text_cells import as_csv

    put(place, as_csv(pa.Table.from_pylist(rows)))
