"""A sweep from the command line: every point refused or planned, then done, then told."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE, POINTS_FAILED, UNMET
from sim.commands._compose import Composer, Request, key_of
from sim.commands._terminal import console, progress, table
from sim.commands.run import specification
from sim.errors import InputError, InputErrors
from sim.points import Point

if TYPE_CHECKING:
    from sim.sweep import Sweep

HOW = ("executor", "address", "workers", "block_elements", "output", "figures")
"""Keys that say how and where the work is done; a sweep is the same whatever they are."""
SHOWN = 40
"""Rows of a table on the terminal."""


def sweep(retry_failed: bool, words: list[list[str]], swept: list[str],
          composer: Composer) -> int:
    """Plan every point, run what is to do, write tables and figures, print."""
    from sim import ci, sweep_tables
    from sim.executors import check_kind
    from sim.figures import save_all
    from sim.folder import put, refuse_unwritable
    from sim.sweep import Sweep, locked

    requests = [composer.request(own, number, swept) for number, own in enumerate(words)]
    points = planned(requests, swept)
    config = requests[0].config
    check_kind(config["executor"], config["address"])
    common = [word for word in words[0] if key_of(word) not in swept and key_of(word) not in HOW]
    folder = Path(config["output"] or Path("outputs") / "sweeps" / name_of(points, common))
    refuse_unwritable(folder)
    with locked(folder):
        work = Sweep(folder, points, common)
        work_off(work, config, retry_failed)
        work.share()
        results = sweep_tables.of(work)

        def write(place: Path) -> None:
            sweep_tables.write(results, place)
            put(place / "junit.xml", ci.junit(results, bool(config["expect"])))
            put(place / "summary.md", ci.markdown(results))
            if config["figures"]:
                save_all(results, place / "figures", "sweep")

        work.close(write)
    show(results, str(folder), bool(config["expect"]))
    if work.faults:
        return POINTS_FAILED
    return UNMET if results.unmet() and config["expect"] else DONE


def work_off(work: Sweep, config: dict[str, Any], retry_failed: bool) -> None:
    """Do what is to do, telling how far it is."""
    from sim.executors import opened
    from sim.spec import worker_count

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
    with (opened(config["executor"], workers, config["address"]) as site,
          progress("replicates", replicates, note) as told):
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
            print(f"interrupted: {len(work.results)} of {total} points are kept in {work.folder}; "
                  f"the same command goes on from there", file=sys.stderr)
            raise


def planned(requests: Sequence[Request], swept: Sequence[str]) -> list[Point]:
    """Every point as a checked run; all that is wrong is told at once, before any runs."""
    from sim.measures import measure_names
    from sim.outcome import Outcome, default_outcome
    from sim.provenance import config_hash

    points: list[Point] = []
    faults: dict[str, tuple[InputError, list[int]]] = {}
    for number, request in enumerate(requests):
        try:
            spec = specification(request)
            outcome = request.config["outcome"] or default_outcome(spec)
            if request.config["outcome"]:
                Outcome(outcome, measure_names(spec))
            words = tuple(word for word in request.words
                          if key_of(word) in swept or key_of(word) not in HOW)
            points.append(Point(number, words, request.axes, spec, str(outcome),
                                config_hash(spec)))
        except InputError as error:
            faults.setdefault(str(error), (error, []))[1].append(number)
    if faults:
        raise InputErrors([_at(error, numbers, len(requests))
                           for error, numbers in faults.values()])
    return points


def _at(error: InputError, numbers: list[int], total: int) -> InputError:
    """A complaint with the points it is about."""
    from sim.errors import prefixed

    if len(numbers) == total:
        where = "every point"
    else:
        shown = ", ".join(map(str, numbers[:8])) + (
            f" and {len(numbers) - 8} more" if len(numbers) > 8 else "")
        where = f"point {shown}" if len(numbers) == 1 else f"points {shown}"
    return prefixed(error, where)


def name_of(points: Sequence[Point], common: Sequence[str]) -> str:
    """A folder's name that the same command finds again, whatever does the work."""
    told = repr([common, [point.words for point in points]])
    names = [word.partition("=")[2] for word in common if key_of(word) == "experiment"] or list(
        dict.fromkeys(point.spec.scenario.name for point in points))
    mark = hashlib.sha256(told.encode()).hexdigest()[:8]
    return f"{names[0] if len(names) == 1 else 'sweep'}-{mark}"


def show(results: Any, folder: str, judged: bool) -> None:
    """Print the outcome of every point, what fell outside, what failed, what is equal."""
    from sim import ci

    out, points = console(), results.points
    axes = {row["point"]: row["axes"] for row in points}
    names = [axis.rpartition(".")[2] for axis in results.axes]
    rows = []
    for row in points:
        found = results.results.get(row["point"])
        value = found["outcome"] if found else {}
        rows.append([str(row["point"]), *(str(row["axes"][axis]) for axis in results.axes),
                     row["status"] if not found else ci.shown(value["value"]),
                     f"{ci.shown(value['low'])} to {ci.shown(value['high'])}" if found else ""])
    outcomes = {row["outcome"] for row in points}
    title = outcomes.pop() if len(outcomes) == 1 else "relations severed at each horizon"
    out.print(table(title, ["point", *names, "value", "95 % interval"], rows[:SHOWN],
                    (0, len(names) + 1, len(names) + 2)))
    if len(rows) > SHOWN:
        out.print(f"… and {len(rows) - SHOWN} more: {folder}/points.csv")
    unmet = results.unmet()
    if unmet:
        out.print()
        out.print(table("Outside their range" if judged else "Outside their range (not judged)",
                        ["point", "where", "what", "came out"],
                        [[str(item["point"]), ci.describe(axes[item["point"]]), item["what"],
                          ci.outside(item)] for item in unmet[:SHOWN]], (0,)))
    failed = [row for row in points if row["status"] == "failed"]
    if failed:
        out.print()
        out.print(table("Failed", ["point", "where", "stage", "message", "traceback"], [
            [str(row["point"]), ci.describe(row["axes"]), row["failure"]["stage"],
             row["failure"]["message"], f"{folder}/{row['failure']['traceback']}"]
            for row in failed[:SHOWN]], (0,)))
        out.print("the same command with --retry-failed repeats these alone")
    for row in points:
        if "same_as" in row:
            out.print(f"point {row['point']} ({ci.describe(row['axes'])}) has the resolved "
                      f"configuration of point {row['same_as']}: its results are that one's")
    out.print(f"\n{len(points)} points, {len(results.results)} done, {len(failed)} failed; "
              f"files: {folder}")
