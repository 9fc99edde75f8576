"""Trust of the focal pair in both directions: the record, then the bands of the projection."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.base import COLOURS, Plot, axes_of
from sim.law.acts import ACTS, INDEX
from sim.outcomes.words import trust_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.run import Results

MARKED = 5
"""Lowest rung of the recorded acts that are marked at the bottom of the figure."""


def draw(results: Results, axes: Axes | None = None) -> Axes:
    """Draw median, 50 % and 90 % band of trust, -1 to 1, by date, for the first focal pair."""
    axes = axes_of(axes, (7.2, 4.0))
    start = date.fromisoformat(results.summary["information_date"])
    (a, b) = results.focal[0]
    origin: Any = np.datetime64(start)
    for k, dyad in enumerate(((a, b), (b, a))):
        _direction(results, axes, origin, k, dyad)
    axes.axvline(origin, color="0.25", linewidth=0.9)
    axes.annotate("record ", (origin, 1.0), ha="right", va="top", fontsize=8, color="0.25")
    axes.annotate(" projection", (origin, 1.0), ha="left", va="top", fontsize=8, color="0.25")
    _marks(results, axes, start)
    _, right = axes.get_xlim()
    first = min(timedelta(days=-1100), -timedelta(days=int(results.summary["horizon_days"])))
    left: Any = np.datetime64(start + first)
    axes.set_xlim(left, right)
    axes.set_ylim(-1.05, 1.05)
    axes.axhline(0, color="0.8", linewidth=0.6, zorder=0)
    axes.set_xlabel("date")
    axes.set_ylabel("trust (−1 full distrust, +1 full trust)")
    axes.set_title(
        f"{results.summary['title']}\nmedian, bands of 50 % and 90 % of "
        f"{results.summary['replicates']:,} replicates",
        loc="left",
    )
    axes.legend(loc="upper left", ncols=2, bbox_to_anchor=(0.0, 0.97))
    return axes


def _direction(results: Results, axes: Axes, origin: Any, k: int, dyad: tuple[str, str]) -> None:
    """Draw trust of one direction: the record with its band, and the projection with two bands."""
    sender, target = dyad
    rows = results.series(sender, target)
    past = rows["phase"] == "record"
    when = origin + (rows["day"] * 24).astype("timedelta64[h]")
    style: dict[str, Any] = {"color": COLOURS[k], "linestyle": ("-", "--")[k]}
    # the record has every act, the evening before it, and the first of every month
    axes.plot(when[past], rows["q50"][past], linewidth=1.2, **style)
    future = ~past
    for shown in (past, future):
        low, high = rows["q05"][shown], rows["q95"][shown]
        axes.fill_between(when[shown], low, high, color=COLOURS[k], alpha=0.13, linewidth=0)
    axes.fill_between(
        when[future],
        rows["q25"][future],
        rows["q75"][future],
        color=COLOURS[k],
        alpha=0.25,
        linewidth=0,
        hatch=("", "///")[k],
    )
    axes.plot(
        when[future],
        rows["q50"][future],
        linewidth=1.8,
        label=f"trust of {trust_in_words(f'{sender}-{target}')}",
        **style,
    )


def _marks(results: Results, axes: Axes, start: date) -> None:
    """Mark the recorded acts of rung 5 and higher between the pair."""
    events, pair = results.tables["events"], set(results.focal[0])
    seen: set[tuple[float, str]] = set()
    recorded = [
        row
        for row in events.filter(
            [kind == "recorded" for kind in events["kind"].to_pylist()]
        ).to_pylist()
        if {row["sender"], row["target"]} == pair
    ]
    for row in recorded:
        act = ACTS[INDEX[row["act"]]]
        if act.rung >= MARKED and (row["day"], row["act"]) not in seen:
            seen.add((row["day"], row["act"]))
            when = np.datetime64(start) + np.timedelta64(int(row["day"]), "D")
            axes.plot([when], [-0.98], marker="v", color="0.25", markersize=3 + act.rung / 2)
    if seen:
        axes.annotate(
            "▼ recorded acts of rung 5 (recall) and higher",
            (0.99, 0.02),
            xycoords="axes fraction",
            ha="right",
            fontsize=7.5,
            color="0.25",
        )


def _alt(results: Results) -> str:
    told, last = [], str(results.summary["horizon_days"])
    for name, row in results.summary["trust"].items():
        if set(name.split("-")) == set(results.focal[0]):
            told.append(
                f"trust of {trust_in_words(name)}: {row['0']['mean']:+.2f} at the start, "
                f"{row[last]['mean']:+.2f} on day {last}"
            )
    return "Trust by date, record and projection. " + "; ".join(told)


FIGURE = Plot(
    draw,
    section="trust",
    alt=_alt,
    caption=(
        "Left of the line: the dated record, replayed, with the band of the parameters' "
        "uncertainty. Right of it: the median, and bands that hold 50 % and 90 % of replicates."
    ),
)
