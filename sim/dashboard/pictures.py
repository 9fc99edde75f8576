"""Pictures of a side of the laboratory as PNG data addresses, each with its words."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sim.codebook import Standing
from sim.figures import COLOURS, STYLE
from sim.figures._network import network
from sim.figures.run.levels import FILLS, HATCHES

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from sim.dashboard.laboratory import Side

DPI = 100
"""Dots an inch."""


def png(draw: Callable[[Axes], None], size: tuple[float, float]) -> str:
    """A drawing as a data address, for an ``img``."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size)
        axes = figure.add_axes((0.13, 0.17, 0.84, 0.79))
        draw(axes)
        held = io.BytesIO()
        figure.savefig(held, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()


def reach(day: float, horizon: int) -> float:
    """How far to the right a picture goes, days: it grows with the days played."""
    return min(horizon, max(60.0, 1.5 * day))


def fan(side: Side, horizon: int) -> tuple[str, str]:
    """Trust both ways so far: the record, then median, 50 and 90 % of the replicates."""
    days, trust = np.array(side.days), np.array(side.trust)
    names = [side.model.world.states[k] for k in side.pair]
    past, future = days <= 0, days >= 0

    def draw(axes: Axes) -> None:
        for k, (a, b) in enumerate((names, names[::-1])):
            colour, line = COLOURS[k], ("-", "--")[k]
            axes.step(days[past], trust[past, k, 2], where="post", color=colour, linestyle=line,
                      linewidth=1.1)
            for low, high, alpha in ((0, 4, 0.14), (1, 3, 0.26)):
                axes.fill_between(days[future], trust[future, k, low], trust[future, k, high],
                                  color=colour, alpha=alpha, linewidth=0)
            axes.plot(days[future], trust[future, k, 2], color=colour, linestyle=line,
                      linewidth=1.8, label=f"{a} trusts {b}")
        axes.axvline(0, color="0.3", linewidth=0.8)
        axes.set_xlim(days[0], reach(days[-1], horizon))
        axes.set_ylim(-1, 1)
        axes.set_xlabel("days after the information date")
        axes.set_ylabel("trust (−1 to +1)")
        axes.legend(loc="upper right", ncols=2)

    told = "; ".join(f"{a} trusts {b}: median {trust[-1, k, 2]:+.2f}, 90 % of replicates "
                     f"{trust[-1, k, 0]:+.2f} to {trust[-1, k, 4]:+.2f}"
                     for k, (a, b) in enumerate((names, names[::-1])))
    return png(draw, (5.6, 3.0)), told


def region(side: Side) -> tuple[str, str]:
    """The network of the region now, levels as colour and line of the edges."""
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
    """Share of replicates on each level so far."""
    shares = np.array(side.standing) * 100
    days = np.arange(len(shares)) * side.model.days

    def draw(axes: Axes) -> None:
        low = np.zeros(len(days))
        for s in Standing:
            axes.fill_between(days, low, low + shares[:, s], facecolor=FILLS[s], hatch=HATCHES[s],
                              edgecolor="0.35", linewidth=0.3, label=s.label, step="post")
            low = low + shares[:, s]
        axes.set_xlim(0, reach(days[-1], horizon))
        axes.set_ylim(0, 100)
        axes.set_xlabel("days after the information date")
        axes.set_ylabel("replicates (%)")
        axes.legend(loc="upper right", fontsize=7.5, frameon=True)

    told = ", ".join(f"{s.label} {shares[-1, s]:.0f} %" for s in Standing if shares[-1, s] > 0)
    return png(draw, (5.6, 2.6)), told
