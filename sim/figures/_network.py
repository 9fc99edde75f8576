"""The region as a network: who has what kind of relations with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.codebook import Standing
from sim.figures import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = {Standing.RECALLED: (COLOURS[5], ":"), Standing.DOWNGRADED: (COLOURS[4], "--"),
         Standing.SEVERED: ("#7a1f1f", "-")}
"""Colour and line of each reduced standing: told apart without colour too."""
LEAST = 0.05
"""Share of replicates under which a reduced standing of third states is not drawn."""


def place(states: list[str], focal: tuple[str, str]) -> dict[str, tuple[float, float]]:
    """Positions: the focal pair at the left and right end, the others above and below, in order."""
    others = [code for code in states if code not in focal]
    half = (len(others) + 1) // 2
    found = {focal[0]: (-1.0, 0.0), focal[1]: (1.0, 0.0)}
    for row, sign in ((others[:half], 1.0), (others[half:], -1.0)):
        for k, code in enumerate(row):
            angle = np.pi * (k + 1) / (len(row) + 1)
            found[code] = (-float(np.cos(angle)), sign * float(np.sin(angle)))
    return found


def rounded(share: float) -> str:
    """A share in per cent; a small one is not nothing."""
    return f"{share:.0%}" if share >= 0.01 else "<1%"


def network(axes: Axes, states: list[str], focal: tuple[str, str], shares: NDArray[np.float64],
            trust: NDArray[np.float64], drawn: dict[str, float]) -> Axes:
    """Draw the region: trust as grey lines under the levels of relations.

    Parameters
    ----------
    states, focal
        ISO codes; the focal pair is drawn inside.
    shares
        ``[N, N, standing]`` share of replicates in which a pair stands so, in [0, 1]; symmetric.
    trust
        ``[N, N]`` mean trust of sender in target, [-1, 1]; the thicker the grey line the more the
        less trusting side trusts, and there is none where it distrusts.
    drawn
        Share of replicates in which a third state is drawn in, by code.
    """
    at = place(states, focal)
    for i, a in enumerate(states):
        for j, b in enumerate(states[:i]):
            worst = max(LOOKS, key=lambda s: shares[i, j, s])
            share = float(shares[i, j, worst])
            (x0, y0), (x1, y1) = at[a], at[b]
            own = {a, b} == set(focal)
            held = max(0.0, float(np.minimum(trust[i, j], trust[j, i])))
            axes.plot([x0, x1], [y0, y1], color="0.85", linewidth=4 * held, zorder=0,
                      solid_capstyle="round")
            if share < LEAST and not own:
                continue
            colour, line = LOOKS[worst] if share >= LEAST else ("0.6", "-")
            axes.plot([x0, x1], [y0, y1], color=colour, linestyle=line, zorder=2 if own else 1,
                      linewidth=3.0 if own else 0.8 + 1.4 * share, alpha=1.0 if own else 0.75,
                      solid_capstyle="round")
            if own:
                told = [f"{s.label} {rounded(shares[i, j, s])}" for s in reversed(Standing)
                        if shares[i, j, s] > 0]
                axes.text((x0 + x1) / 2, (y0 + y1) / 2, "\n".join(told), ha="center", va="center",
                          fontsize=7.5, zorder=3, bbox={"boxstyle": "round,pad=0.3",
                                                        "facecolor": "white", "edgecolor": colour})
    for code, (x, y) in at.items():
        inside = code in focal
        axes.text(x, y, code if not drawn.get(code) else f"{code}\n{rounded(drawn[code])}",
                  ha="center", va="center", fontsize=8.5 if inside else 7.5, zorder=3,
                  fontweight="bold" if inside else "normal",
                  bbox={"boxstyle": "round,pad=0.35", "facecolor": "white",
                        "edgecolor": COLOURS[1] if drawn.get(code) else "0.4",
                        "linewidth": 0.8 + 8 * drawn.get(code, 0.0)})
    axes.plot([], [], color="0.85", linewidth=2.5, label="mutual trust")
    for standing, (colour, line) in LOOKS.items():
        axes.plot([], [], color=colour, linestyle=line, linewidth=2.5, label=standing.label)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=4, fontsize=8)
    axes.set_xlim(-1.25, 1.25)
    axes.set_ylim(-1.2, 1.15)
    axes.set_aspect("equal")
    axes.axis("off")
    return axes
