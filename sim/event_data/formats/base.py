"""What a format of event data fills in: how to recognise a file, and how to read its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Format:
    """A format of event data; its module ends with ``FORMAT = Format(…)``.

    Attributes
    ----------
    title
        Its name for people.
    scheme
        Code list of its codes: ``cameo``, ``plover`` or ``detente`` (``seeds/event_codes.csv``).
    recognises
        From the first line of a file: how many of its columns the format knows; 0 if the file is
        not of this format. Of several formats the one that knows most is taken.
    batches
        An iterator over the rows of a file, batch by batch; raises InputError as ``stream`` does.
    countries
        How the file names countries: ``names`` (English names or ISO 3166-1 alpha-3 codes), or
        ``cameo`` (the country codes of the CAMEO codebook).
    """

    title: str
    scheme: str
    recognises: Callable[[str], int]
    batches: Callable[[Path], Iterator[Batch]]
    countries: str = "names"


@dataclass(frozen=True)
class Batch:
    """Some rows of a file: Arrow columns [row] of text, and which rows are between states.

    ``day``, ``sender``, ``target`` and ``code`` hold what the file holds. ``state`` [row] is True
    if both actors are state actors; None if every actor of the file is one. ``line`` [row] is the
    line of the file on which a row stands, from 1; None if it is not known. ``misfits`` holds the
    rows that do not fit the header and were left out: reason, line, what was found.
    """

    day: Any
    sender: Any
    target: Any
    code: Any
    state: Any = None
    line: NDArray[np.int64] | None = None
    misfits: tuple[tuple[str, int, str], ...] = ()

    @classmethod
    def of(cls, block: Mapping[str, Any], *columns: str, state: Any = None) -> Batch:
        """The batch of a block of ``delimited_text.stream``, ``[row]`` in each column.

        ``columns`` name the day, sender, target and code in the block.
        """
        day, sender, target, code = (block[name] for name in columns)
        return cls(day, sender, target, code, state, block["line"], block["misfits"])
