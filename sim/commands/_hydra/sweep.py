"""Runs a sweep from the command line: checks every point, simulates, writes and prints."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE, POINTS_FAILED, UNMET
from sim.commands._hydra.compose import Composer, Request
from sim.commands._hydra.run_spec import specification
from sim.commands._hydra.words import key_of
from sim.commands._screens.terminal import console, estimate, progress, table
from sim.errors import InputError, InputErrors
from sim.outcomes.words import key_in_words, quantity_in_words
from sim.studies.sweep.points import Point

if TYPE_CHECKING:
    from sim.ensemble.spec import Spec
    from sim.inputs.scenario import Scenario
    from sim.studies.sweep.folder import Sweep
    from sim.studies.sweep.tables import SweepResults

HOW = ("executor", "address", "workers", "block_elements", "output", "figures")
"""Keys for how and where the work is done; they do not change the results of a sweep."""
SHOWN = 40
"""Rows of a table on the terminal."""


def sweep(retry_failed: bool, words: list[list[str]], swept: list[str], composer: Composer) -> int:
    """Plan every point, run those that are not done, write and print; return the exit status."""
    from sim.ensemble.executors import check_kind
    from sim.figures import save_all
    from sim.results.sealed_folder import put, refuse_unwritable
    from sim.studies.sweep import ci_report, tables
    from sim.studies.sweep.folder import Sweep, locked

    config = composer.request(words[0], 0, swept).config
    # one request at a time: a composed configuration is large, and there may be thousands
    requests = (composer.request(own, number, swept) for number, own in enumerate(words))
    points = planned(requests, swept, len(words))
    check_kind(config["executor"], config["address"])
    common = [word for word in words[0] if key_of(word) not in swept and key_of(word) not in HOW]
    folder = Path(config["output"] or Path("outputs") / "sweeps" / name_of(points, common))
    refuse_unwritable(folder)
    with locked(folder):
        work = Sweep(folder, points, common)
        work_off(work, config, retry_failed)
        work.share()
        results = tables.of(work)

        def write(place: Path) -> None:
            tables.write(results, place)
            put(place / "junit.xml", ci_report.junit(results, bool(config["expect"])))
            put(place / "summary.md", ci_report.markdown(results))
            if config["figures"]:
                save_all(results, place / "figures", "sweep")

        work.close(write)
    show(results, str(folder), bool(config["expect"]))
    if work.faults:
        return POINTS_FAILED
    return UNMET if results.unmet() and config["expect"] else DONE


def work_off(work: Sweep, config: dict[str, Any], retry_failed: bool) -> None:
    """Run the points that are not done, with progress on stderr."""
    from sim.ensemble.executors import opened
    from sim.ensemble.spec import worker_count

    todo, total = work.todo(retry_failed), len(work.points)
    done = total - len(todo)
    if done:
        console().print(f"{work.folder}: {done} of {total} points need no work")
    if not todo:
        return
    failed = set() if retry_failed else set(work.faults)
    finished: set[int] = set()

    def note() -> str:
        told = f"{done + len(finished)} of {total} points"
        return told + (f", {len(failed)} failed" if failed else "")

    workers = worker_count(work.points[0].spec.settings)
    replicates = sum(point.spec.settings.replicates for point in todo)
    largest = max((point.spec for point in todo), key=lambda spec: spec.settings.replicates)
    estimate(largest, workers, len(todo), held=1)
    with (
        opened(config["executor"], workers, config["address"], "processes") as site,
        progress("replicates", replicates, note) as told,
    ):

        def tell(point: Point, count: int, result: Any) -> None:
            if result is not None:
                finished.add(point.number)
            if point.number in work.faults:
                failed.add(point.number)
            told(count)

        try:
            work.run(site, tell, retry_failed)
        except KeyboardInterrupt:
            work.flush()
            print(
                f"interrupted: {len(work.results)} of {total} points are kept in {work.folder}; "
                f"give the same command to continue",
                file=sys.stderr,
            )
            raise


def planned(requests: Iterable[Request], swept: Sequence[str], total: int) -> list[Point]:
    """Every point as a checked run.

    Raises
    ------
    InputError
        If any point is bad: all errors together, before any simulation.
    """
    from sim.ensemble.config_hash import config_hash
    from sim.outcomes.expression import Outcome, default_outcome
    from sim.outcomes.measures import measure_names

    points: list[Point] = []
    faults: dict[str, tuple[InputError, list[int]]] = {}
    scenarios: dict[str, Scenario] = {}
    for number, request in enumerate(requests):
        try:
            spec = shared(specification(request), scenarios)
            outcome = request.config["outcome"] or default_outcome(spec)
            if request.config["outcome"]:
                Outcome(outcome, measure_names(spec))
            words = tuple(
                word for word in request.words if key_of(word) in swept or key_of(word) not in HOW
            )
            points.append(Point(number, words, request.axes, spec, str(outcome), config_hash(spec)))
        except InputError as error:
            faults.setdefault(str(error), (error, []))[1].append(number)
    if faults:
        raise InputErrors([_at(error, numbers, total) for error, numbers in faults.values()])
    return points


def shared(spec: Spec, scenarios: dict[str, Scenario]) -> Spec:
    """The same run with a scenario that equal points share."""
    key = spec.scenario.model_dump_json()
    return replace(spec, scenario=scenarios.setdefault(key, spec.scenario))


def _at(error: InputError, numbers: list[int], total: int) -> InputError:
    """A complaint with the points it is about."""
    from sim.errors import prefixed

    if len(numbers) == total:
        where = "every point"
    else:
        shown = ", ".join(map(str, numbers[:8])) + (
            f" and {len(numbers) - 8} more" if len(numbers) > 8 else ""
        )
        where = f"point {shown}" if len(numbers) == 1 else f"points {shown}"
    return prefixed(error, where)


def name_of(points: Sequence[Point], common: Sequence[str]) -> str:
    """A folder name that depends only on the sweep, so that the same command finds it again."""
    told = repr([common, [point.words for point in points]])
    names = [word.partition("=")[2] for word in common if key_of(word) == "experiment"] or list(
        dict.fromkeys(point.spec.scenario.name for point in points)
    )
    mark = hashlib.sha256(told.encode()).hexdigest()[:8]
    return f"{names[0] if len(names) == 1 else 'sweep'}-{mark}"


def show(results: SweepResults, folder: str, judged: bool) -> None:
    """Print the outcome of every point, unmet expectations, failed points and equal points."""
    from sim.studies.sweep import ci_report

    out, points = console(), results.points
    _outcomes(results, folder)
    unmet = results.unmet()
    if unmet:
        axes = {row["point"]: ci_report.describe(row["axes"]) for row in points}
        title = "Expectations not met" if judged else "Expectations not met (not judged)"
        rows = [
            [str(item["point"]), axes[item["point"]], item["what"], ci_report.outside(item)]
            for item in unmet[:SHOWN]
        ]
        out.print()
        out.print(table(title, ["point", "settings", "expectation", "result"], rows, (0,)))
    failed = [row for row in points if row["status"] == "failed"]
    if failed:
        _failures(failed, folder)
    for row in points:
        if "same_as" in row:
            out.print(
                f"point {row['point']} ({ci_report.describe(row['axes'])}) has the same "
                f"configuration as point {row['same_as']} and reuses its results"
            )
    out.print(
        f"\n{len(points)} points, {len(results.results)} done, {len(failed)} failed; "
        f"files: {folder}"
    )


def _outcomes(results: SweepResults, folder: str) -> None:
    from sim.studies.sweep import ci_report

    names = [key_in_words(axis) for axis in results.axes]
    rows = []
    for row in results.points:
        found = results.results.get(row["point"])
        value, span = row["status"], ""
        if found:
            told = found["outcome"]
            value = ci_report.shown(told["value"])
            span = f"{ci_report.shown(told['low'])} to {ci_report.shown(told['high'])}"
        rows.append([str(row["point"]), *(str(row["axes"][a]) for a in results.axes), value, span])
    outcomes = {row["outcome"] for row in results.points}
    title = "relations severed at each horizon"
    if len(outcomes) == 1:
        title = quantity_in_words(outcomes.pop())
    columns = ["point", *names, "value", "95 % interval"]
    right = (0, len(names) + 1, len(names) + 2)
    console().print(table(title, columns, rows[:SHOWN], right))
    if len(rows) > SHOWN:
        console().print(f"… and {len(rows) - SHOWN} more: {folder}/points.csv")


def _failures(failed: list[dict[str, Any]], folder: str) -> None:
    from sim.studies.sweep import ci_report

    rows = []
    for row in failed[:SHOWN]:
        told = row["failure"]
        place = f"{folder}/{told['traceback']}"
        settings = ci_report.describe(row["axes"])
        rows.append([str(row["point"]), settings, told["stage"], told["message"], place])
    columns = ["point", "settings", "stage", "message", "traceback"]
    console().print()
    console().print(table("Failed points", columns, rows, (0,)))
    console().print("to repeat only these points, add --retry-failed to the same command")
