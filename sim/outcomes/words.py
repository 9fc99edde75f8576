"""What measures, outcomes, dyads and parties are called on screens, pages and figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sim.inputs.countries import name_of
from sim.institutions import catalogue
from sim.language import ENGLISH, spoken, tr
from sim.law.acts import ACTS, INDEX
from sim.law.vocabulary import TURNS, CaseStatus

STANDINGS = {
    "ambassadors": "ambassadors on both sides",
    "recalled": "an ambassador recalled",
    "downgraded": "relations downgraded",
    "severed": "relations severed",
}
STATIONS = {
    "granted": "asylum granted",
    "refused": "asylum refused",
    "denied": "safe-conduct denied",
    "deferred": "safe-conduct deferred",
    "left": "left with a safe-conduct",
    "raided": "premises of the mission raided",
}
QUANTITY_WORDS = {
    "hostile any": "any hostile act",
    "severe any": "any severe act",
    "cooperative any": "any cooperative act",
    "major_cooperative any": "any major cooperative act",
    "hostile count": "number of hostile acts",
    "severe count": "number of severe acts",
    "cooperative count": "number of cooperative acts",
    "major_cooperative count": "number of major cooperative acts",
    "net signed log": "net severity of acts, signed log",
}
"""What a reader sees of a forecast quantity."""
BASELINE_WORDS = {
    "global_rate": "rate of all dyads",
    "dyad_rate": "dyad's own rate",
    "persistence": "persistence",
    "rolling_24": "rolling 24 months",
    "logit": "logit of past windows",
    "dyad_ewma_logit": "logit of rate and 30-day average",
    "nb_glm": "negative-binomial GLM",
    "mixture": "mixture of past windows",
    "boosted_trees": "boosted trees",
    "climatology": "climatology",
    "reference_class": "reference class",
    "detente": "Détente",
}
"""What a reader sees of a forecaster."""
SCORE_WORDS = {"log_score": "log score", "brier": "Brier", "crps": "CRPS"}
"""What a reader sees of a score."""
_COUNTS = {
    "days_severed": "days with relations severed",
    "days_to_restoration": "days to restoration, up to the horizon",
    "hostile_acts": "number of hostile acts",
    "cooperative_acts": "number of cooperative acts",
    "drawn_in_states": "number of third states drawn in",
}
_NAMES = "|".join(status.label for status in CaseStatus)


def percent(value: float) -> str:
    """A share, 0 to 1, as text in per cent; only a share of exactly 0 is shown as 0."""
    text = f"{100 * value:.0f}"
    if value > 0 and text == "0":
        return tr("under 1\u00a0%")
    if value < 1 and text == "100":
        return tr("over 99\u00a0%")
    return f"{text}\u00a0%"


def party_in_words(party: str) -> str:
    """Name of a state or of a third party: ``PER`` is Peru, ``bloc_chair`` the bloc's chair."""
    return tr(catalogue()[party].LABEL) if party in catalogue() else state_in_words(party)


_CALLED: ContextVar[str] = ContextVar("names", default="full")
NAMES = ("full", "codes")
"""How states are called: by name, or by their ISO 3166 code."""


@contextmanager
def naming(names: str) -> Iterator[None]:
    """Set how states are called inside the ``with`` block, one of ``NAMES``."""
    token = _CALLED.set(names)
    try:
        yield
    finally:
        _CALLED.reset(token)


def state_in_words(code: str) -> str:
    """A state's name in the language that is set, or its code if codes are asked for."""
    return code if _CALLED.get() == "codes" else tr(name_of(code))


ARTICLE = ("Bahamas", "Dominican Republic", "Netherlands", "Philippines", "United ")
"""States whose names take an article in a sentence."""


def party_in_sentence(party: str) -> str:
    """Name of a state or of a third party as it stands in a sentence: "the United States"."""
    name = party_in_words(party)
    if spoken() != ENGLISH or name == party:
        return name
    if party in catalogue():
        return f"the {name}"
    return f"the {name}" if name.startswith(ARTICLE) else name


def path_in_words(label: str) -> str:
    """The label of a path in the language that is set; it has its turns and how it ends."""
    if spoken() == ENGLISH:
        return label
    path, *ends = label.split("; ")
    told = [tr(", then ").join(tr(turn) for turn in path.split(", then "))]
    for end in ends:
        if hit := re.fullmatch(r"(.+)'s ambassador at post, (.+)'s not", end):
            one, other = tr(hit[1]), tr(hit[2])
            told.append(tr("{one}'s ambassador at post, {other}'s not", one=one, other=other))
        else:
            told.append(tr(end))
    return "; ".join(told)


