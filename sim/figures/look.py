"""How figures look: size on the page, names, language, a style of the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.figures.base import sized, style
from sim.language import ENGLISH, LANGUAGES, speaking
from sim.outcomes.words import NAMES, naming

FORMATS = ("pdf", "svg", "png")
UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4}
SIZE = r"([\d.]+)(?:x([\d.]+))?(mm|cm|in)?"
LEAST, MOST = 40.0, 600.0
"""Least and greatest width and height of a figure, millimetres."""


@dataclass(frozen=True)
class Look:
    """The look of figures.

    Attributes
    ----------
    size
        ``85mm``, ``17x10cm``: width, and height if it is given; None takes each figure's own.
    names
        ``full`` names of states, or their ISO 3166 ``codes``.
    language
        ISO 639 code, one of ``sim.language.LANGUAGES``.
    style
        A style sheet of Matplotlib's, by path or by name, over the project's style.
    formats
        File formats to write, of :data:`FORMATS`.
    """

    size: str | None = None
    names: str = "full"
    language: str = ENGLISH
    style: str | None = None
    formats: tuple[str, ...] = ("svg", "png")

    def checked(self) -> Look:
        """The look itself.

        Raises
        ------
        InputError
            If a word of it is unknown; with those that are known.
        """
        for key, given, known in (
            ("names", self.names, NAMES),
            ("language", self.language, LANGUAGES),
            *(("format", name, FORMATS) for name in self.formats),
        ):
            if given not in known:
                raise InputError(key, f"must be one of {', '.join(known)}", given, known)
        self.millimetres()
        return self

    def millimetres(self) -> tuple[float | None, float | None]:
        """Width and height, millimetres; None where each figure has its own."""
        if self.size is None:
            return None, None
        hit = re.fullmatch(SIZE, str(self.size).strip())
        if hit is None:
            raise InputError("size", "must be a width, or width x height", self.size, remedy="85mm")
        width, height = (
            None if part is None else float(part) * UNITS[hit[3] or "mm"]
            for part in hit.group(1, 2)
        )
        for value in (width, height):
            if value is not None and not LEAST <= value <= MOST:
                rule = f"must be {LEAST:g} to {MOST:g} mm"
                raise InputError("size", rule, self.size, remedy="85mm is a column of a journal")
        return width, height

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Draw with this look inside the ``with`` block."""
        import matplotlib as mpl

        with ExitStack() as stack:
            stack.enter_context(sized(*self.millimetres()))
            stack.enter_context(naming(self.names))
            stack.enter_context(speaking(self.language))
            stack.enter_context(mpl.rc_context(style() | self._own()))
            yield

    def _own(self) -> dict[Any, Any]:
        """Settings of the user's style sheet."""
        import warnings

        if self.style is None:
            return {}
        from matplotlib import rc_params_from_file
        from matplotlib.style import available, library

        if self.style in available:
            return dict(library[self.style])
        place = Path(self.style)
        if not place.is_file():
            raise InputError(
                "style", "must be a style sheet of Matplotlib's", self.style, available
            )
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a line that Matplotlib does not know
            try:
                return dict(rc_params_from_file(place, use_default_template=False))
            except Exception as error:
                told = str(error).strip().splitlines()[0]
                raise InputError(str(place), "is no style sheet of Matplotlib's", told) from error
