"""A sweep's folder: a plan, results that are whole or not there, and the way back into them.

``sweep.json`` is the manifest, ``points/NNNN.json`` a point's results with their own checksum,
``failures/NNNN.txt`` a traceback. The points' files are the truth about what is done: a sweep that
was killed at any moment goes on from them.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.executors import Site
from sim.folder import SEAL, as_json, put, seal
from sim.points import Point, done_points
from sim.provenance import data_hashes, software
from sim.tasks import Fault

FORMAT = 1
"""Version of the layout of a sweep's folder."""
MANIFEST = "sweep.json"
FLUSH_SECONDS = 2.0
"""Time between two versions of the manifest while the sweep is at work."""
PENDING, DONE, FAILED = "pending", "done", "failed"

Tell = Callable[[Point, int, Any], None]


def _sum(tree: Any) -> str:
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


class Sweep:
    """A sweep and its folder, new or found as an earlier process left it.

    Attributes
    ----------
    results
        Verified results of the points that are done, by number.
    faults
        Records of the points that failed: stage, message, file of the traceback.
    same
        Points whose resolved configuration equals an earlier one's, and that one's number.

    Raises
    ------
    InputError
        Where the folder holds something else, or a sweep of other code, data or configuration.
    """

    def __init__(self, folder: Path, points: list[Point], common: list[str]) -> None:
        self.folder, self.points = folder, points
        self.plan: dict[str, Any] = {
            "format": FORMAT, "common": common, "axes": list(points[0].axes),
            "software": software(), "data": data_hashes(),
            "points": [{"point": p.number, "overrides": list(p.words), "axes": p.axes,
                        "outcome": p.outcome, "config": p.config} for p in points]}
        first: dict[str, int] = {}
        self.same = {p.number: first[p.config] for p in points
                     if first.setdefault(p.config, p.number) != p.number}
        self.results: dict[int, dict[str, Any]] = {}
        self.faults: dict[int, dict[str, str]] = {}
        self._flushed = 0.0
        if (folder / MANIFEST).is_file():
            self._resume()
        elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(str(folder), "the sweep's folder must be new, or this sweep's own",
                             "it holds something else",
                             remedy="choose another with `output=FOLDER`, or remove it")

    # ---- what an earlier process left ---------------------------------------------------------
    def _resume(self) -> None:
        old = read_manifest(self.folder)
        changes = list(_changes(old, json.loads(json.dumps(self.plan))))
        if changes:
            raise InputError(
                str(self.folder), "holds a sweep that began under other conditions; its points "
                "and new ones would not be comparable", "; ".join(changes),
                remedy="to start afresh, remove the folder or give another with `output=FOLDER`")
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
        """A point's results where they are whole and of this configuration."""
        try:
            tree = json.loads(self._file(point.number).read_text(encoding="utf-8"))
            whole = tree["sha256"] == _sum(tree["results"]) and tree["config"] == point.config
            return dict(tree["results"]) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    # ---- the work -----------------------------------------------------------------------------
    def todo(self, retry_failed: bool) -> list[Point]:
        """Points to work on: those without a record, or the failed ones alone."""
        wanted = ([p for p in self.points if p.number in self.faults] if retry_failed else
                  [p for p in self.points if p.number not in self.faults])
        return [p for p in wanted if p.number not in self.results and p.number not in self.same]

    def run(self, site: Site, tell: Tell, retry_failed: bool = False) -> None:
        """Work on what is to do; every point is on the disk before the next is told."""
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
        put(self._file(point.number), as_json(
            {"sha256": _sum(results), "config": point.config, "results": results}))
        self.results[point.number] = results
        if self.faults.pop(point.number, None):
            (self.folder / "failures" / f"{point.number:04d}.txt").unlink(missing_ok=True)

    def _failed(self, point: Point, fault: Fault) -> None:
        name = f"failures/{point.number:04d}.txt"
        put(self.folder / name, fault.trace)
        self.faults[point.number] = {"stage": fault.stage, "message": fault.message,
                                     "traceback": name}

    def share(self) -> None:
        """Give points of equal configuration what the first of them found."""
        for number, first in self.same.items():
            if first in self.results:
                self._keep(self.points[number], self.results[first])
            elif first in self.faults:
                self.faults[number] = self.faults[first]

    # ---- what is told -------------------------------------------------------------------------
    def status(self, number: int) -> str:
        """Where a point stands."""
        return DONE if number in self.results else FAILED if number in self.faults else PENDING

    def manifest(self) -> dict[str, Any]:
        """The plan with every point's status; no times, no places: the same for any executor."""
        rows = []
        for row in self.plan["points"]:
            number = row["point"]
            more: dict[str, Any] = {"status": self.status(number)}
            if number in self.same:
                more["same_as"] = self.same[number]
            if number in self.results:
                more |= {"file": f"points/{number:04d}.json", "sha256": _sum(self.results[number])}
            elif number in self.faults:
                more["failure"] = self.faults[number]
            rows.append({**row, **more})
        return {**self.plan, "points": rows}

    def flush(self) -> None:
        """Write the manifest as it stands."""
        put(self.folder / MANIFEST, as_json(self.manifest()))
        self._flushed = time.monotonic()

    def close(self, write: Callable[[Path], None]) -> None:
        """Write tables and figures, the manifest, and seal the folder."""
        write(self.folder)
        self.flush()
        seal(self.folder)


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """What differs between two plans, in words."""
    for group in ("software", "data"):
        for name in sorted(set(old.get(group, {})) | set(new[group])):
            before, now = old.get(group, {}).get(name), new[group].get(name)
            if before != now:
                label = "the code of detente" if name == "sim" else f"{group} {name}"
                yield f"{label} ({str(before)[:12]} then, {str(now)[:12]} now)"
    before, now = ([(p["axes"], p["config"], p["outcome"]) for p in plan["points"]]
                   for plan in (old, new))
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
        Where there is none, or none that can be read.
    """
    try:
        tree = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if tree["format"] != FORMAT:
            raise InputError(str(folder), f"sweeps of format {FORMAT} are read",
                             f"format {tree['format']}", remedy="repeat the sweep")
        return dict(tree)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(str(folder), "is no sweep's folder", f"no readable {MANIFEST}",
                         remedy="give a folder that `detente run -m` wrote") from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a second process out of a sweep's folder.

    Raises
    ------
    InputError
        Where another process is at work in it, or it cannot be made.
    """
    from sim.folder import unwritable

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
            raise InputError(str(folder), "another process is at work on this sweep", None,
                             remedy="wait for it, or give another folder with `output=FOLDER`"
                             ) from error
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
