"""Formats of event data, found by listing: one file a format, all read into one table.

A format's file ends with ``FORMAT``, a :class:`~sim.event_data.formats.base.Format`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path

from sim.event_data.formats.base import Format


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Format]:
    """Every format by its name on the command line, in alphabetical order."""
    names = sorted(p.stem for p in Path(__file__).parent.glob("[!_]*.py") if p.stem != "base")
    modules = {name: import_module(f"sim.event_data.formats.{name}") for name in names}
    return {name.replace("_", "-"): module.FORMAT for name, module in modules.items()}
