"""Mesa's SolaraViz page: a crisis day by day, with and without a what-if, on the same draws.

``laboratory`` is the model that Mesa steps (no Solara in it), ``pictures`` draws it, ``page`` is
what ``solara run`` serves.
"""

GIVEN = "DETENTE_DASHBOARD"
"""Environment variable by which ``detente dashboard`` hands over its settings, as JSON."""
