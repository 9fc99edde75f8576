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
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from matplotlib.axes import Axes

    from sim.account import Account
    from sim.results import Results
    from sim.scenario import Scenario
    from sim.study import Study

__version__ = "0.1.0"
__all__ = ["InputError", "__version__", "counterfactual", "explain", "load_results",
           "load_scenario", "plot", "simulate", "write_report"]


def load_scenario(name: str, what_if: str | None = None) -> Scenario:
    """A checked scenario by name or path, with a named what-if laid over it if one is given.

    Raises
    ------
    InputError
        Where the scenario or the what-if is unknown or faulty.
    """
    from sim.scenario import load

    return load(name, what_if)


def simulate(scenario: Scenario | str, parameters: dict[str, float] | None = None,
             institutions: dict[str, dict[str, Any]] | None = None, **settings: Any) -> Results:
    """Simulate a scenario; ``settings`` are those of ``sim.config.RunSettings``.

    Parameters
    ----------
    scenario
        From :func:`load_scenario`, or its name.
    parameters
        Edits by dotted name, as ``detente list parameters`` shows them.
    institutions
        Edits by institution and setting.
    settings
        ``replicates``, ``horizon_days`` (days), ``tick_days`` (days, 0.5 to 2), ``seed``,
        ``workers`` (0 takes every core), ``uncertainty``.

    Returns
    -------
    Results
        Summary and tables; ``to_pandas``, ``to_xarray``, and a page of its own in a notebook.

    Raises
    ------
    InputError
        On settings, parameters or institutions out of range.
    """
    from sim import experiment, history
    from sim.config import RunSettings
    from sim.report_run import tabulate
    from sim.spec import specify

    case = load_scenario(scenario) if isinstance(scenario, str) else scenario
    spec = specify(case, RunSettings.checked(**settings), history.load_named(case.record),
                   parameters, institutions)
    return tabulate(spec, experiment.simulate(spec))[0]


def counterfactual(scenario: Scenario | str,
                   what_ifs: str | Sequence[str] | Mapping[str, Any] = "all",
                   outcome: str | None = None, parameters: dict[str, float] | None = None,
                   institutions: dict[str, dict[str, Any]] | None = None,
                   **settings: Any) -> Study:
    """Compare a scenario with what-ifs on the same draws, so that a difference is an effect.

    Parameters
    ----------
    scenario
        From :func:`load_scenario`, or its name.
    what_ifs
        ``all`` of the scenario's, names of some, or edits of your own by name:
        ``{"late": {"institutions": {"oas": {"delay_days": 90}}}}``.
    outcome
        What ranks them: a measure, or an expression over measures (``detente list measures``);
        the share severed at the horizon unless told otherwise.
    parameters, institutions, settings
        As in :func:`simulate`, for all worlds alike.

    Returns
    -------
    Study
        Tables ``ranking``, ``effects``, ``paths``, ``transitions``, ``trust``.

    Raises
    ------
    InputError
        On unknown what-ifs or measures, and on anything out of range.
    """
    from sim import comparison

    case = load_scenario(scenario) if isinstance(scenario, str) else scenario
    return comparison.counterfactual(case, what_ifs, outcome, parameters, institutions, **settings)


def explain(results: Results, dyad: str | tuple[str, str] | None = None,
            first: date | str | None = None, last: date | str | None = None) -> list[Account]:
    """Why trust moved: the ledger of a dyad over a span, both directions, item by item.

    Parameters
    ----------
    results
        A run; it is simulated again for this.
    dyad
        Two states, ``PER-MEX`` or ``("PER", "MEX")``; the first focal pair unless told otherwise.
    first, last
        Days whose evenings bound the span, dates or ``YYYY-MM-DD``; the projection unless told
        otherwise.

    Raises
    ------
    InputError
        On a dyad or span that is not of the run, or a run that comes out otherwise today.
    """
    from datetime import date as day

    from sim.account import accounts
    from sim.errors import InputError
    from sim.results import Results

    if not isinstance(results, Results):
        raise InputError("results", "must be a run", type(results).__name__)
    try:
        begin, end = (day.fromisoformat(d) if isinstance(d, str) else d for d in (first, last))
    except ValueError as error:
        raise InputError("first, last", "must be dates YYYY-MM-DD", f"{first}, {last}") from error
    pair = "-".join(dyad) if isinstance(dyad, tuple) else dyad
    return accounts(results, pair or results.summary["dyads"][0], begin, end)[0]


def plot(results: Results | Study, name: str, axes: Axes | None = None) -> Axes:
    """Draw one figure of a run or a study on given Axes, or on new ones; returns the Axes.

    Parameters
    ----------
    name
        A figure of its kind: for a run ``trust_fan``, ``levels``, ``path_tree``, ``network``,
        ``region``.

    Raises
    ------
    InputError
        Where there is no such figure, with the names of those that fit.
    """
    import matplotlib as mpl

    from sim.errors import InputError
    from sim.figures import STYLE, catalogue

    found = catalogue(getattr(results, "kind", "run"), results)
    if name not in found:
        raise InputError("figure", "no such figure", name, found)
    with mpl.rc_context(STYLE):
        return found[name](results, axes)


def write_report(results: Results | Study | None, file: str | Path, comparison: Study | None = None,
                 sensitivity: Study | None = None) -> Path:
    """Write the page of a run or a comparison; a file that ends in ``.md`` is Markdown.

    Raises
    ------
    InputError
        Where there is neither run nor comparison, they are of different scenarios, or the file
        cannot be written.
    """
    from pathlib import Path as FilePath

    from sim.folder import put
    from sim.report import render
    from sim.report.assemble import page
    from sim.results import Results

    if results is not None and not isinstance(results, Results):
        results, comparison = None, results  # a comparison has a page of its own
    place = FilePath(file)
    put(place, render(page(results, comparison, sensitivity),
                      "md" if place.suffix == ".md" else "html"))
    return place


def load_results(folder: str | Path) -> Results | Study:
    """What a command wrote: a run, a comparison, a sensitivity analysis, a sweep.

    Raises
    ------
    InputError
        Where the folder is none of them, is damaged, or is of another format.
    """
    from pathlib import Path as FilePath

    from sim.folders import read

    return read(FilePath(folder))[0]  # type: ignore[no-any-return]


def __getattr__(name: str) -> Any:
    if name == "InputError":
        from sim.errors import InputError

        return InputError
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
