"""A sweep's folder: its plan, the complete results of its points, and how to resume it.

``sweep.json`` is the manifest, ``points/NNNN.json`` a point's results with their own checksum,
``failures/NNNN.txt`` a traceback. The points' files decide what is done: a sweep that was killed at
any moment resumes from them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.ensemble.code_hash import data_hashes, software
from sim.ensemble.executors import Site
from sim.ensemble.tasks import Fault
from sim.errors import InputError
from sim.results.sealed_folder import SEAL, as_json, put, seal
from sim.studies.sweep.packed_results import PackedResults, checksum_of
from sim.studies.sweep.points import Point, done_points

FORMAT = 1
"""Version of the layout of a sweep's folder."""
MANIFEST = "sweep.json"
FLUSH_SECONDS = 2.0
"""Seconds between two versions of the manifest while the sweep runs."""
PENDING, DONE, FAILED = "pending", "done", "failed"

Tell = Callable[[Point, int, Any], None]


class Sweep:
    """A sweep and its folder, new or as an earlier process left it.

    Attributes
    ----------
    results
        Verified results of the points that are done, by number.
    faults
        Records of the points that failed, by number: stage, message, file of the traceback.
    same
        Points whose resolved configuration equals that of an earlier point, with its number.

    Raises
    ------
    InputError
        If the folder holds something else, or a sweep of other code, data or configuration.
    """

    def __init__(self, folder: Path, points: list[Point], common: list[str]) -> None:
        self.folder, self.points = folder, points
        self.plan: dict[str, Any] = {
            "format": FORMAT,
            "common": common,
            "axes": list(points[0].axes),
            "scenarios": list(dict.fromkeys(p.spec.scenario.title for p in points)),
            "software": software(),
            "data": data_hashes(),
            "points": [
                {
                    "point": p.number,
                    "overrides": list(p.words),
                    "axes": p.axes,
                    "outcome": p.outcome,
                    "config": p.config,
                }
                for p in points
            ],
        }
        first: dict[str, int] = {}
        self.same = {
            p.number: first[p.config]
            for p in points
            if first.setdefault(p.config, p.number) != p.number
        }
        self.results = PackedResults()
        self.faults: dict[int, dict[str, str]] = {}
        self._flushed = 0.0
        if (folder / MANIFEST).is_file():
            self._resume()
        elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                str(folder),
                "the folder must be new, or hold this same sweep",
                "it holds something else",
                remedy="choose another with `output=FOLDER`, or remove it",
            )

    # ---- what an earlier process left ---------------------------------------------------------
    def _resume(self) -> None:
        old = read_manifest(self.folder)
        changes = list(_changes(old, json.loads(json.dumps(self.plan))))
        if changes:
            raise InputError(
                str(self.folder),
                "holds a sweep of other code, data or configuration; its "
                "points and new points would not be comparable",
                "; ".join(changes),
                remedy="to start again, remove the folder or give another with `output=FOLDER`",
            )
        for point in self.points:
            found = self._verified(point)
            if found is not None:
                self.results[point.number] = found
        for row in old["points"]:
            if row["status"] == FAILED and row["point"] not in self.results:
                self.faults[row["point"]] = row["failure"]

    def _file(self, number: int) -> Path:
        return self.folder / "points" / f"{number:04d}.json"

    def _verified(self, point: Point) -> dict[str, Any] | None:
        """A point's results if they are complete and of this configuration, else None."""
        try:
            tree = json.loads(self._file(point.number).read_text(encoding="utf-8"))
            whole = (
                tree["sha256"] == checksum_of(tree["results"]) and tree["config"] == point.config
            )
            return dict(tree["results"]) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    # ---- the work -----------------------------------------------------------------------------
    def todo(self, retry_failed: bool) -> list[Point]:
        """Points to work on: those without results or fault, or only those that failed."""
        wanted = (
            [p for p in self.points if p.number in self.faults]
            if retry_failed
            else [p for p in self.points if p.number not in self.faults]
        )
        return [p for p in wanted if p.number not in self.results and p.number not in self.same]

    def run(self, site: Site, tell: Tell, retry_failed: bool = False) -> None:
        """Works on the points to do; writes each to disk before it passes it to ``tell``."""
        (self.folder / SEAL).unlink(missing_ok=True)
        self.flush()
        for point, count, result in done_points(site, self.todo(retry_failed)):
            if isinstance(result, Fault):
                self._failed(point, result)
            elif result is not None:
                self._keep(point, result)
            tell(point, count, result)
            if time.monotonic() - self._flushed > FLUSH_SECONDS:
                self.flush()

    def _keep(self, point: Point, results: dict[str, Any]) -> None:
        put(
            self._file(point.number),
            as_json({"sha256": checksum_of(results), "config": point.config, "results": results}),
        )
        self.results[point.number] = results
        if self.faults.pop(point.number, None):
            (self.folder / "failures" / f"{point.number:04d}.txt").unlink(missing_ok=True)

    def _failed(self, point: Point, fault: Fault) -> None:
        name = f"failures/{point.number:04d}.txt"
        put(self.folder / name, fault.trace)
        self.faults[point.number] = {
            "stage": fault.stage,
            "message": fault.message,
            "traceback": name,
        }

    def share(self) -> None:
        """Gives points of equal configuration the results, or fault, of the first of them."""
        for number, first in self.same.items():
            if first in self.results:
                self._keep(self.points[number], self.results[first])
            elif first in self.faults:
                self.faults[number] = self.faults[first]

    # ---- what is known ------------------------------------------------------------------------
    def status(self, number: int) -> str:
        """The status of a point: done, failed or pending."""
        return DONE if number in self.results else FAILED if number in self.faults else PENDING

    def manifest(self) -> dict[str, Any]:
        """The plan with every point's status; no times or places: the same for any executor."""
        rows = []
        for row in self.plan["points"]:
            number = row["point"]
            more: dict[str, Any] = {"status": self.status(number)}
            if number in self.same:
                more["same_as"] = self.same[number]
            if number in self.results:
                more |= {
                    "file": f"points/{number:04d}.json",
                    "sha256": self.results.checksum(number),
                }
            elif number in self.faults:
                more["failure"] = self.faults[number]
            rows.append({**row, **more})
        return {**self.plan, "points": rows}

    def flush(self) -> None:
        """Writes the manifest in its current state."""
        put(self.folder / MANIFEST, as_json(self.manifest()))
        self._flushed = time.monotonic()

    def close(self, write: Callable[[Path], None]) -> None:
        """Writes tables and figures (by ``write``) and the manifest, and seals the folder."""
        write(self.folder)
        self.flush()
        seal(self.folder)


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """The differences between two plans, in words."""
    for group in ("software", "data"):
        for name in sorted(set(old.get(group, {})) | set(new[group])):
            before, now = old.get(group, {}).get(name), new[group].get(name)
            if before != now:
                label = "the code of detente" if name == "sim" else f"{group} {name}"
                yield f"{label} ({str(before)[:12]} then, {str(now)[:12]} now)"
    before, now = (
        [(p["axes"], p["config"], p["outcome"]) for p in plan["points"]] for plan in (old, new)
    )
    if len(before) != len(now):
        yield f"the number of points ({len(before)} then, {len(now)} now)"
    else:
        moved = [k for k, (a, b) in enumerate(zip(before, now, strict=True)) if a != b]
        if moved:
            more = f" and {len(moved) - 8} more" if len(moved) > 8 else ""
            yield f"the configuration of points {', '.join(map(str, moved[:8]))}{more}"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a sweep's folder.

    Raises
    ------
    InputError
        If there is none, it cannot be read, or it has another format.
    """
    try:
        tree = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if tree["format"] != FORMAT:
            raise InputError(
                str(folder),
                f"must be a sweep of format {FORMAT}",
                f"format {tree['format']}",
                remedy="repeat the sweep",
            )
        return dict(tree)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            str(folder),
            "is not the folder of a sweep",
            f"no readable {MANIFEST}",
            remedy="give a folder that `detente run -m` wrote",
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps a second process out of a sweep's folder for the time of a ``with`` block.

    Raises
    ------
    InputError
        If another process is at work in it, or its parent folder cannot be written.
    """
    from sim.results.sealed_folder import unwritable

    try:
        import fcntl  # no such thing on Windows
    except ImportError:
        yield
        return
    path = folder.absolute().with_name(f".{folder.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("w", encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from error
    with handle:
        try:
            # lockf and not flock: a forked worker that outlives us must not hold it
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                str(folder),
                "another process is running this sweep",
                None,
                remedy="wait for it, or give another folder with `output=FOLDER`",
            ) from error
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
