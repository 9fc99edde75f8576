"""Sentences with numbers: likeliest paths, effects with intervals, the strongest what-if."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.language import tr
from sim.outcomes.words import dyad_in_words, path_in_words, percent, quantity_in_words

if TYPE_CHECKING:
    from sim.results.study import Study


def shared(row: dict[str, Any]) -> str:
    """A share with its 95 % interval."""
    low, high = percent(row["low"]), percent(row["high"])
    return tr("{p} ({low} to {high})", p=percent(row["probability"]), low=low, high=high)


def effect(row: dict[str, Any], points: bool) -> str:
    """A difference with its interval, in percentage points or in the outcome's own unit."""
    keys = ("difference", "low", "high") if "difference" in row else ("mean", "low", "high")
    if any(row[key] is None for key in keys):
        return "an undefined difference"
    gap, low, high = (row[key] * (100 if points else 1) for key in keys)
    form = "{:+.0f}" if points and max(abs(gap), abs(low), abs(high)) >= 10 else "{:+.1f}"
    if not points:
        form = "{:+.3f}"
    return f"{form.format(gap)} {tr('percentage points') + ' ' if points else ''}" + tr(
        "({low} to {high})", low=form.format(low), high=form.format(high)
    )


def likeliest(paths: list[dict[str, Any]], dyad: str, horizon: int) -> str:
    """The first sentence: the likeliest paths."""
    first = paths[0]
    text = tr(
        "The likeliest path of {pair} within {days} days: “{path}”, {share}.",
        pair=dyad_in_words(dyad),
        days=horizon,
        path=path_in_words(first["path"]),
        share=shared(first),
    )
    if len(paths) > 1:
        second = path_in_words(paths[1]["path"])
        share = shared(paths[1])
        text += " " + tr("The second likeliest: “{path}”, {share}.", path=second, share=share)
    return text


def strongest(study: Study) -> str:
    """A clause on the what-if that changes the outcome most."""
    ranking, outcome = study.summary["ranking"], quantity_in_words(study.summary["outcome"])
    first = ranking[0]
    if all(row["parted"] == 0 for row in ranking):
        return tr("none of the {count} what-ifs compared changes anything", count=len(ranking))
    told = tr(
        "of {count} what-ifs “{title}” changes {outcome} most, by {effect}",
        count=len(ranking),
        title=tr(first["title"]),
        outcome=outcome,
        effect=effect(first, bool(study.summary.get("share"))),
    )
    if first["low"] is None or (first["low"] <= 0 <= first["high"]):
        told += tr(", which is no significant difference")
    return told


def of_comparison(study: Study) -> list[str]:
    """Three sentences about a comparison without a run."""
    s = study.summary
    ranking = s["ranking"]
    clear = [
        row for row in ranking if row["low"] is not None and (row["low"] > 0 or row["high"] < 0)
    ]
    others = [f"“{row['title']}”" for row in ranking if row not in clear]
    text = strongest(study)
    third = tr(
        "{clear} of {count} what-ifs changed it significantly (the 95 % interval excludes zero)",
        clear=len(clear),
        count=len(ranking),
    )
    if others:
        third += "; " + tr(
            "no significant difference with {count:,} replicates: {others}",
            count=s["replicates"],
            others=", ".join(others),
        )
    return [
        likeliest(s["paths"], s["dyad"], s["horizon_days"]),
        text[0].upper() + text[1:] + ".",
        third + ".",
    ]
