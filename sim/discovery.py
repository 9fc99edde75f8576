"""Scenario discovery: the region of the parameter space in which an outcome is high, or low.

The patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010) as the EMA
workbench has it (Kwakkel 2017), an extra.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.measures import Floats
from sim.space import Space

WANTED = ("none", "high", "low")
QUARTER = 0.25
"""Share of the points that are called high, or low."""


def check_wanted(wanted: str) -> None:
    """Refuse what is not known or not installed, before anything runs."""
    if wanted not in WANTED:
        raise InputError("discover", "must be none, high or low", wanted, WANTED)
    if wanted != "none" and find_spec("ema_workbench") is None:
        raise InputError("discover", "the EMA workbench is not installed", wanted,
                         remedy="pip install 'detente[discovery]'")


def box(space: Space, points: Floats, y: Floats, wanted: str) -> dict[str, Any]:
    """The box that best trades coverage against density (their harmonic mean), and its limits.

    Returns
    -------
    dict
        ``threshold`` of the outcome, ``coverage``, ``density``, and ``limits``: parameter, low,
        high, and the quasi-p value of each restriction.
    """
    import warnings

    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of evaluators that are not used here, and of pandas
        from ema_workbench.analysis import prim

        edge = float(np.quantile(y, 1 - QUARTER if wanted == "high" else QUARTER))
        hit = y >= edge if wanted == "high" else y <= edge
        if hit.all():  # the outcome is the same nearly everywhere: there is no region to find
            return {"wanted": wanted, "threshold": edge, "share": 1.0, "coverage": 1.0,
                    "density": 1.0, "limits": []}
        found = prim.Prim(pd.DataFrame(points, columns=list(space.names)), hit, threshold=0.0,
                          peel_alpha=0.05).find_box()
    # counted here: the workbench's own trajectory (2.5.3) gives 1 for a boolean outcome
    scores = np.array([_score(space, points, hit, limits) for limits in found.box_lims])
    best = int(scores[:, 2].argmax())
    limits, whole = found.box_lims[best], found.box_lims[0]
    rows = []
    for name in space.names:
        low, high = (float(limits[name].iloc[k]) for k in (0, 1))
        if (low, high) != tuple(float(whole[name].iloc[k]) for k in (0, 1)):
            doubt = np.atleast_1d(found.qp[best].get(name, np.nan)).astype(float)
            doubt = doubt[doubt >= 0]
            rows.append({"parameter": name, "low": low, "high": high,
                         "quasi_p": float(doubt.max()) if len(doubt) else None})
    return {"wanted": wanted, "threshold": edge, "share": float(hit.mean()),
            "coverage": float(scores[best, 0]), "density": float(scores[best, 1]), "limits": rows}


def _score(space: Space, points: Floats, hit: Any, limits: Any) -> tuple[float, float, float]:
    """Share of the hits inside a box, share of hits in it, and the harmonic mean of both."""
    inside = np.ones(len(points), bool)
    for k, name in enumerate(space.names):
        low, high = (float(limits[name].iloc[end]) for end in (0, 1))
        inside &= (points[:, k] >= low) & (points[:, k] <= high)
    caught = float((hit & inside).sum())
    coverage, density = caught / max(1, hit.sum()), caught / max(1, inside.sum())
    return coverage, density, 2 * coverage * density / max(1e-12, coverage + density)
