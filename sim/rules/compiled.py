"""How rules are compiled: plain functions of numbers, and the few entries that Python calls.

A function marked :func:`compiled` is a plain Python function. Other compiled functions call it, and
so may Python. A function marked :func:`entry` is compiled by Numba when it is first called; what it
calls is compiled with it. The machine code is kept in a folder of the user's
(:func:`cache_folder`), so that a machine compiles a version of the program once.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, update_wrapper
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
Tuple = TypeVar("Tuple", bound=tuple[Any, ...])

NOTICE = "compiling the engine, once on this machine (about 15 seconds)"
"""What is said before the first compilation."""
OWN_FOLDER = "DETENTE_CACHE"
"""Environment variable that names the folder for machine code."""
OPTIONS = {"_nrt": False, "error_model": "numpy"}
"""How Numba compiles: no function makes an array, so no references are counted, which halves the
code; division is NumPy's."""
VERSIONS = 5
"""Versions of the program whose machine code is kept."""
_FUNCTIONS: list[Callable[..., Any]] = []
_LOCK = threading.RLock()
_STATE = {"registered": 0, "ready": False, "told": False}
listeners: list[Callable[[str], None]] = []
"""Functions that are called with ``NOTICE`` before the first compilation."""


def compiled(function: Function) -> Function:
    """The same function; from now on compiled functions may call it."""
    _FUNCTIONS.append(function)
    return function


class Entry:
    """A compiled function that Python calls; it releases the interpreter's lock while it runs."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.machine: Any = None
        self.ready = False  # asking Numba costs .1 ms at each call
        update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        """What the function returns, compiled first if need be."""
        if self.machine is None:
            with _LOCK:
                if self.machine is None:
                    self.machine = self._made()
        if not self.ready:
            with _LOCK:  # Numba's compiler is not for several threads
                if not self.ready:
                    _tell_if_new(self.function.__name__)
                    found = _undisturbed(self.machine, arguments)
                    self.ready = True
                    return found
        return self.machine(*arguments)

    def _made(self) -> Any:
        folder = _prepare()
        import numba

        _register()
        return numba.njit(self.function, nogil=True, cache=folder is not None, **OPTIONS)


def _undisturbed(machine: Any, arguments: tuple[Any, ...]) -> Any:
    """Call, and thereby compile, without garbage collection, and with Ctrl-C heard afterwards.

    A collection would walk Numba's many objects. An interrupt that comes while the compiler calls
    back is lost there, and would stop nothing.
    """
    was, heard = gc.isenabled(), []
    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    gc.disable()
    for number, handler in before.items():
        if main and callable(handler):
            signal.signal(number, lambda number, frame: heard.append(number))
    try:
        found = machine(*arguments)
    finally:
        for number, handler in before.items():
            if main and callable(handler):
                signal.signal(number, handler)
        if was:
            gc.enable()
    if heard:
        raise KeyboardInterrupt
    return found


def entry(function: Callable[..., Any]) -> Entry:
    """A function for Python to call, compiled when it is first called."""
    return Entry(function)


def wide_product(a: Any, b: Any) -> tuple[Any, Any]:
    """High and low 64 bits of the product of two unsigned integers of 64 bits."""
    product = int(a) * int(b)
    return product >> 64, product & (2**64 - 1)


def reference(arrays: Tuple) -> Tuple:
    """The same named tuple of arrays; compiled functions then hand it on as one pointer.

    An entry with many arrays says this first. Without it Numba would hand each array on as seven
    numbers in every call, and compile for minutes.
    """
    return arrays


# ---- the cache ---------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 over every module of the package; equal wherever the same code is installed."""
    root = Path(str(files("sim"))).resolve()
    told = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        told.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return told.hexdigest()


def candidates() -> Iterator[Path]:
    """Folders in which machine code may be kept, the best first."""
    named = os.environ.get(OWN_FOLDER)
    if named:
        yield Path(named).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # no home folder is known
        yield (Path(base) if base else Path.home() / ".cache") / "detente"
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    yield Path(tempfile.gettempdir()) / f"detente-{user}"


def usable(folder: Path) -> bool:
    """Whether a folder can be made and written, belongs to this user and to nobody else.

    Machine code is executed, so it is not read from a folder into which others may write.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        found = folder.stat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return True
    mine = found.st_uid == os.getuid()
    return mine and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


@lru_cache(maxsize=1)
def cache_folder() -> Path | None:
    """The folder for the machine code of this version; None if no folder can be written.

    Without a folder each process compiles anew. A folder holds the code of one version only: Numba
    looks at the file of an entry and not at the files of the functions that it calls.
    """
    for folder in candidates():
        if usable(folder):
            own = folder / f"engine-{code_hash()[:16]}"
            new = not own.exists()
            if usable(own):
                if new:
                    _forget_old(folder, own)
                return own
    return None


def _forget_old(folder: Path, own: Path) -> None:
    """Delete machine code of versions before the last ``VERSIONS``; a megabyte or two each."""
    others = [path for path in folder.glob("engine-*") if path != own and path.is_dir()]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[VERSIONS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _prepare() -> Path | None:
    """Import Numba with its cache in our folder; returns the folder."""
    folder = cache_folder()
    import numba

    if folder is not None and not _STATE["ready"]:
        numba.config.CACHE_DIR = str(folder)
    _STATE["ready"] = True
    return folder


def _tell_if_new(name: str) -> None:
    """Tell the listeners once a process, if an entry is not yet in the cache."""
    folder = cache_folder()
    known = folder is not None and any(folder.rglob(f"*.{name}-*.nbi"))
    if not known and not _STATE["told"]:
        _STATE["told"] = True
        for listener in listeners:
            listener(NOTICE)


def _register() -> None:
    """Make every marked function known to Numba."""
    from numba.extending import overload, register_jitable

    # only entries are called from Python
    known = register_jitable(**OPTIONS, no_cpython_wrapper=True, no_cfunc_wrapper=True)

    if not _STATE["registered"]:
        from sim.rules._numba import add_reference, wide_product_for

        overload(wide_product, strict=False)(wide_product_for())
        add_reference(reference)
    for function in _FUNCTIONS[_STATE["registered"] :]:
        known(function)
    _STATE["registered"] = len(_FUNCTIONS)
