"""What the facts behind a run do not know: leanings of governments, levels without a record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sim.inputs.leaders import leaning
from sim.inputs.pairs import covered
from sim.language import tr
from sim.outcomes.words import state_in_words

if TYPE_CHECKING:
    from sim.results.run import Results


def gaps(results: Results) -> list[str]:
    """A sentence for each gap; none if all governments are placed and a record covers the pair."""
    s = results.summary
    day = date.fromisoformat(s["information_date"])
    a, b = str(s["dyads"][0]).split("-")
    unknown = [code for code in s["states"] if leaning(code, day) is None]
    found = []
    if unknown:
        named = ", ".join(state_in_words(code) for code in unknown)
        found.append(
            tr("The leaning of these governments is not known and is drawn: {named}.", named=named)
        )
    if covered(a, b) is None and not s["record"].get("confidence"):
        found.append(
            tr("No record covers this pair: how often it falls out is expected from its ties.")
        )
    return found
