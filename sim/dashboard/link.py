"""The state of the dashboard's page as the query of a web address, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

MOST_ACTS = 200
"""Most acts that a link may hold."""


@dataclass(frozen=True)
class PageState:
    """What a page shows; a link holds what differs from the settings of the server.

    Attributes
    ----------
    scenario, what_if
        Names; ``what_if`` is empty for none.
    day
        Days since the information date.
    follow
        Replicate whose acts are shown.
    dyad
        Pair whose trust is shown, ``PER-MEX``; empty for the first focal pair.
    factors
        Factors of parameters by name, ``trust__kappa``.
    acts
        Acts that were added: ``DATE SENDER>TARGET ACT``, with ``base``, ``what-if`` or ``both``
        before them.
    """

    scenario: str = ""
    what_if: str = ""
    day: int = 0
    follow: int = 0
    dyad: str = ""
    factors: Mapping[str, float] = field(default_factory=dict)
    acts: tuple[str, ...] = ()

    def query(self) -> str:
        """The query of an address, without the question mark."""
        rows: list[tuple[str, str]] = []
        for key in ("scenario", "what_if", "dyad"):
            if getattr(self, key):
                rows.append((key, getattr(self, key)))
        for key in ("day", "follow"):
            if getattr(self, key):
                rows.append((key, str(getattr(self, key))))
        rows += [(f"x.{name}", f"{value:g}") for name, value in sorted(self.factors.items())]
        rows += [("act", act) for act in self.acts]
        return urlencode(rows)


def state_of(query: str | None) -> PageState:
    """The state that a query holds; what cannot be read is left out."""
    held = parse_qs((query or "").lstrip("?"), max_num_fields=MOST_ACTS + 50)
    last: dict[str, Any] = {key: values[-1] for key, values in held.items()}

    def whole(key: str) -> int:
        text = str(last.get(key, "0"))
        return int(text) if text.isdigit() and len(text) < 7 else 0

    factors = {}
    for key, text in last.items():
        if key.startswith("x."):
            try:
                factors[key[2:]] = float(text)
            except ValueError:
                continue
    return PageState(
        str(last.get("scenario", "")),
        str(last.get("what_if", "")),
        whole("day"),
        whole("follow"),
        str(last.get("dyad", "")),
        factors,
        tuple(held.get("act", ())[:MOST_ACTS]),
    )
