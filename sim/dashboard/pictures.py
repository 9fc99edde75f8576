"""Pictures of one run of the laboratory: PNG data address and alternative text."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sim.figures._network import network
from sim.figures.base import COLOURS, STYLE
from sim.figures.run.levels import FILLS, HATCHES
from sim.law.vocabulary import Standing
from sim.outcomes.words import trust_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from sim.dashboard.laboratory import Side

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


def fan(side: Side, horizon: int) -> tuple[str, str]:
    """Trust in both directions to date: the record, then median, 50 % and 90 % bands."""
    days, trust = np.array(side.days), np.array(side.trust)
    names = [side.model.world.states[k] for k in side.pair]
    past, future = days <= 0, days >= 0

    def draw(axes: Axes) -> None:
        for k, (a, b) in enumerate((names, names[::-1])):
            colour, line = COLOURS[k], ("-", "--")[k]
            axes.step(
                days[past],
                trust[past, k, 2],
                where="post",
                color=colour,
                linestyle=line,
                linewidth=1.1,
            )
            for low, high, alpha in ((0, 4, 0.14), (1, 3, 0.26)):
                axes.fill_between(
                    days[future],
                    trust[future, k, low],
                    trust[future, k, high],
                    color=colour,
                    alpha=alpha,
                    linewidth=0,
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
        axes.set_xlim(days[0], reach(days[-1], horizon))
        axes.set_ylim(-1, 1)
        axes.set_xlabel("days after the information date")
        axes.set_ylabel("trust (−1 to +1)")
        axes.legend(loc="upper right", ncols=2)

    told = "; ".join(
        f"trust of {trust_in_words(f'{a}-{b}')}: median {trust[-1, k, 2]:+.2f}, 90 % of replicates "
        f"{trust[-1, k, 0]:+.2f} to {trust[-1, k, 4]:+.2f}"
        for k, (a, b) in enumerate((names, names[::-1]))
    )
    return png(draw, (5.6, 3.0)), told


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
        axes.set_xlim(0, reach(days[-1], horizon))
        axes.set_ylim(0, 100)
        axes.set_xlabel("days after the information date")
        axes.set_ylabel("replicates (%)")
        axes.legend(loc="upper right", fontsize=7.5, frameon=True)

    told = ", ".join(f"{s.label} {shares[-1, s]:.0f} %" for s in Standing if shares[-1, s] > 0)
    return png(draw, (5.6, 2.6)), told
