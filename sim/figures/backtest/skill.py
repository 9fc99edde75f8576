"""Skill: the model's score compared with each baseline's, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.figures.backtest import horizon
from sim.figures.base import COLOURS, Plot, axes_of, points
from sim.outcomes.words import BASELINE_WORDS, QUANTITY_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.study import Study


def draw(study: Study, axes: Axes | None = None) -> Axes:
    """Draw each baseline's log score (CRPS for counts) minus the model's, in per cent.

    The per cents are of the baseline's score; the model is better if they are above 0.
    """
    axes = axes_of(axes, (6.6, 5.4))
    ahead = horizon(study)
    base = {
        (r["quantity"], str(r["horizon"]), r["forecaster"], r["score"]): r["value"]
        for r in study.rows("scores", dyads="all", year="all")
    }
    rows = [
        r
        for r in study.rows("differences", dyads="all", year="all")
        if r["score"] in ("log_score", "crps") and str(r["horizon"]) == ahead
    ]
    quantities = list(dict.fromkeys(r["quantity"] for r in rows))
    labels, at = [], 0.0
    for quantity, colour in zip(quantities, COLOURS * 2, strict=False):
        for row in (r for r in rows if r["quantity"] == quantity):
            whole = base[quantity, str(row["horizon"]), row["baseline"], row["score"]] / 100
            if not whole:
                continue  # a baseline score of 0: no act, and none was forecast
            axes.plot(
                [row["low"] / whole, row["high"] / whole], [at, at], color=colour, linewidth=1.4
            )
            axes.plot([row["difference"] / whole], [at], "o", color=colour, markersize=4)
            labels.append(
                (
                    at,
                    f"{QUANTITY_WORDS.get(quantity, quantity)}: "
                    f"{BASELINE_WORDS.get(row['baseline'], row['baseline'])}",
                )
            )
            at += 1
        at += 0.7
    axes.axvline(0, color="0.3", linewidth=0.8)
    axes.set_yticks([y for y, _ in labels], [text for _, text in labels], fontsize=points(6.5))
    axes.invert_yaxis()
    axes.set_xscale("symlog", linthresh=5)
    ticks = (-20, -10, -5, 0, 5, 10, 20, 40)
    axes.set_xticks(ticks, [f"{tick:+d}".replace("+0", "0") for tick in ticks])
    axes.set_xlabel("improvement on the baseline, % of its score (log score; counts: CRPS)")
    axes.set_title(f"Skill {ahead} days ahead, all dyads (95 % interval)", loc="left")
    return axes


def data(study: Study) -> list[dict[str, Any]]:
    """Differences of the scores to each baseline."""
    return study.rows("differences", dyads="all", year="all")


FIGURE = Plot(draw, data)
