"""Key assumptions: the parameters that move an outcome most, each alone at its ends.

One small design on the same random draws: all parameters at their values, then each alone at the
low and at the high end of its prior. Each row says whether its value is judged, assumed or
estimated.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.ensemble.spec import Spec
from sim.inputs.parameters import parameter_table
from sim.outcomes.expression import Outcome
from sim.outcomes.measures import Measures
from sim.studies.parameter_space import Space
from sim.studies.sensitivity import by_point, planned, tornado

TOP = 5
"""Key assumptions that screens and pages show."""


def plan(spec: Spec, space: Space, repeat: int) -> Spec:
    """The design as one run: ``repeat`` replicates at each of ``2 k + 1`` points."""
    return planned(spec, space, np.zeros((0, len(space.names))), repeat)


def assumptions(
    space: Space, outcome: Outcome, table: Measures, repeat: int
) -> list[dict[str, Any]]:
    """Rows of :func:`sim.studies.sensitivity.tornado` with ``basis`` and ``source`` of each.

    ``table``: measures of the outcome, ``[row of the design]``. ``basis`` is the first word of the
    source: estimated, judged, assumed, literature, chosen.
    """
    _, cells = by_point(outcome, table, repeat)
    rows = tornado(space, cells)
    known = parameter_table()
    return [row | basis(known[row["parameter"]].source) for row in rows]


def basis(source: str) -> dict[str, str]:
    """What a parameter rests on: ``basis`` in one word, and its ``source``."""
    word = source.replace(",", " ").replace(":", " ").replace(";", " ").split(" ")[0]
    known = ("estimated", "judged", "assumed", "literature", "chosen", "factor", "years")
    given = word if word in known else "assumed"
    return {"basis": {"factor": "judged", "years": "assumed"}.get(given, given), "source": source}
