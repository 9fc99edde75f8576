"""The answer in three sentences: likeliest path, relations at the horizon, what changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.evaluation.precedents import precedents_of
from sim.inputs.countries import name_of
from sim.inputs.record import load_named
from sim.inputs.scenario_file import parse
from sim.outcomes.words import party_in_words, percent, quantity_in_words

if TYPE_CHECKING:
    from sim.results.run import Results
    from sim.results.study import Study


def counted(count: int, word: str) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def shared(row: dict[str, Any]) -> str:
    """A share with its 95 % interval."""
    return f"{percent(row['probability'])} ({percent(row['low'])} to {percent(row['high'])})"


def effect(row: dict[str, Any], points: bool) -> str:
    """A difference with its interval, in percentage points or in the outcome's own unit."""
    keys = ("difference", "low", "high") if "difference" in row else ("mean", "low", "high")
    if any(row[key] is None for key in keys):
        return "an undefined difference"
    gap, low, high = (row[key] * (100 if points else 1) for key in keys)
    form = "{:+.0f}" if points and max(abs(gap), abs(low), abs(high)) >= 10 else "{:+.1f}"
    if not points:
        form = "{:+.3f}"
    return (
        f"{form.format(gap)} {'percentage points ' if points else ''}"
        f"({form.format(low)} to {form.format(high)})"
    )


def pair(dyad: str) -> tuple[str, str]:
    """Both states of a dyad, by name."""
    a, b = dyad.split("-")
    return name_of(a), name_of(b)


def likeliest(paths: list[dict[str, Any]], dyad: str, horizon: int) -> str:
    """The first sentence: the likeliest paths."""
    a, b = pair(dyad)
    first = paths[0]
    text = (
        f"Within {counted(horizon, 'day')} the likeliest path of {a} and {b} is "
        f"“{first['path']}”, with probability {shared(first)}"
    )
    if len(paths) > 1:
        text += f"; the second likeliest is “{paths[1]['path']}”, {shared(paths[1])}"
    return text + "."


def of_run(results: Results, study: Study | None) -> list[str]:
    """Three sentences about a run, and about its comparison if ``study`` is given."""
    s = results.summary
    dyad = s["dyads"][0]
    a, b = pair(dyad)
    last = str(s["horizon_days"])
    level, trust, within = s["levels"][dyad][last], s["trust"], s["within"][dyad]
    soon = "7" if "7" in within["severed"] else min(within["severed"], key=int)
    severed_before = s["levels"][dyad]["0"]["severed"] > 0.5
    if severed_before:
        second = (
            f"Relations are severed at the start; on day {last} they are restored in "
            f"{percent(1 - level['severed'])} of replicates"
        )
    else:
        second = (
            f"Relations are severed within {counted(int(soon), 'day')} in "
            f"{shared(within['severed'][soon])} of replicates"
        )
    codes = dyad.split("-")
    second += (
        f"; on day {last} both have ambassadors in {percent(level['ambassadors'])}, "
        f"relations are downgraded in {percent(level['downgraded'])}, "
        + (
            f"an ambassador is recalled in {percent(level['ambassador recalled'])}, "
            if level["ambassador recalled"]
            else ""
        )
        + f"relations are severed in {percent(level['severed'])}; "
        f"{a}'s trust in {b} goes from "
        f"{trust[dyad]['0']['mean']:+.2f} to {trust[dyad][last]['mean']:+.2f} on average, "
        f"{b}'s in {a} from {trust['-'.join(reversed(codes))]['0']['mean']:+.2f} to "
        f"{trust['-'.join(reversed(codes))][last]['mean']:+.2f}."
    )
    return [likeliest(s["paths"][dyad], dyad, s["horizon_days"]), second, _moved_by(s, study)]


def of_precedents(config: dict[str, Any]) -> str:
    """A sentence on the known cases like a run's scenario, from its configuration.

    The shipped record says how the pair stood, also if the run had further records.
    """
    scenario = parse(config["scenario"], "scenario")
    known = precedents_of(scenario, load_named((), scenario.shipped_record))
    return f"Known cases like it, the reference class ({known.words}): {'; '.join(known.told)}."


def _moved_by(s: dict[str, Any], study: Study | None) -> str:
    """The third sentence: effects of third parties and, if compared, of what-ifs."""
    parties = s["third_parties"]
    bodies = {k: v for k, v in parties.items() if "offered" in v}
    told = []
    if bodies:
        name = max(bodies, key=lambda k: bodies[k]["offered"]["probability"])
        told.append(
            f"good offices ({party_in_words(name)}) are offered in "
            f"{percent(bodies[name]['offered']['probability'])} of replicates and accepted "
            f"by both sides in {percent(bodies[name]['accepted']['probability'])}"
        )
    else:
        told.append("no third party offers the pair its good offices in any replicate")
    if "effect" in parties:
        told.append(
            "all third parties together change the probability of severed relations at "
            f"the end by {effect(parties['effect']['severed_at_end'], True)}"
        )
    if study is not None:
        told.append(strongest(study))
    text = "; ".join(told)
    return text[0].upper() + text[1:] + "."


def strongest(study: Study) -> str:
    """A clause on the what-if that changes the outcome most."""
    ranking, outcome = study.summary["ranking"], quantity_in_words(study.summary["outcome"])
    first = ranking[0]
    if all(row["parted"] == 0 for row in ranking):
        return f"none of the {len(ranking)} what-ifs compared changes anything"
    which = (
        f"the only what-if compared, “{first['title']}”, changes {outcome}"
        if len(ranking) == 1
        else f"of {len(ranking)} what-ifs “{first['title']}” changes {outcome} most,"
    )
    doubt = (
        ", which is no significant difference"
        if first["low"] is None or (first["low"] <= 0 <= first["high"])
        else ""
    )
    return f"{which} by {effect(first, bool(study.summary.get('share')))}{doubt}"


def of_comparison(study: Study) -> list[str]:
    """Three sentences about a comparison without a run."""
    s = study.summary
    ranking = s["ranking"]
    clear = [
        row for row in ranking if row["low"] is not None and (row["low"] > 0 or row["high"] < 0)
    ]
    others = [f"“{row['title']}”" for row in ranking if row not in clear]
    text = strongest(study)
    third = (
        f"{len(clear)} of {len(ranking)} what-if{'s' if len(ranking) > 1 else ''} changed it "
        "significantly (the 95 % interval excludes zero)"
    )
    if others:
        third += (
            f"; no significant difference with {s['replicates']:,} replicates: {', '.join(others)}"
        )
    return [
        likeliest(s["paths"], s["dyad"], s["horizon_days"]),
        text[0].upper() + text[1:] + ".",
        third + ".",
    ]
