"""Mesa's SolaraViz page: a crisis day by day, with and without a what-if, on the same draws.

``laboratory`` is the model that Mesa steps (no Solara in it), ``pictures`` draws it, ``page`` is
what ``solara run`` serves.
"""

from __future__ import annotations

from typing import Any

GIVEN = "DETENTE_DASHBOARD"
"""Environment variable by which ``detente dashboard`` hands over its settings, as JSON."""
HANDED = ("scenario", "what_if", "replicates", "seed")
"""Settings of the page; the others in the file are settings of the server."""


def defaults() -> dict[str, Any]:
    """The page's default settings by name, from ``configs/dashboard.yaml``."""
    import yaml

    from sim.inputs.data_root import data_root

    text = (data_root() / "configs" / "dashboard.yaml").read_text(encoding="utf-8")
    return {key: yaml.safe_load(text)[key] for key in HANDED}
