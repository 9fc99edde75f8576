"""The resolved configuration of a run, and its hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sim.ensemble.spec import Spec
from sim.inputs.parameters import Parameters


def resolved(spec: Spec) -> dict[str, Any]:
    """Everything that the run used, as plain data: enough to run it again."""
    return {
        "scenario": spec.scenario.model_dump(mode="json"),
        "settings": {
            k: v
            for k, v in spec.settings.model_dump().items()
            if k not in ("workers", "block_elements")
        },
        "parameters": {
            name: float(value[0]) for name, value in Parameters(spec.parameters).items()
        },
        "institutions": {name: s.model_dump() for name, s in spec.institutions.items()},
    }


NOT_SIMULATED = ("title", "question", "what_ifs", "sources")
"""Keys of a scenario that do not affect the simulation."""


def config_hash(spec: Spec) -> str:
    """SHA-256 of all that decides a run's results but code and data: equal hash, equal results."""
    tree = resolved(spec)
    tree["scenario"] = {k: v for k, v in tree["scenario"].items() if k not in NOT_SIMULATED}
    # an edited parameter is not drawn from its prior, even if it was edited to the same value
    tree["edited"] = sorted(spec.parameters)
    tree["record"] = [(str(e.day), e.sender, e.target, e.act) for e in spec.record.events]
    tree["settings"] |= {"horizon_days": spec.horizon, "twin_replicates": 0}
    if spec.design:
        tree["design"] = [spec.design.names, spec.design.points.tolist(), spec.design.repeat]
    return hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode()).hexdigest()
