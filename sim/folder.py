"""Files that appear whole or not at all: one file, or a folder with a checksum of everything."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.errors import InputError

FORMAT = 1
"""Version of the layout of sealed folders."""
SEAL = "MANIFEST.json"


def unwritable(place: Path, error: OSError) -> InputError:
    """What to say where the disk is full or the place is not ours."""
    return InputError(str(place), "the output folder cannot be written", error.strerror or error,
                      remedy="free space or choose a writable place with `output=FOLDER`")


def put(path: Path, text: str | bytes) -> None:
    """Write one file whole or not at all, and see it on the disk before it has its name.

    Raises
    ------
    InputError
        Where it cannot be written.
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
    """Plain data as readable JSON with a last line end; no NaN."""
    return json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def whole(folder: Path, write: Callable[[Path], None]) -> None:
    """Fill a new folder beside its place, seal it, and give it its name by one rename.

    Raises
    ------
    InputError
        Where the folder holds files already, or cannot be written.
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
    """Refuse a folder that holds files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(str(folder), "the output folder must be new or empty", "it holds files",
                         remedy="choose another with `output=FOLDER`, or remove it")


def refuse_unwritable(folder: Path) -> None:
    """Refuse, before the work is done, a place that could not be written after it."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise InputError(str(folder), "the output folder cannot be written", str(place),
                         remedy="choose a writable place with `output=FOLDER`")


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seal(work: Path) -> None:
    """A checksum of every file, by which a reader knows that a folder is whole."""
    sums = {str(p.relative_to(work)): checksum(p) for p in sorted(work.rglob("*"))
            if p.is_file() and p.name != SEAL and not p.name.startswith(".")}
    (work / SEAL).write_text(json.dumps({"format": FORMAT, "sha256": sums}, indent=1) + "\n",
                             encoding="utf-8")


def verify(folder: Path, maker: str = "detente run") -> None:
    """Raise InputError where a folder is not as it was sealed."""
    try:
        manifest = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        found, sums = manifest["format"], manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(str(folder), "is no whole results folder", f"no readable {SEAL}",
                         remedy=f"give a folder that `{maker}` wrote") from error
    if found != FORMAT:
        raise InputError(str(folder), f"results of format {FORMAT} are read", f"format {found}",
                         remedy="repeat the run with this version")
    for name, expected in sums.items():
        path = folder / name
        if not path.is_file() or checksum(path) != expected:
            raise InputError(f"{folder}/{name}", "the results folder is damaged",
                             "missing" if not path.is_file() else "not as it was written",
                             remedy="repeat the run")
