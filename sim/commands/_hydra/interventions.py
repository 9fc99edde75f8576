"""Interventions among the words of a command line: act=, without=, if= with then=."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario

INTERVENTIONS = ("act", "without", "if", "then")
"""Words of the command line that are interventions (``inputs.interventions``)."""


def taken_out(args: list[str]) -> tuple[list[dict[str, str]], list[str]]:
    """The interventions among the words, as edits of a what-if each, and the other words.

    Raises
    ------
    InputError
        If ``then=`` has no ``if=`` before it.
    """
    own: list[dict[str, str]] = []
    rest = []
    for word in args:
        key, mark, text = word.partition("=")
        text = text.strip().strip("'\"")
        if not mark or key not in INTERVENTIONS:
            rest.append(word)
        elif key == "then":
            if not own or "if" not in own[-1] or "then" in own[-1]:
                remedy = 'if=severed then="MEX>PER apology after 30"'
                raise InputError("then", "needs an if= before it", text, remedy=remedy)
            own[-1]["then"] = text
        else:
            own.append({key: text})
    return own, rest


def name_of(edits: dict[str, str], number: int) -> str:
    """A name for an intervention of the command line: act_1, without_chavez, if_severed_3."""
    key = next(iter(edits))
    word = re.sub(r"\W+", "_", edits[key]).strip("_") if key != "act" else str(number)
    return f"{key}_{word}" if key != "if" else f"{key}_{word}_{number}"


def with_what_ifs(scenario: Scenario, added: dict[str, dict[str, str]]) -> Scenario:
    """The scenario with interventions as what-ifs of their names."""
    from sim.inputs.scenario import WhatIf

    own = {name: WhatIf(title=title_of(edits), edits=edits) for name, edits in added.items()}
    return scenario.model_copy(update={"what_ifs": {**scenario.what_ifs, **own}})


def title_of(edits: dict[str, str]) -> str:
    """What a reader sees of an intervention: its acts as sentences.

    Raises
    ------
    InputError
        If an act cannot be read.
    """
    from datetime import date

    from sim.inputs.interventions import conditional, scheduled
    from sim.language import day_in_words
    from sim.outcomes.words import STANDINGS, act_in_words

    if "act" in edits:
        rows = [scheduled(text) for text in edits["act"].split(";") if text.strip()]
        return "; ".join(
            f"{day_in_words(row['day'])}: {act_in_words(row['act'], row['sender'], row['target'])}"
            for row in rows
        )
    if "without" in edits:
        return f"without {edits['without'].replace('_', ' ')}"
    if "then" not in edits:
        raise InputError("if", "needs a then= after it", edits["if"])
    rule = conditional(edits["if"], edits["then"], date.min)
    standing = STANDINGS.get(rule["standing"], rule["standing"])
    act = act_in_words(rule["act"], rule["sender"], rule["target"])
    late = f" after {rule['after_days']} days" if rule["after_days"] else ""
    return f"if {standing}: {act}{late}"
