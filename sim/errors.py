"""One way to say that input is bad: subject, rule, what was given, what is known, what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e"
    r"\u2066-\u2069\ue000-\ue002\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Characters that steer a terminal or the direction of text, and the marks of our own screens."""
LONGEST = 300
"""Characters of a bad value that a message repeats."""


def visible(text: str) -> str:
    """The text with each control character as its number: ``\\x1b`` and not an escape."""
    return CONTROL.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words most like ``word``, best first, at most ``most`` of them.

    Examples
    --------
    >>> near("asylum_grantd", ["asylum_granted", "asylum_refused", "apology"], most=1)
    ['asylum_granted']
    """
    pool = list(known)
    folded = {item.casefold(): item for item in pool}
    hits = difflib.get_close_matches(word.casefold(), list(folded), n=most, cutoff=0.5)
    return [folded[hit] for hit in hits]


class InputError(ValueError):
    """Bad input, with what to do about it; commands turn it into exit status 2.

    Parameters
    ----------
    subject
        What was looked at: a file, a key path, an option.
    rule
        What it must satisfy, in one clause.
    given
        The offending value, echoed as it came.
    known
        The values that would have been accepted, if they can be listed.
    remedy
        What to do about it.
    """

    def __init__(
        self,
        subject: str,
        rule: str,
        given: object = None,
        known: Iterable[str] = (),
        remedy: str = "",
    ) -> None:
        self.subject = subject
        self.rule = rule
        self.given = given
        self.known = tuple(known)
        self.remedy = remedy
        super().__init__(self.message())

    def __reduce__(self) -> tuple[Any, ...]:
        """Exceptions cross process borders by their arguments."""
        return type(self), (self.subject, self.rule, self.given, self.known, self.remedy)

    def message(self) -> str:
        """The whole complaint as a few lines of plain text."""
        lines = [f"{self.subject}: {self.rule}"]
        if self.given is not None:
            told = str(self.given)
            lines.append(f"  given: {told if len(told) <= LONGEST else told[:LONGEST] + '…'}")
        if self.known:
            close = near(str(self.given)[:LONGEST], self.known)
            if close:
                lines.append(f"  did you mean: {', '.join(close)}?")
            shown = ", ".join(self.known[:24])
            more = len(self.known) - 24
            lines.append(f"  known: {shown}" + (f" and {more} more" if more > 0 else ""))
        if self.remedy:
            lines.append(f"  to do: {self.remedy}")
        return visible("\n".join(lines))


def prefixed(error: InputError, prefix: str) -> InputError:
    """The same complaint, or complaints, with ``prefix`` before each subject."""
    if isinstance(error, InputErrors):
        return InputErrors([prefixed(one, prefix) for one in error.errors])
    return InputError(
        f"{prefix}: {error.subject}", error.rule, error.given, error.known, error.remedy
    )


def require(module: str, extra: str, subject: str) -> None:
    """Check that the package of an extra is installed.

    Raises
    ------
    InputError
        If it is not; with the command that installs it.
    """
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise InputError(
            subject,
            f"needs the extra `{extra}`",
            f"{module} is not installed",
            remedy=f"in the folder of the project: pip install '.[{extra}]'",
        )


class InputErrors(InputError):
    """Several complaints about one input, told together."""

    def __init__(self, errors: list[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__(errors[0].subject, errors[0].rule)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (list(self.errors),)

    def message(self) -> str:
        """Every complaint, one after another."""
        return "\n".join(error.message() for error in self.errors)
