"""Key assumptions: the outcome with one parameter at a time at its low and high end."""

from __future__ import annotations

from sim.figures.base import Plot
from sim.figures.sensitivity.tornado import data, draw

FIGURE = Plot(draw, data)
