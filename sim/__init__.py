"""Détente: a what-if laboratory for bilateral relations.

>>> import sim
>>> case = sim.load_scenario("quiet_neighbours")
>>> results = sim.simulate(case, replicates=5, horizon_days=10, workers=1)
>>> results.summary["replicates"]
5
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results import Results
    from sim.scenario import Scenario

__version__ = "0.1.0"
__all__ = ["InputError", "__version__", "load_results", "load_scenario", "simulate"]


def load_scenario(name: str, what_if: str | None = None) -> Scenario:
    """A checked scenario by name or path, with a named what-if laid over it if one is given.

    Raises
    ------
    InputError
        Where the scenario or the what-if is unknown or faulty.
    """
    from sim.scenario import load

    return load(name, what_if)


def simulate(scenario: Scenario, parameters: dict[str, float] | None = None,
             institutions: dict[str, dict[str, Any]] | None = None, **settings: Any) -> Results:
    """Simulate a scenario; ``settings`` are those of ``sim.config.RunSettings``.

    Parameters
    ----------
    scenario
        From :func:`load_scenario`.
    parameters
        Edits by dotted name, as ``detente list parameters`` shows them.
    institutions
        Edits by institution and setting.

    Raises
    ------
    InputError
        On settings, parameters or institutions out of range.
    """
    from sim import experiment, history
    from sim.config import RunSettings
    from sim.report_run import tabulate
    from sim.spec import specify

    spec = specify(scenario, RunSettings.checked(**settings),
                              history.load_named(scenario.record), parameters, institutions)
    return tabulate(spec, experiment.simulate(spec))[0]


def load_results(folder: str) -> Results:
    """A results folder that ``detente run`` wrote; InputError where it is damaged."""
    from pathlib import Path

    from sim.results import load

    return load(Path(folder))


def __getattr__(name: str) -> Any:
    if name == "InputError":
        from sim.errors import InputError

        return InputError
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
