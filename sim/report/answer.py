"""The answer in three sentences: what is likeliest, where it ends, what would move it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sim.gazetteer import name_of

if TYPE_CHECKING:
    from sim.results import Results
    from sim.study import Study


def percent(value: float) -> str:
    """A share in per cent, never a bare zero where it is not zero."""
    text = f"{100 * value:.0f}"
    if value > 0 and text == "0":
        return "under 1\u00a0%"
    if value < 1 and text == "100":
        return "over 99\u00a0%"
    return f"{text}\u00a0%"


def counted(count: int, word: str) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def outcome_in_words(outcome: str) -> str:
    """An outcome as a reader says it: a share on a day, or the expression as it stands."""
    hit = re.fullmatch(r"(severed|ambassadors|downgraded)_at_(\d+)", outcome)
    if hit:
        word = {"severed": "severed", "ambassadors": "with ambassadors exchanged",
                "downgraded": "downgraded"}[hit.group(1)]
        return f"the chance of standing {word} on day {hit.group(2)}"
    return outcome


def shared(row: dict[str, Any]) -> str:
    """A share with its 95 % interval."""
    return f"{percent(row['probability'])} ({percent(row['low'])} to {percent(row['high'])})"


def effect(row: dict[str, Any], points: bool) -> str:
    """A difference with its interval, in percentage points or in the outcome's own unit."""
    keys = ("difference", "low", "high") if "difference" in row else ("mean", "low", "high")
    if any(row[key] is None for key in keys):
        return "no difference that could be computed"
    gap, low, high = (row[key] * (100 if points else 1) for key in keys)
    form = "{:+.0f}" if points and max(abs(gap), abs(low), abs(high)) >= 10 else "{:+.1f}"
    if not points:
        form = "{:+.3f}"
    return (f"{form.format(gap)} {'percentage points ' if points else ''}"
            f"({form.format(low)} to {form.format(high)})")


def pair(dyad: str) -> tuple[str, str]:
    """Both states of a dyad, by name."""
    a, b = dyad.split("-")
    return name_of(a), name_of(b)


def likeliest(paths: list[dict[str, Any]], dyad: str, horizon: int) -> str:
    """The first sentence: the likeliest paths."""
    a, b = pair(dyad)
    first = paths[0]
    text = (f"Within {counted(horizon, 'day')} the likeliest path of {a} and {b} is "
            f"“{first['path']}”, with probability {shared(first)}")
    if len(paths) > 1:
        text += f"; next comes “{paths[1]['path']}”, {shared(paths[1])}"
    return text + "."


def of_run(results: Results, study: Study | None) -> list[str]:
    """Three sentences of a run, and of a comparison where there is one."""
    s = results.summary
    dyad = s["dyads"][0]
    a, b = pair(dyad)
    last = str(s["horizon_days"])
    level, trust, within = s["levels"][dyad][last], s["trust"], s["within"][dyad]
    soon = "7" if "7" in within["severed"] else min(within["severed"], key=int)
    severed_before = s["levels"][dyad]["0"]["severed"] > 0.5
    if severed_before:
        second = (f"Relations, severed at the start, stand restored on day {last} in "
                  f"{percent(1 - level['severed'])} of replicates")
    else:
        second = (f"Relations are broken off within {counted(int(soon), 'day')} in "
                  f"{shared(within['severed'][soon])} of replicates")
    codes = dyad.split("-")
    second += (f"; on day {last} they stand at ambassadors in {percent(level['ambassadors'])}, at "
               f"chargés d'affaires in {percent(level['downgraded'])}, "
               + (f"with an ambassador away in {percent(level['ambassador recalled'])}, "
                  if level["ambassador recalled"] else "")
               + f"severed in {percent(level['severed'])}, and {a}'s trust in {b} has gone from "
               f"{trust[dyad]['0']['mean']:+.2f} to {trust[dyad][last]['mean']:+.2f} on average, "
               f"{b}'s in {a} from {trust['-'.join(reversed(codes))]['0']['mean']:+.2f} to "
               f"{trust['-'.join(reversed(codes))][last]['mean']:+.2f}.")
    return [likeliest(s["paths"][dyad], dyad, s["horizon_days"]), second,
            _moved_by(s, study)]


def _moved_by(s: dict[str, Any], study: Study | None) -> str:
    """The third sentence: what would have moved it, as far as anybody asked."""
    parties = s["third_parties"]
    bodies = {k: v for k, v in parties.items() if "offered" in v}
    told = []
    if bodies:
        name = max(bodies, key=lambda k: bodies[k]["offered"]["probability"])
        told.append(f"good offices ({name_of(name)}) are offered in "
                    f"{percent(bodies[name]['offered']['probability'])} of replicates and accepted "
                    f"by both sides in {percent(bodies[name]['accepted']['probability'])}")
    else:
        told.append("no third party offers the pair its good offices in any replicate")
    if "effect" in parties:
        told.append("all third parties together change the chance of standing severed at the end "
                    f"by {effect(parties['effect']['severed_at_end'], True)}")
    if study is not None:
        told.append(strongest(study))
    text = "; ".join(told)
    return text[0].upper() + text[1:] + "."


def strongest(study: Study) -> str:
    """The what-if that moves the outcome most, in a clause."""
    ranking, outcome = study.summary["ranking"], outcome_in_words(study.summary["outcome"])
    first = ranking[0]
    if all(row["parted"] == 0 for row in ranking):
        return f"none of the {len(ranking)} what-ifs compared changes anything"
    which = (f"the one what-if compared, “{first['title']}”, moves {outcome}"
             if len(ranking) == 1 else
             f"of {len(ranking)} what-ifs “{first['title']}” moves {outcome} most,")
    doubt = ", which is not shown to differ from nothing" if first["low"] is None or (
        first["low"] <= 0 <= first["high"]) else ""
    return f"{which} by {effect(first, bool(study.summary.get('share')))}{doubt}"


def of_comparison(study: Study) -> list[str]:
    """Three sentences of a comparison alone."""
    s = study.summary
    ranking = s["ranking"]
    clear = [row for row in ranking if row["low"] is not None and (
        row["low"] > 0 or row["high"] < 0)]
    others = [row["what_if"].replace("_", " ") for row in ranking if row not in clear]
    text = strongest(study)
    third = (f"{len(clear)} of {len(ranking)} what-if{'s' if len(ranking) > 1 else ''} moved it "
             "with a 95 % interval that leaves out zero")
    if others:
        third += (f"; not shown to move this outcome at {s['replicates']:,} replicates: "
                  f"{', '.join(others)}")
    return [likeliest(s["paths"], s["dyad"], s["horizon_days"]),
            text[0].upper() + text[1:] + ".", third + "."]
