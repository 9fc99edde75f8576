"""Writes files completely or not at all: one file, or a folder with a checksum of everything."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
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
        error.strerror or str(error),
        remedy="free space or choose a writable place with `output=FOLDER`",
    )


def put(path: Path, text: str | bytes | Iterable[bytes]) -> None:
    """Writes one file completely or not at all; it gets its name once it is on the disk.

    A large file may come in parts.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            for part in [text] if isinstance(text, (str, bytes)) else text:
                file.write(part.encode() if isinstance(part, str) else part)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise unwritable(path.parent, error) from error


def as_json(tree: Any) -> str:
    """Plain data as readable JSON with a final line end; raises ValueError on NaN."""
    return json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def whole(folder: Path, write: Callable[[Path], None], sealed: bool = True) -> None:
    """Fills a new folder beside its place, seals it, and gives it its name by one rename.

    ``sealed`` is false for folders that are read by people only: figures.

    An empty folder that exists (it may be a link or a mount point) is filled from a folder inside
    it, the seal last, so that a reader sees whether it is complete.

    Raises
    ------
    InputError
        If the folder already holds files, or cannot be written.
    """
    refuse_filled(folder)
    exists = folder.is_dir()
    try:
        if not exists:
            folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(
            tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder if exists else folder.parent)
        )
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        write(work)
        if sealed:
            seal(work)
        work.chmod(0o755)
        if exists:
            for path in sorted(work.iterdir(), key=lambda path: path.name == SEAL):
                os.replace(path, folder / path.name)
        else:
            os.replace(work, folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


LONGEST = 255 - len("..12345678.part")
"""Bytes of the longest name of an output: work in progress has a longer one, of 255 at most."""


def _refuse_name(place: Path) -> None:
    """Raises InputError if no file or folder can have the name of ``place``."""
    for part in place.parts:
        if (size := len(os.fsencode(part))) > LONGEST:
            told = f"{part[:40]}…, {size} bytes"
            raise InputError("output", f"a name must have no more than {LONGEST} bytes", told)


def refuse_filled(folder: Path) -> None:
    """Raises InputError if ``folder`` holds files, is a file, or is a link that leads nowhere."""
    _refuse_name(folder)
    try:
        if folder.is_symlink() and not folder.exists():
            told = "a link that leads nowhere"
        elif folder.exists() and not folder.is_dir():
            told = "a file of this name exists"
        elif folder.exists() and any(folder.iterdir()):
            told = "it holds files"
        else:
            return
    except OSError as error:
        raise unwritable(folder, error) from error
    raise InputError(
        str(folder),
        "the output folder must be new or empty",
        told,
        remedy="choose another with `output=FOLDER`, or remove it",
    )


def refuse_existing(file: Path) -> None:
    """Raises InputError if an output file exists already, or could not be written."""
    _refuse_name(file)
    if file.is_symlink() or file.exists():
        raise InputError(
            str(file),
            "exists already and is not overwritten",
            remedy="choose another name with `output=`, or remove it",
        )
    refuse_unwritable(file)


def refuse_other(file: Path, first_line: str) -> None:
    """Raises InputError if ``file`` exists and is no earlier version of what replaces it."""
    if not (file.is_symlink() or file.exists()):
        refuse_unwritable(file)
        return
    try:
        with file.open("rb") as held:
            found = held.readline(1000)
    except OSError:
        found = b""
    if found.rstrip() != first_line.encode():
        raise InputError(
            str(file),
            "exists and is not overwritten: it is no earlier version of this file",
            remedy="choose another name, or remove it",
        )


def refuse_unwritable(place: Path) -> None:
    """Raises InputError, before the work is done, if ``place`` could not be written after it."""
    _refuse_name(place)
    folder = place.absolute()
    while not folder.exists():
        folder = folder.parent
    try:
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder} is a file")
        # access rights do not tell of a read-only file system, nor of a full disk
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"0")
    except OSError as error:
        raise unwritable(place, error) from error


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
