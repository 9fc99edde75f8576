"""Questions that a run answers for later: probability, closing date, how each resolves, base
rate."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.evaluation.precedents import Precedents, precedents_of
from sim.inputs.record import load_named
from sim.inputs.scenario_file import parse
from sim.language import day_in_words
from sim.law.vocabulary import Standing
from sim.outcomes.intervals import wilson
from sim.outcomes.words import STATIONS, dyad_in_words, party_in_sentence
from sim.results.run import Results

DAYS = (30, 90, 180, 365)
"""Days ahead on which questions close, as far as the run goes, and its horizon."""
SOURCE = "dated acts of both foreign ministries, coded as seeds/history/ (docs/reference/files.md)"
QUARTILES = (0.25, 0.5, 0.75)


def questions(results: Results) -> list[dict[str, Any]]:
    """The questions of a run, as plain data; probabilities are shares of its replicates.

    Keys: ``id``, ``title``, ``type`` (binary, options, date), ``question`` in the grammar of
    ``sim.outcomes.grammar``, ``probability`` with ``low`` and ``high`` (options: by option; date:
    quartiles and ``never``), ``opens``, ``closes``, ``resolves``, ``source``, ``base_rate``.
    """
    s = results.summary
    info = date.fromisoformat(s["information_date"])
    scenario = parse(results.config["scenario"], "scenario")
    known = precedents_of(scenario, load_named((), scenario.shipped_record))
    begun = max(s["levels"][s["dyads"][0]]["0"].items(), key=lambda item: item[1])[0]
    words = ["restored", "ambassadors"] if begun == "severed" else ["severed", "ambassadors"]
    if begun == "ambassadors":
        words = ["severed", "recalled"]
    found = [
        _binary(results, word, info, day, known)
        for word in words
        for day in sorted({d for d in DAYS if d < s["horizon_days"]} | {s["horizon_days"]})
    ]
    found.append(_options(results, info))
    found += _dates(results, words[0], info)
    return found + _stations(results, info)


def firsts(results: Results, word: str) -> np.ndarray[Any, Any]:
    """First day of a turn in each replicate, ``[replicate]``; infinite if it does not come."""
    table = results.tables["replicates"]
    names = [n for n in table.column_names if n.startswith("restored")]
    if word == "restored":
        columns = [name for name in names if " " not in name]
    elif word == "ambassadors":
        columns = ["ambassadors_back", *(name for name in names if " " not in name)]
    else:
        columns = [word]
    rows = [[np.inf if d is None else d for d in table[name].to_pylist()] for name in columns]
    if word == "ambassadors":  # relations that are restored need not have ambassadors at once
        return np.asarray(rows[0], float)
    return np.min(np.asarray(rows, float), axis=0)


TITLES = {
    "severed": "Will relations of {pair} be severed by {day}?",
    "restored": "Will relations of {pair} be restored by {day}?",
    "ambassadors": "Will {pair} both have their ambassadors back by {day}?",
    "recalled": "Will {pair} recall an ambassador by {day}?",
}
RULES = {
    "severed": "Yes if either side severs relations on or before the day.",
    "restored": "Yes if both sides restore relations on or before the day.",
    "ambassadors": "Yes if both ambassadors are at post on some day up to it.",
    "recalled": "Yes if either side recalls its ambassador for consultations up to the day.",
}
NAMES = {"ambassadors": "ambassadors_back", "recalled": "recalled"}


def _binary(results: Results, word: str, info: date, day: int, known: Precedents) -> dict[str, Any]:
    s, closes = results.summary, info + timedelta(day)
    hit = firsts(results, word) <= day
    low, high = wilson(int(hit.sum()), len(hit))
    pair = dyad_in_words(s["dyads"][0])
    return {
        "id": f"{s['scenario']}-{word}-{closes}",
        "title": TITLES[word].format(pair=pair, day=day_in_words(closes)),
        "type": "binary",
        "question": f"{NAMES.get(word, word)} by {closes}",
        "probability": round(float(hit.mean()), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        **_common(s, closes, RULES[word]),
        "base_rate": base_rate(known, word, day),
        "reference_class": f"{known.words}: {'; '.join(known.told)}",
    }


def base_rate(known: Precedents, word: str, days: int) -> float | None:
    """Share of the known cases that ended so within as many days, (k + ½) / (n + 1); or None."""
    counted = known.counts.get(f"{word}_{days}")
    return None if counted is None else round((counted[0] + 0.5) / (counted[1] + 1), 4)


def _common(s: dict[str, Any], closes: date, rule: str) -> dict[str, Any]:
    return {
        "dyad": s["dyads"][0],
        "opens": s["information_date"],
        "closes": closes.isoformat(),
        "resolves": rule,
        "source": SOURCE,
        "scenario": s["scenario"],
        "seed": s["seed"],
        "replicates": s["replicates"],
    }


def _options(results: Results, info: date) -> dict[str, Any]:
    """The level of relations on the last day: one of four options."""
    s = results.summary
    closes = info + timedelta(s["horizon_days"])
    dyad = s["dyads"][0]
    held = s["levels"][dyad][str(s["horizon_days"])]
    return {
        "id": f"{s['scenario']}-level-{closes}",
        "title": f"How do relations of {dyad_in_words(dyad)} stand on {day_in_words(closes)}?",
        "type": "options",
        "question": f"level on {closes}",
        "probability": {name.label: round(held[name.label], 4) for name in Standing},
        **_common(s, closes, "The option that the missions of both sides have on that evening."),
        "base_rate": None,
    }


def _dates(results: Results, word: str, info: date) -> list[dict[str, Any]]:
    """When a turn comes, if it comes: quartiles of its date."""
    s = results.summary
    first = firsts(results, word)
    held = first[np.isfinite(first)]
    if len(held) < 4:
        return []
    closes = info + timedelta(s["horizon_days"])
    days = np.quantile(held, QUARTILES)
    dates = [(info + timedelta(float(day))).isoformat() for day in days]
    pair = dyad_in_words(s["dyads"][0])
    return [
        {
            "id": f"{s['scenario']}-when-{word}-{closes}",
            "title": f"If relations of {pair} are {word} by {day_in_words(closes)}, when?",
            "type": "date",
            "question": f"{word} by {closes}",
            "probability": {"quarter": dates[0], "half": dates[1], "three_quarters": dates[2]},
            "never": round(float(1 - len(held) / len(first)), 4),
            **_common(s, closes, "The first day on which it happens; annulled if it does not."),
            "base_rate": None,
        }
    ]


def _stations(results: Results, info: date) -> list[dict[str, Any]]:
    """Whether each asylee of the scenario leaves with a safe-conduct within the horizon."""
    s = results.summary
    closes = info + timedelta(s["horizon_days"])
    rows = {**results.config["scenario"]["shocks"], **results.config["scenario"]["cases"]}
    found = []
    for name, stations in s["asylum"].items():
        row, case = stations["left"], rows[name]
        host, land = (party_in_sentence(case[key]) for key in ("host", "territorial"))
        pair = f"{case['territorial']}>{case['host']}"
        rule = f"Yes if the asylee {STATIONS['left']} of {land}, from {host}."
        found.append(
            {
                "id": f"{s['scenario']}-{name}-left-{closes}",
                "title": f"Will {land} let {case['asylee']} leave by {day_in_words(closes)}?",
                "type": "binary",
                "question": f"{pair} safe_conduct_granted by {closes}",
                "probability": round(row["probability"], 4),
                "low": round(row["low"], 4),
                "high": round(row["high"], 4),
                **_common(s, closes, rule),
                "base_rate": None,
            }
        )
    return found


def conditional(study: Any) -> list[dict[str, Any]]:
    """Questions on a condition: the outcome of a comparison, if each of its what-ifs comes true.

    They have ``condition_met`` null until the user says whether it did; they are annulled if not.
    """
    s = study.summary
    closes = date.fromisoformat(s["information_date"]) + timedelta(s["horizon_days"])
    if not s["share"]:
        return []
    return [
        {
            "id": f"{s['scenario']}-{row['what_if']}-{closes}",
            "title": f"If “{row['title']}”: {s['outcome']}?",
            "type": "binary",
            "question": s["outcome"],
            "condition": row["what_if"],
            "condition_met": None,
            "probability": round(row["what_if_value"], 4),
            "without": round(row["baseline"], 4),
            "dyad": s["dyad"],
            "opens": s["information_date"],
            "closes": closes.isoformat(),
            "resolves": "As the outcome reads; annulled unless condition_met is true.",
            "source": SOURCE,
            "scenario": s["scenario"],
            "seed": s["seed"],
            "replicates": s["replicates"],
            "base_rate": None,
        }
        for row in s["ranking"]
    ]
