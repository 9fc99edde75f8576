"""Figures of a backtest."""

from __future__ import annotations

from sim.study import Study


def horizon(study: Study) -> str:
    """The horizon that figures show: 30 days where they were forecast, else the first."""
    found = [str(name) for name in study.summary["horizons"]]
    return "30" if "30" in found else found[0]
