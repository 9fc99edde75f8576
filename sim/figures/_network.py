"""The region as a network: levels of relations and trust between its states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.figures.base import COLOURS, legend_below, narrow, points
from sim.language import tr
from sim.law.vocabulary import Standing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = {
    Standing.RECALLED: (COLOURS[5], ":"),
    Standing.DOWNGRADED: (COLOURS[4], "--"),
    Standing.SEVERED: ("#7a1f1f", "-"),
}
"""Colour and line of each reduced standing; the lines differ for readers without colour."""


Place = tuple[float, float]


def place(states: list[str], focal: tuple[str, str]) -> dict[str, tuple[float, float]]:
    """Positions (x, y), -1 to 1: the focal pair left and right, the others above and below."""
    others = [code for code in states if code not in focal]
    half = (len(others) + 1) // 2
    found = {focal[0]: (-1.0, 0.0), focal[1]: (1.0, 0.0)}
    for row, sign in ((others[:half], 1.0), (others[half:], -1.0)):
        for k, code in enumerate(row):
            angle = np.pi * (k + 1) / (len(row) + 1)
            found[code] = (-float(np.cos(angle)), sign * float(np.sin(angle)))
    return found


def rounded(share: float) -> str:
    """The share, 0 to 1, as text in per cent; ``<1%`` below 1 %."""
    return f"{share:.0%}" if share >= 0.01 else "<1%"


def _line(axes: Axes, one: Place, other: Place, **style: Any) -> None:
    axes.plot([one[0], other[0]], [one[1], other[1]], solid_capstyle="round", **style)


def _relation(axes: Axes, one: Place, other: Place, share: NDArray[np.float64], own: bool) -> None:
    """Draw how a pair stands, from shares ``[standing]``; ``own``: it is the focal pair."""
    modal = Standing(int(share.argmax()))
    if modal not in LOOKS and not own:
        return
    colour, line = LOOKS.get(modal, ("0.6", "-"))
    style = (
        {"zorder": 2, "linewidth": 3.0, "alpha": 1.0}
        if own
        else {"zorder": 1, "linewidth": 0.8 + 1.4 * float(share[modal]), "alpha": 0.75}
    )
    _line(axes, one, other, color=colour, linestyle=line, **style)
    if own:
        told = [f"{tr(s.label)} {rounded(share[s])}" for s in reversed(Standing) if share[s] > 0]
        box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": colour}
        x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
        axes.text(
            x,
            y,
            "\n".join(told),
            ha="center",
            va="center",
            fontsize=points(7.5),
            zorder=3,
            bbox=box,
        )


def _box(axes: Axes, x: float, y: float, code: str, own: bool, drawn: float) -> None:
    """Draw a state; a heavier edge if it is drawn in."""
    box = {
        "boxstyle": "round,pad=0.35",
        "facecolor": "white",
        "edgecolor": COLOURS[1] if drawn else "0.4",
        "linewidth": 0.8 + 8 * drawn,
    }
    axes.text(
        x,
        y,
        f"{code}\n{rounded(drawn)}" if drawn else code,
        ha="center",
        va="center",
        zorder=3,
        fontsize=points(8.5) if own else 7.5,
        fontweight="bold" if own else "normal",
        bbox=box,
    )


def network(
    axes: Axes,
    states: list[str],
    focal: tuple[str, str],
    shares: NDArray[np.float64],
    trust: NDArray[np.float64],
    drawn: dict[str, float],
) -> Axes:
    """Draw the region on ``axes`` and return them: levels of relations over trust (grey).

    Parameters
    ----------
    states, focal
        ISO codes; the focal pair is drawn left and right.
    shares
        ``[state, state, standing]`` share of replicates with each standing, 0 to 1; symmetric. The
        most frequent one is drawn, unless it is ambassadors on both sides.
    trust
        ``[sender, target]`` mean trust, -1 to 1. The width of a grey line is the lower trust of
        the two directions; there is no line if it is negative.
    drawn
        Share of replicates, 0 to 1, in which a third state is drawn in, by code.
    """
    at = place(states, focal)
    for i, a in enumerate(states):
        for j, b in enumerate(states[:i]):
            held = max(0.0, float(np.minimum(trust[i, j], trust[j, i])))
            _line(axes, at[a], at[b], color="0.85", linewidth=4 * held, zorder=0)
            _relation(axes, at[a], at[b], shares[i, j], {a, b} == set(focal))
    for code, (x, y) in at.items():
        _box(axes, x, y, code, code in focal, drawn.get(code, 0.0))
    axes.plot([], [], color="0.85", linewidth=2.5, label=tr("mutual trust"))
    for standing, (colour, line) in LOOKS.items():
        axes.plot([], [], color=colour, linestyle=line, linewidth=2.5, label=tr(standing.label))
    axes.set_xlim(-1.25, 1.25)
    axes.set_ylim(-1.2, 1.15)
    axes.set_aspect("equal")
    axes.axis("off")
    legend_below(axes, 2 if narrow() else 4, 7.5)
    return axes
