"""Pictures of one run of the laboratory: PNG data address and alternative text."""

from __future__ import annotations

import base64
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sim.figures._network import network
from sim.figures.base import COLOURS, STYLE
from sim.figures.run.levels import FILLS, HATCHES
from sim.language import day_in_words
from sim.law.vocabulary import Standing
from sim.outcomes.run_view import QUANTILES
from sim.outcomes.words import trust_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from sim.dashboard.sides import Side

DPI = 100
"""Dots per inch."""


def png(draw: Callable[[Axes], None], size: tuple[float, float]) -> str:
    """The drawing as a PNG data address for an ``img``; ``size`` in inches."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size)
        axes = figure.add_axes((0.13, 0.17, 0.84, 0.79))
        draw(axes)
        held = io.BytesIO()
        figure.savefig(held, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()


def reach(day: float, horizon: int) -> float:
    """Right end of the time axis, days since the information date; grows with ``day``."""
    return min(horizon, max(60.0, 1.5 * day))


def dated(axes: Axes, info: date, first: float, last: float) -> None:
    """Give an axis of days since ``info`` dates as labels, from day ``first`` to day ``last``."""
    step = max(1, round((last - first) / 5))
    # the last label would be cut off at the end of the axis
    ticks = np.arange(np.ceil(first / step) * step, last - 0.06 * (last - first), step)
    words = [day_in_words(info + timedelta(days=float(day)), "d MMM y") for day in ticks]
    axes.set_xticks(ticks, words, fontsize=7)
    axes.set_xlim(first, last)
    axes.set_xlabel("date")


def fan_axes(side: Side, horizon: int, dyad: tuple[int, int], axes: Axes) -> None:
    """Draw trust of a pair in both directions to date: the record, then median and bands."""
    days, trust = np.array(side.days), side.history(dyad)
    names = [side.model.world.states[k] for k in dyad]
    past, future = days <= 0, days >= 0
    for k, (a, b) in enumerate((names, names[::-1])):
        colour, line = COLOURS[k], ("-", "--")[k]
        axes.plot(days[past], trust[past, k, 2], color=colour, linestyle=line, linewidth=1.1)
        for low, high, alpha in ((0, 4, 0.14), (1, 3, 0.26)):
            axes.fill_between(
                days[future],
                trust[future, k, low],
                trust[future, k, high],
                color=colour,
                alpha=alpha,
                linewidth=0,
                hatch=("", "///")[k] if low else None,
            )
        axes.plot(
            days[future],
            trust[future, k, 2],
            color=colour,
            linestyle=line,
            linewidth=1.8,
            label=f"trust of {trust_in_words(f'{a}-{b}')}",
        )
    axes.axvline(0, color="0.3", linewidth=0.8)
    dated(axes, side.model.case.information_date, days[0], reach(days[-1], horizon))
    axes.set_ylim(-1, 1)
    axes.set_ylabel("trust (−1 to +1)")
    axes.legend(loc="upper right", ncols=2)


def fan(side: Side, horizon: int, dyad: tuple[int, int] | None = None) -> tuple[str, str]:
    """Trust of a pair in both directions to date; None takes the first focal pair."""
    pair = dyad or side.pair
    trust = side.history(pair)[-1]
    names = [side.model.world.states[k] for k in pair]
    told = "; ".join(
        f"trust of {trust_in_words(f'{a}-{b}')}: median {trust[k, 2]:+.2f}, 90 % of replicates "
        f"{trust[k, 0]:+.2f} to {trust[k, 4]:+.2f}"
        for k, (a, b) in enumerate((names, names[::-1]))
    )
    return png(lambda axes: fan_axes(side, horizon, pair, axes), (5.6, 3.0)), told


def histogram(side: Side, dyad: tuple[int, int] | None = None) -> tuple[str, str]:
    """Trust of a pair today over the replicates, both directions, and levels of the focal pair."""
    i, j = dyad or side.pair
    held, names = side.today(), side.model.world.states
    edges = np.linspace(-1, 1, 41).tolist()
    level = side.standing[-1]

    def draw(axes: Axes) -> None:
        axes.set_position((0.12, 0.19, 0.52, 0.74))
        for k, (a, b) in enumerate(((i, j), (j, i))):
            axes.hist(
                held[:, a, b],
                edges,
                color=COLOURS[k],
                alpha=0.45,
                hatch=("", "///")[k],
                label=f"{names[a]} in {names[b]}",
            )
        axes.set_xlabel("trust today")
        axes.set_ylabel("replicates")
        axes.legend(fontsize=7)
        other = axes.figure.add_axes((0.78, 0.19, 0.19, 0.74))
        for s in Standing:
            other.barh(s, level[s] * 100, color=FILLS[s], hatch=HATCHES[s], edgecolor="0.35")
        labels = [s.label.replace(" ", "\n") for s in Standing]
        other.set_yticks(list(Standing), labels, fontsize=6.5)
        other.invert_yaxis()
        other.set_xlabel("today (%)")

    told = ", ".join(f"{s.label} {level[s]:.0%}" for s in Standing if level[s])
    one, two = (f"{held[:, a, b].mean():+.2f}" for a, b in ((i, j), (j, i)))
    a, b = names[i], names[j]
    words = f"mean trust {a} in {b} {one}, {b} in {a} {two}"
    return png(draw, (5.6, 2.6)), f"Histogram of trust today; {words}; levels: {told}"


def table(side: Side, dyad: tuple[int, int] | None = None) -> str:
    """Trust of a pair by day as CSV: date, sender, target, quantiles."""
    pair = dyad or side.pair
    held, names = side.history(pair), [side.model.world.states[k] for k in pair]
    info = side.model.case.information_date
    lines = ["date,sender,target," + ",".join(f"q{round(q * 100):02d}" for q in QUANTILES)]
    for day, rows in zip(side.days, held, strict=True):
        when = info + timedelta(days=float(day))
        for (a, b), row in zip((names, names[::-1]), rows, strict=True):
            lines.append(f"{when},{a},{b}," + ",".join(f"{value:.4f}" for value in row))
    return "\n".join(lines) + "\n"


def region(side: Side) -> tuple[str, str]:
    """The network of the region today; colour and line of an edge show the level."""
    world = side.model.world
    i, j = side.pair
    pair = (world.states[i], world.states[j])
    shares, drawn, trust = side.shares(), side.drawn(), world.trust.mean(axis=0)

    def draw(axes: Axes) -> None:
        axes.set_position((0.0, 0.0, 1.0, 1.0))
        network(axes, list(world.states), pair, shares, trust, drawn)

    told = ", ".join(f"{s.label} {shares[i, j, s]:.0%}" for s in Standing if shares[i, j, s])
    return png(draw, (5.6, 4.6)), f"{pair[0]} and {pair[1]}: {told}"


def ladder(side: Side, horizon: int) -> tuple[str, str]:
    """Share of replicates at each level, by day to date."""
    shares = np.array(side.standing) * 100
    days = np.arange(len(shares)) * side.model.days

    def draw(axes: Axes) -> None:
        low = np.zeros(len(days))
        for s in Standing:
            axes.fill_between(
                days,
                low,
                low + shares[:, s],
                facecolor=FILLS[s],
                hatch=HATCHES[s],
                edgecolor="0.35",
                linewidth=0.3,
                label=s.label,
                step="post",
            )
            low = low + shares[:, s]
        dated(axes, side.model.case.information_date, 0, reach(days[-1], horizon))
        axes.set_ylim(0, 100)
        axes.set_ylabel("replicates (%)")
        axes.legend(loc="upper right", fontsize=7.5, frameon=True)

    told = ", ".join(f"{s.label} {shares[-1, s]:.0f} %" for s in Standing if shares[-1, s] > 0)
    return png(draw, (5.6, 2.6)), told
