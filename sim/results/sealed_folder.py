"""Writes files completely or not at all: one file, or a folder with a checksum of everything."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.ensemble.code_hash import checksum
from sim.errors import InputError

FORMAT = 1
"""Version of the layout of sealed folders."""
SEAL = "MANIFEST.json"


def unwritable(place: Path, error: OSError) -> InputError:
    """The InputError for a place that cannot be written (full disk, no permission)."""
    return InputError(
        str(place),
        "the output folder cannot be written",
        error.strerror or error,
        remedy="free space or choose a writable place with `output=FOLDER`",
    )


def put(path: Path, text: str | bytes) -> None:
    """Writes one file completely or not at all; it gets its name once it is on the disk.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise unwritable(path.parent, error) from error


def as_json(tree: Any) -> str:
    """Plain data as readable JSON with a final line end; raises ValueError on NaN."""
    return json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def whole(folder: Path, write: Callable[[Path], None]) -> None:
    """Fills a new folder beside its place, seals it, and gives it its name by one rename.

    Raises
    ------
    InputError
        If the folder already holds files, or cannot be written.
    """
    refuse_filled(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        write(work)
        seal(work)
        work.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        os.replace(work, folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def refuse_filled(folder: Path) -> None:
    """Raises InputError if ``folder`` holds files or is a file."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            str(folder),
            "the output folder must be new or empty",
            "it holds files",
            remedy="choose another with `output=FOLDER`, or remove it",
        )


def refuse_unwritable(folder: Path) -> None:
    """Raises InputError, before the work is done, if ``folder`` could not be written after it."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise InputError(
            str(folder),
            "the output folder cannot be written",
            str(place),
            remedy="choose a writable place with `output=FOLDER`",
        )


def seal(work: Path) -> None:
    """Writes a checksum of every file, by which a reader checks that the folder is complete."""
    sums = {
        str(p.relative_to(work)): checksum(p)
        for p in sorted(work.rglob("*"))
        if p.is_file() and p.name != SEAL and not p.name.startswith(".")
    }
    (work / SEAL).write_text(
        json.dumps({"format": FORMAT, "sha256": sums}, indent=1) + "\n", encoding="utf-8"
    )


def verify(folder: Path, maker: str = "detente run") -> None:
    """Raises InputError if a folder is not as it was sealed."""
    try:
        manifest = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        found, sums = manifest["format"], manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            str(folder),
            "is not a complete results folder",
            f"no readable {SEAL}",
            remedy=f"give a folder that `{maker}` wrote",
        ) from error
    if found != FORMAT:
        raise InputError(
            str(folder),
            f"must be results of format {FORMAT}",
            f"format {found}",
            remedy="repeat the run with this version",
        )
    for name, expected in sums.items():
        path = folder / name
        if not path.is_file() or checksum(path) != expected:
            raise InputError(
                f"{folder}/{name}",
                "the results folder is damaged",
                "missing" if not path.is_file() else "changed since it was written",
                remedy="repeat the run",
            )
