"""Scenario discovery: the region of the parameter space in which an outcome is high, or low.

Uses the patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010) of the
EMA workbench (Kwakkel 2017), which is an optional extra.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.errors import InputError, require
from sim.outcomes.measures import Floats
from sim.studies.parameter_space import Space

WANTED = ("none", "high", "low")
QUARTER = 0.25
"""Share of the points, 0 to 1, that count as high or as low."""


def check_wanted(wanted: str) -> None:
    """Raise InputError if ``wanted`` is unknown or the EMA workbench is not installed."""
    if wanted not in WANTED:
        raise InputError("discover", "must be none, high or low", wanted, WANTED)
    if wanted != "none":
        require("ema_workbench", "discovery", "discover")


def _limits(space: Space, found: Any, best: int) -> list[dict[str, Any]]:
    """Parameters that a box of PRIM restricts: low, high, quasi-p value."""
    limits, whole = found.box_lims[best], found.box_lims[0]
    rows = []
    for name in space.names:
        low, high = (float(limits[name].iloc[k]) for k in (0, 1))
        if (low, high) != tuple(float(whole[name].iloc[k]) for k in (0, 1)):
            doubt = np.atleast_1d(found.qp[best].get(name, np.nan)).astype(float)
            doubt = doubt[doubt >= 0]
            quasi = float(doubt.max()) if len(doubt) else None
            rows.append({"parameter": name, "low": low, "high": high, "quasi_p": quasi})
    return rows


def box(space: Space, points: Floats, y: Floats, wanted: str) -> dict[str, Any]:
    """The box with the largest harmonic mean of coverage and density, and its limits.

    Parameters
    ----------
    points
        ``[point, parameter]``, each in the parameter's own unit.
    y
        ``[point]``, the outcome.

    Returns
    -------
    dict
        ``threshold`` of the outcome, ``coverage`` (share of the hits inside the box), ``density``
        (share of hits among the points inside), and ``limits``: parameter, low, high, and the
        quasi-p value of each restriction.
    """
    import warnings

    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about evaluators not used here, and from pandas
        from ema_workbench.analysis import prim

        edge = float(np.quantile(y, 1 - QUARTER if wanted == "high" else QUARTER))
        hit = y >= edge if wanted == "high" else y <= edge
        if hit.all():  # the outcome is the same nearly everywhere: there is no region to find
            sure = dict.fromkeys(("share", "coverage", "density"), 1.0)
            return {"wanted": wanted, "threshold": edge, **sure, "limits": []}
        found = prim.Prim(
            pd.DataFrame(points, columns=list(space.names)), hit, threshold=0.0, peel_alpha=0.05
        ).find_box()
    # counted here: the workbench's own trajectory (2.5.3) gives 1 for a boolean outcome
    scores = np.array([_score(space, points, hit, limits) for limits in found.box_lims])
    best = int(scores[:, 2].argmax())
    rows = _limits(space, found, best)
    return {
        "wanted": wanted,
        "threshold": edge,
        "share": float(hit.mean()),
        "coverage": float(scores[best, 0]),
        "density": float(scores[best, 1]),
        "limits": rows,
    }


def _score(space: Space, points: Floats, hit: Any, limits: Any) -> tuple[float, float, float]:
    """Coverage and density of a box, 0 to 1, and their harmonic mean."""
    inside = np.ones(len(points), bool)
    for k, name in enumerate(space.names):
        low, high = (float(limits[name].iloc[end]) for end in (0, 1))
        inside &= (points[:, k] >= low) & (points[:, k] <= high)
    caught = float((hit & inside).sum())
    coverage, density = caught / max(1, hit.sum()), caught / max(1, inside.sum())
    return coverage, density, 2 * coverage * density / max(1e-12, coverage + density)
