"""One way to say that input is bad: subject, rule, what was given, what is known, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


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
            lines.append(f"  given: {self.given}")
        if self.known:
            close = near(str(self.given), self.known)
            if close:
                lines.append(f"  did you mean: {', '.join(close)}?")
            shown = ", ".join(self.known[:24])
            more = len(self.known) - 24
            lines.append(f"  known: {shown}" + (f" and {more} more" if more > 0 else ""))
        if self.remedy:
            lines.append(f"  to do: {self.remedy}")
        return "\n".join(lines)


def prefixed(error: InputError, prefix: str) -> InputError:
    """The same complaint, or complaints, with ``prefix`` before each subject."""
    if isinstance(error, InputErrors):
        return InputErrors([prefixed(one, prefix) for one in error.errors])
    return InputError(
        f"{prefix}: {error.subject}", error.rule, error.given, error.known, error.remedy
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