def power_in_words(key: str) -> str:
    """A protecting power and whom it represents: ``CHE for MEX`` is "Switzerland for Mexico"."""
    power, _, side = key.partition(" for ")
    return tr("{power} for {side}", power=state_in_words(power), side=state_in_words(side))


def act_in_words(act: str, sender: str, target: str) -> str:
    """An act as a sentence: "Peru severs relations with Mexico"."""
    sides = {"sender": party_in_sentence(sender), "target": party_in_sentence(target)}
    told = tr(ACTS[INDEX[act]].sentence, **sides)
    return told[0].upper() + told[1:]


def dyad_in_words(dyad: str) -> str:
    """Both states of a pair: ``PER-MEX`` is "Peru and Mexico"."""
    a, b = (state_in_words(code) for code in dyad.split("-"))
    return tr("{a} and {b}", a=a, b=b)


def trust_in_words(dyad: str) -> str:
    """A directed dyad as trust: ``PER-MEX`` is "Peru in Mexico"."""
    a, b = (state_in_words(code) for code in dyad.split("-"))
    return tr("{a} in {b}", a=a, b=b)


def _day(word: str) -> str:
    return tr("at the horizon") if word == "end" else tr("on day {day}", day=word)


def _of(mark: str | None) -> str:
    return f" ({dyad_in_words(mark.strip('_').replace('_', '-'))})" if mark else ""


def measure_in_words(name: str) -> str | None:
    """A measure in words: ``severed_at_365`` is "relations severed on day 365".

    None if the name has no form of a measure; ``end`` may stand for the day of the horizon.
    """
    pair = r"(_[A-Z]{3}_[A-Z]{3})?"
    if hit := re.fullmatch(rf"({'|'.join(STANDINGS)}){pair}_at_(\d+|end)", name):
        return f"{tr(STANDINGS[hit[1]])}{_of(hit[2])} {_day(hit[3])}"
    if hit := re.fullmatch(rf"({'|'.join(TURNS)}){pair}_within_(\d+)", name):
        within = tr("within 1 day") if hit[3] == "1" else tr("within {days} days", days=hit[3])
        return f"{tr(TURNS[hit[1]])}{_of(hit[2])} {within}"
    if hit := re.fullmatch(r"trust[_ ]([A-Z]{3})[_-]([A-Z]{3})_at_(\d+|end)", name):
        pair = trust_in_words(f"{hit[1]}-{hit[2]}")
        return f"{tr('trust of {pair}', pair=pair)} {_day(hit[3])}"
    if hit := re.fullmatch(rf"({'|'.join(_COUNTS)}){pair}", name):
        return tr(_COUNTS[hit[1]]) + _of(hit[2])
    if hit := re.fullmatch(rf"({'|'.join(catalogue())})_(offered|accepted)", name):
        return f"good offices of the {party_in_words(hit[1])} " + (
            "offered" if hit[2] == "offered" else "accepted by both sides"
        )
    if hit := re.fullmatch(rf"asylee_({_NAMES})", name):
        return STATIONS.get(hit[1], hit[1])
    if hit := re.fullmatch(rf"asylum_(.+)_({_NAMES})", name):
        return f"asylum case {hit[1].replace('_', ' ')}: {STATIONS.get(hit[2], hit[2])}"
    return None


def asylees_of(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Name of the asylee of each case of a scenario (plain data), by the name of the case."""
    cases = {**(scenario.get("cases") or {}), **(scenario.get("shocks") or {})}
    return {name: str(case["asylee"]) for name, case in cases.items() if case.get("asylee")}


def outcome_in_words(outcome: str) -> str:
    """An outcome in words if it is one measure, else the expression as it was written."""
    return measure_in_words(outcome) or outcome


def quantity_in_words(outcome: str) -> str:
    """An outcome as a quantity: an event becomes its probability."""
    words = measure_in_words(outcome)
    if words is None:
        return outcome
    is_event = not re.match(rf"(trust|{'|'.join(_COUNTS)})", outcome)
    return tr("probability of: {event}", event=words) if is_event else words


def key_in_words(key: str) -> str:
    """A swept key for an axis: ``institutions.oas.delay_days`` is "OAS: delay days"."""
    head, *rest = key.split(".")
    if head == "institutions" and len(rest) == 2:
        return f"{party_in_words(rest[0])}: {rest[1].replace('_', ' ')}"
    if head == "parameters" and len(rest) == 2:
        return f"{rest[0]}: {rest[1].replace('_', ' ')}"
    return key.replace("_", " ")


def what_ifs_in_words(study: Any) -> dict[str, str]:
    """Title of each what-if of a comparison, by its name."""
    return {row["what_if"]: row["title"] for row in study.summary["ranking"]}
