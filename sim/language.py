"""The language of figures, pages and screens: English in the code, others from a catalogue.

A catalogue is a file ``sim/locale/LANGUAGE.po`` in gettext's format, read by Babel; an English text
is its own key. ``tr`` translates it in the language that :func:`speaking` has set.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent / "locale"
LANGUAGES = (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))
"""Languages by ISO 639 code: English, and those that have a catalogue."""
_SPOKEN: ContextVar[str] = ContextVar("language", default=ENGLISH)


@lru_cache(maxsize=4)
def catalogue(language: str) -> dict[str, str]:
    """The translations of a language, by English text; empty for English."""
    if language == ENGLISH:
        return {}
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as file:
        held = read_po(file, locale=language)
    return {str(m.id): str(m.string) for m in held if m.id and m.string}


def spoken() -> str:
    """The language that is set, an ISO 639 code."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Set the language of what is written inside the ``with`` block."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def tr(text: str, **values: object) -> str:
    """A text in the language that is set, with ``{name}`` replaced by ``values``.

    A text without a translation stays English; a test refuses such a text.
    """
    found = catalogue(spoken()).get(text, text)
    return found.format(**values) if values else found


def day_in_words(day: date, form: str = "d MMM y") -> str:
    """A date in the language that is set; ``form`` is a pattern of Unicode CLDR."""
    if spoken() == ENGLISH:
        months = [
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
            "Dec",
        ]
        parts = {"d": f"{day.day}", "MMM": months[day.month - 1], "y": f"{day.year}"}
        return " ".join(parts[part] for part in form.split())
    from babel.dates import format_date

    return format_date(day, form, locale=spoken())
