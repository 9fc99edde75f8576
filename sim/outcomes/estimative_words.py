"""Words of probability, by a named scale; none unless a user asks for them.

Numbers come first: words alone are read in very different ways (Budescu, Por and Broomell 2012,
Climatic Change 113).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sim.errors import InputError
from sim.language import tr

SCALES: dict[str, tuple[tuple[float, str], ...]] = {
    "icd203": (
        (0.05, "almost no chance"),
        (0.20, "very unlikely"),
        (0.45, "unlikely"),
        (0.55, "roughly even chance"),
        (0.80, "likely"),
        (0.95, "very likely"),
        (1.0, "almost certain"),
    ),
    "phia": (
        (0.075, "remote chance"),
        (0.225, "highly unlikely"),
        (0.375, "unlikely"),
        (0.525, "realistic possibility"),
        (0.775, "likely or probable"),
        (0.925, "highly likely"),
        (1.0, "almost certain"),
    ),
}
"""Words of probability, each with the highest probability that it stands for.

ICD 203 (ODNI 2015, sec. D.6.e.2.a); the yardstick of the UK's Professional Head of Intelligence
Assessment, whose ranges have gaps that are halved here.
"""
_SCALE: ContextVar[str | None] = ContextVar("scale", default=None)


def checked_scale(scale: object) -> str | None:
    """A scale, one of ``SCALES`` or None for no words.

    Raises
    ------
    InputError
        If there is no such scale.
    """
    if scale is not None and scale not in SCALES:
        raise InputError("words", "must be one of " + ", ".join(SCALES), scale, SCALES)
    return None if scale is None else str(scale)


def in_estimative_words(probability: float, scale: str) -> str:
    """The word of a scale, one of ``SCALES``, for a probability, 0 to 1."""
    words = SCALES[checked_scale(scale) or ""]
    return tr(next(word for highest, word in words if probability <= highest))


@contextmanager
def estimative(scale: object) -> Iterator[None]:
    """Set the scale of what is written inside the ``with`` block; None for no words."""
    token = _SCALE.set(checked_scale(scale))
    try:
        yield
    finally:
        _SCALE.reset(token)


def bracketed(probability: float) -> str:
    """The word of the scale that is set, in brackets after a space; empty if none is set."""
    scale = _SCALE.get()
    return f" [{in_estimative_words(probability, scale)}]" if scale else ""
