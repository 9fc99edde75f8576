"""Interventions in words: an act on a day, a shock taken away, an act if relations stand so.

``2025-11-10 PER>MEX premises_raided`` is a scheduled act; ``severed`` with ``MEX>PER apology after
30`` a conditional one. Scenarios, what-ifs and the command line read them alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sim.errors import InputError
from sim.law.acts import INDEX

WORDS = ("act", "without", "if", "then")
"""Keys of a what-if that are interventions in words and not keys of a scenario."""
ACT = r"(?:(?P<day>\S+)\s+)?(?P<sender>[A-Z]{2,})\s*>\s*(?P<target>[A-Z]{2,})\s+(?P<act>\w+)"
AFTER = r"\s+after\s+(?P<after>\d+)(?:\s+days?)?"
EXAMPLE = "2025-11-10 PER>MEX premises_raided"


def scheduled(text: str, where: str = "act") -> dict[str, Any]:
    """The shock of an act on a day, as a scenario has it.

    Raises
    ------
    InputError
        If the text has another form, or names an unknown act.
    """
    hit = re.fullmatch(ACT, text.strip())
    if hit is None or hit["day"] is None:
        raise InputError(where, "must be DATE SENDER>TARGET ACT", text, remedy=EXAMPLE)
    try:
        day = date.fromisoformat(hit["day"])
    except ValueError as error:
        raise InputError(where, "must begin with a date YYYY-MM-DD", hit["day"]) from error
    return {"kind": "act", "day": day, **_who(hit, where)}


def conditional(standing: str, text: str, day: date) -> dict[str, Any]:
    """The shock of an act that comes if relations stand so, from ``day`` on.

    Raises
    ------
    InputError
        If the text has another form, or names an unknown act.
    """
    hit = re.fullmatch(ACT + f"(?:{AFTER})?", text.strip())
    if hit is None or hit["day"] is not None:
        remedy = "MEX>PER apology after 30"
        raise InputError("then", "must be SENDER>TARGET ACT, or … after DAYS", text, remedy=remedy)
    return {
        "kind": "conditional",
        "day": day,
        "standing": standing.strip(),
        "after_days": int(hit["after"] or 0),
        **_who(hit, "then"),
    }


def _who(hit: re.Match[str], where: str) -> dict[str, str]:
    if hit["act"] not in INDEX:
        raise InputError(where, "must name a known act", hit["act"], INDEX, "`detente list acts`")
    return {key: hit[key] for key in ("sender", "target", "act")}


def expanded(edits: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, Any]:
    """Edits of a scenario (plain data ``tree``) with interventions in words as shocks.

    ``act`` holds one act, or several after one another with ``;`` between; ``without`` the names of
    shocks and open cases.

    Raises
    ------
    InputError
        If a word cannot be read, or names no shock and no case.
    """
    if not set(WORDS) & set(edits):
        return dict(edits)
    found = {key: value for key, value in edits.items() if key not in WORDS}
    shocks: dict[str, Any] = dict(found.get("shocks") or {})
    cases: dict[str, Any] = dict(found.get("cases") or {})
    for k, text in enumerate(_listed(edits.get("act"), ";"), 1):
        shocks[f"act_{k}"] = scheduled(text)
    for name in _listed(edits.get("without"), ","):
        known = {part: tree.get(part) or {} for part in ("shocks", "cases")}
        if name not in known["shocks"] and name not in known["cases"]:
            names = [*known["shocks"], *known["cases"]]
            raise InputError("without", "must name a shock or an open case", name, names)
        (shocks if name in known["shocks"] else cases)[name] = None
    if ("if" in edits) != ("then" in edits):
        raise InputError("if, then", "belong together", edits.get("if") or edits.get("then"))
    if "if" in edits:
        info = tree["information_date"]
        first = info if isinstance(info, date) else date.fromisoformat(str(info))
        rule = conditional(str(edits["if"]), str(edits["then"]), first + timedelta(1))
        shocks["if_then"] = rule
    for part, rows in (("shocks", shocks), ("cases", cases)):
        if rows:
            found[part] = rows
    return found


def in_full(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    """A scenario's tree with shocks that are written as one line as mappings."""
    shocks = tree.get("shocks")
    if not isinstance(shocks, Mapping):
        return tree
    found = {
        name: scheduled(row, f"shocks.{name}") if isinstance(row, str) else row
        for name, row in shocks.items()
    }
    return {**tree, "shocks": found}


def _listed(given: Any, mark: str) -> list[str]:
    parts = given if isinstance(given, (list, tuple)) else str(given or "").split(mark)
    return [str(part).strip() for part in parts if str(part).strip()]
