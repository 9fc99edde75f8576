"""Standard streams that lose no work: closed, full or broken ones, and narrow encodings.

A result that cannot be printed is still written to its folder, and the exit status says what became
of the work and not of the terminal.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SPELT = {
    "−": "-", "–": "-", "—": "-", "…": "...", "’": "'", "‘": "'", "“": '"', "”": '"', "·": ".",
    "×": "x", "±": "+-", "→": "->", "≤": "<=", "≥": ">=", "━": "-", "╸": "-", "╺": "-", "•": "*",
    "\u00a0": " ", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "œ": "oe",
}  # fmt: skip
"""How characters are written if the encoding of the terminal lacks them."""
ERRORS = "detente"


def spelt(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for characters that an encoding lacks: ``codecs`` calls this."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = ""
    for letter in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode("ascii")
        found += SPELT.get(letter) or plain or "?"
    return found, error.end


class Guarded:
    """A text stream that drops what can no longer be written, and remembers why.

    Attributes
    ----------
    fault
        The first error of the stream; None if all was written.
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.fault: OSError | None = None

    def write(self, text: str) -> int:
        """Write, or drop the text if the stream is closed, full or broken."""
        if self.fault is None:
            try:
                return int(self.stream.write(text))
            except OSError as error:
                self.fault = error
        return len(text)

    def flush(self) -> None:
        """Flush, or remember that it is not possible."""
        if self.fault is None:
            try:
                self.stream.flush()
            except OSError as error:
                self.fault = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def fill_closed() -> None:
    """Open the null device in place of closed standard streams.

    The next file that is opened would take the number of a closed one, and its reader would find
    there what is meant for the terminal.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            device = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            if device != number:
                os.dup2(device, number)
                os.close(device)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


@contextmanager
def guarded() -> Iterator[tuple[Guarded, Guarded]]:
    """Guard stdout and stderr for the time of a command; SIGTERM interrupts it as Ctrl-C does."""
    fill_closed()
    codecs.register_error(ERRORS, spelt)
    before = sys.stdout, sys.stderr
    for stream in before:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ERRORS)
    streams = Guarded(before[0]), Guarded(before[1])
    sys.stdout, sys.stderr = streams  # type: ignore[assignment]
    main = threading.current_thread() is threading.main_thread()
    if main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield streams
    finally:
        for number, stream in enumerate(streams, 1):
            stream.flush()
            if stream.fault is not None and main:
                # the interpreter flushes once more when it ends, and would fail there
                os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        sys.stdout, sys.stderr = before
