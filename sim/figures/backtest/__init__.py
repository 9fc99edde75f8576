"""Figures of a backtest."""

from __future__ import annotations

from sim.results.study import Study


def horizon(study: Study) -> str:
    """The horizon shown in the figures: 30 days if it was forecast, else the first."""
    found = [str(name) for name in study.summary["horizons"]]
    return "30" if "30" in found else found[0]
