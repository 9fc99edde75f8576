"""Détente: a what-if laboratory for bilateral relations.

The packages, in the order in which one may read and depend (each row may import rows above it;
``tests/test_house.py`` holds the table):

The model
    law           what states can do, and what law and protocol allow
    inputs        the case on file: countries, record, scenario, parameters, settings
    rules         the equations of the model, pure functions of arrays
    world         the state: arrays, sparse rows, ledger, log
    institutions  third parties, one file each
    engine        one day, in order

The experiment
    ensemble      many replicates: a checked run, its blocks, where they are simulated
    outcomes      what is measured on a run: paths, measures, expectations
    results       what is kept: tables, summary, provenance, folders
    studies       what-ifs, sweeps, sensitivity
    explanation   why trust moved and why an act was chosen

The evidence
    event_data    event data of several formats as one table
    estimation    parameters from event data and from known cases
    evaluation    forecasts, baselines, scores, stylised facts

The faces
    figures       one file a figure: results in, Axes out
    report        the page of a run or a study
    dashboard     a crisis day by day in a browser
    commands      one file a subcommand; Hydra and the terminal

``errors`` (bad input), ``streams`` (random numbers) and ``language`` (translations) stand beside
them.

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

    from sim.explanation.account import Account
    from sim.inputs.scenario import Scenario
    from sim.results.run import Results
    from sim.results.study import Study

__version__ = "0.1.0"
__all__ = [
    "InputError",
    "__version__",
    "counterfactual",
    "explain",
    "load_results",
    "load_scenario",
    "plot",
    "simulate",
    "write_report",
]


def load_scenario(name: str, what_if: str | None = None) -> Scenario:
    """A checked scenario by name or path, with the edits of a what-if if its name is given.

    Raises
    ------
    InputError
        If the scenario or the what-if is unknown or has errors.
    """
    from sim.inputs.scenario_file import load

    return load(name, what_if)


def simulate(
    scenario: Scenario | str,
    parameters: dict[str, float] | None = None,
    institutions: dict[str, dict[str, Any]] | None = None,
    **settings: Any,
) -> Results:
    """Simulate a scenario; ``settings`` are those of ``sim.inputs.settings.RunSettings``.

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
        ``workers`` (0 uses every core), ``uncertainty``: see ``sim.inputs.settings.RunSettings``.

    Returns
    -------
    Results
        Summary and tables, with ``to_pandas`` and ``to_xarray``; a notebook shows the main tables.

    Raises
    ------
    InputError
        If settings, parameters or institutions are unknown or out of range.
    """
    from dataclasses import replace

    from sim.ensemble.simulate import simulate as simulate_spec
    from sim.ensemble.spec import RunParts
    from sim.inputs.settings import RunSettings
    from sim.results.write import tabulate

    case = load_scenario(scenario) if isinstance(scenario, str) else scenario
    spec = RunParts(
        case, RunSettings.checked(**settings), parameters or {}, institutions or {}
    ).spec()
    spec = replace(spec, whole_record=True)
    return tabulate(spec, simulate_spec(spec))[0]


def counterfactual(
    scenario: Scenario | str,
    what_ifs: str | Sequence[str] | Mapping[str, Any] = "all",
    outcome: str | None = None,
    parameters: dict[str, float] | None = None,
    institutions: dict[str, dict[str, Any]] | None = None,
    **settings: Any,
) -> Study:
    """The study of a scenario and its what-ifs on the same random draws.

    Parameters
    ----------
    scenario
        From :func:`load_scenario`, or its name.
    what_ifs
        ``all`` of the scenario's, names of some, or edits of your own by name:
        ``{"late": {"institutions": {"oas": {"delay_days": 90}}}}``.
    outcome
        Measure, or expression over measures, that ranks them (``detente list measures``); by
        default the share of replicates severed at the horizon.
    parameters, institutions, settings
        As in :func:`simulate`, for all runs.

    Returns
    -------
    Study
        Tables ``ranking``, ``effects``, ``paths``, ``transitions``, ``trust``.

    Raises
    ------
    InputError
        If a what-if or measure is unknown, or a setting is out of range.
    """
    from sim.studies.what_ifs import counterfactual as compared

    case = load_scenario(scenario) if isinstance(scenario, str) else scenario
    return compared(case, what_ifs, outcome, parameters, institutions, **settings)


def explain(
    results: Results,
    dyad: str | tuple[str, str] | None = None,
    first: date | str | None = None,
    last: date | str | None = None,
) -> list[Account]:
    """Accounts of a dyad over a span, one per direction: the changes of trust, item by item.

    Parameters
    ----------
    results
        A run; it is rerun to reconstruct the reasons.
    dyad
        Two states, ``PER-MEX`` or ``("PER", "MEX")``; by default the first focal pair.
    first, last
        Days whose evenings bound the span, dates or ``YYYY-MM-DD``; by default those of the
        projection.

    Raises
    ------
    InputError
        If the dyad or span is not of the run, or the rerun does not match the saved results.
    """
    from datetime import date as day

    from sim.errors import InputError
    from sim.explanation.trust_account import accounts
    from sim.results.run import Results

    if not isinstance(results, Results):
        raise InputError("results", "must be a run", type(results).__name__)
    try:
        begin, end = (day.fromisoformat(d) if isinstance(d, str) else d for d in (first, last))
    except ValueError as error:
        raise InputError("first, last", "must be dates YYYY-MM-DD", f"{first}, {last}") from error
    pair = "-".join(dyad) if isinstance(dyad, tuple) else dyad
    return accounts(results, pair or results.summary["dyads"][0], begin, end)[0]


def plot(
    results: Results | Study | Sequence[Results | Study],
    name: str = "trust",
    axes: Axes | None = None,
    **words: Any,
) -> Axes:
    """The Axes with one figure of a run or a study, or of a list of them; new if None is given.

    ``name`` is of ``detente list figures``, ``words`` are those of ``detente plot``, ``from_`` in
    place of ``from``. Raises InputError if there is no such figure, or it takes no such word.
    """
    from sim.figures import chosen, same_kind
    from sim.figures.base import figure_of, fitted
    from sim.figures.look import Look

    parts = list(results) if isinstance(results, (list, tuple)) else [results]
    same_kind(parts)
    words = {key.rstrip("_"): value for key, value in words.items()}
    look = {key: words.pop(key) for key in ("size", "names", "language", "style") if key in words}
    found = chosen(parts[0], name, words, len(parts) > 1)
    with Look(**look).checked().applied():
        drawn = found.draw(parts if len(parts) > 1 else parts[0], axes, **words)
        if axes is None:
            fitted(figure_of(drawn))
        return drawn


def write_report(
    results: Results | Study | None,
    file: str | Path,
    comparison: Study | None = None,
    sensitivity: Study | None = None,
) -> Path:
    """The path of the page that it writes: Markdown if ``file`` ends in ``.md``, else HTML.

    Parameters
    ----------
    results
        A run, or a comparison alone.
    comparison, sensitivity
        Further studies of the same scenario and settings, for sections of the page.

    Raises
    ------
    InputError
        If there is neither run nor comparison, if their settings differ, or if the file cannot be
        written.
    """
    from pathlib import Path as FilePath

    from sim.report import render
    from sim.report.assemble import page
    from sim.results.run import Results
    from sim.results.sealed_folder import put

    if results is not None and not isinstance(results, Results):
        results, comparison = None, results  # a comparison has a page of its own
    place = FilePath(file)
    put(
        place,
        render(page(results, comparison, sensitivity), "md" if place.suffix == ".md" else "html"),
    )
    return place


def load_results(folder: str | Path) -> Results | Study:
    """The results in a folder: a run, a comparison, a sensitivity analysis, a sweep.

    Raises
    ------
    InputError
        If the folder is none of these, is damaged, or has another format.
    """
    from pathlib import Path as FilePath

    from sim.studies.load import read

    return read(FilePath(folder))[0]  # type: ignore[no-any-return]


def __getattr__(name: str) -> Any:
    if name == "InputError":
        from sim.errors import InputError

        return InputError
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
