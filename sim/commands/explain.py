"""Explain a run: why trust moved, why an act was chosen, how a path goes.

usage: detente explain RUN [dyad=PER-MEX] [from=2022-12-01] [to=2023-03-15]  the ledger of trust
       detente explain RUN act=relations_severed [replicate=17] [day=2025-11-04]  why it was chosen
       detente explain RUN path=1                                            a path as dated stories

The run is simulated again, replicate by replicate, and listened to; what is told is what it did.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.reasons import Reason
    from sim.results import Results


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._plain import usage_of

    return usage_of("explain", __doc__)


def main(args: list[str]) -> int:
    """Read the run, repeat what must be heard, print."""
    from sim.commands._folders import folder_of
    from sim.commands._plain import settings_of
    from sim.folders import run_of

    folder, words = folder_of("explain", args)
    # a path's words hold commas and colons: they are taken as they come
    paths = [word.partition("=")[2].strip("'\"") for word in words if word.startswith("path=")]
    config = settings_of("explain", [word for word in words if not word.startswith("path=")])
    if config is None:
        return DONE
    if paths and paths[-1] != "null":
        config["path"] = paths[-1]
    return explained(run_of(folder, "explain"), config)


def explained(results: Results, config: dict[str, Any]) -> int:
    """One explanation, from the settings to the exit status."""
    from sim.folder import as_json, put

    asked = [key for key in ("act", "path") if config[key] is not None]
    if len(asked) > 1:
        raise InputError("act, path", "ask for one at a time", " and ".join(asked))
    for key in ("replicate", "day"):
        if config[key] is not None and "act" not in asked:
            raise InputError(key, "goes with act=", config[key])
    for key, other in (("from", "act"), ("to", "act"), ("from", "path"), ("to", "path"),
                       ("dyad", "path")):
        if config[key] is not None and other in asked:
            why = "paths are told of the run's first focal pair" if key == "dyad" else (
                "a span is of an account")
            raise InputError(key, f"does not go with {other}=", config[key], remedy=why)
    tell = {"act": _act, "path": _path}.get(asked[0], _account) if asked else _account
    tree, show = tell(results, config)
    if config["output"] is not None:
        put(Path(str(config["output"])), as_json(tree))
    if config["json"]:
        print(as_json(tree), end="")
    else:
        show()
    return DONE


def _account(results: Results, config: dict[str, Any]) -> tuple[Any, Any]:
    from sim.account import accounts
    from sim.commands import _explain
    from sim.commands._plain import day_of
    from sim.commands._terminal import progress

    dyad = str(config["dyad"] or results.summary["dyads"][0])
    with progress("replicates", results.summary["replicates"]) as told:
        found, _ = accounts(results, dyad, day_of(config, "from"), day_of(config, "to"), told)
    return [one.as_dict() for one in found], lambda: _explain.show_accounts(results, found)


def _path(results: Results, config: dict[str, Any]) -> tuple[Any, Any]:
    from sim.commands import _explain
    from sim.commands._terminal import progress
    from sim.retelling import refuse_changed, retell, spec_of
    from sim.story import tale

    with progress("replicates", results.summary["replicates"]) as told:
        again = retell(spec_of(results), [], (), told)
    refuse_changed(results, again.reading)
    found = tale(again.reading, str(config["path"]))
    return found.as_dict(), lambda: _explain.show_tale(found)


def _act(results: Results, config: dict[str, Any]) -> tuple[Any, Any]:
    from sim.commands import _explain
    from sim.retelling import made_by_this, refuse_changed, retell, spec_of, witnessed

    row, count = chosen_event(results, config)
    spec = spec_of(results)
    reading, reasons = witnessed(spec, row["replicate"])
    refuse_changed(results, reading, row["replicate"])
    if not made_by_this(results):  # the acts of one replicate are too little to know it by
        refuse_changed(results, retell(spec, []).reading)
    reason: Reason = reasons[row["replicate"], row["day"], row["sender"], row["target"],
                             row["act"]]
    return reason.as_dict(), lambda: _explain.show_reason(results, reason, count)


def chosen_event(results: Results, config: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The act that is asked for, and in how many replicates there is one like it.

    Raises
    ------
    InputError
        Where no replicate of the run has it.
    """
    from datetime import date

    from sim.actions import NAMES
    from sim.commands._plain import day_of, whole_of
    from sim.reasons import date_of
    from sim.retelling import pair_of

    name = str(config["act"])
    if name not in NAMES:
        raise InputError("act", "must be an act", name, NAMES, "see `detente list acts`")
    pair = set(pair_of(results, str(config["dyad"] or results.summary["dyads"][0])))
    rows = concerning(pair, [row for row in results.tables["events"].to_pylist()
                             if row["replicate"] >= 0], name)
    told = f"{name} between {' and '.join(sorted(pair))}"
    count = len({row["replicate"] for row in rows})
    if config["replicate"] is not None:
        wanted = whole_of(config, "replicate")
        if wanted >= results.summary["replicates"]:
            raise InputError("replicate", f"must be under {results.summary['replicates']}", wanted)
        rows, told = [r for r in rows if r["replicate"] == wanted], f"{told}, replicate {wanted}"
    day = day_of(config, "day")
    if day is not None:
        info = date.fromisoformat(results.summary["information_date"])
        if not 0 < (day - info).days <= results.summary["horizon_days"]:
            raise InputError("day", "must be a projected day", day, remedy=(
                f"{info + timedelta(days=1)} to "
                f"{info + timedelta(days=results.summary['horizon_days'])}; recorded acts were not "
                "chosen by the model: see the account, `detente explain RUN dyad=…`"))
        rows, told = [r for r in rows if date_of(info, r["day"]) == day], f"{told}, {day}"
    if not rows:
        raise InputError("act", "no replicate of the run has it", told, remedy=(
            "another act, dyad or replicate; acts of other pairs than the focal ones are kept from "
            "recall up, all of them with `detente run events=all`; acts of the record were chosen "
            "by nobody here: see the account, `detente explain RUN from=… to=…`"))
    rows.sort(key=lambda r: (r["day"], r["replicate"]))
    return rows[len(rows) // 2 if config["replicate"] is None else 0], count


def concerning(pair: set[str], events: list[dict[str, Any]], act: str) -> list[dict[str, Any]]:
    """Acts of a name between a pair, or of a third party's towards both sides about their dispute.

    An offer goes to both sides on one day, and both answer the same body on one day; what goes to
    one of them alone is of another dispute.
    """
    office = act.startswith(("good_offices", "protecting"))
    if not office:
        return [row for row in events if row["act"] == act
                and pair == {row["sender"], row["target"]}]
    answers = act in ("good_offices_accepted", "good_offices_refused")
    party, other = ("sender", "target") if answers else ("target", "sender")
    kinds = ("good_offices_accepted", "good_offices_refused") if answers else (act,)
    heard: dict[tuple[Any, ...], set[str]] = {}
    for row in events:
        if row["act"] in kinds and row[party] in pair and row[other] not in pair:
            heard.setdefault((row["replicate"], row["day"], row[other]), set()).add(row[party])
    return [row for row in events if row["act"] == act and row[party] in pair
            and heard.get((row["replicate"], row["day"], row[other])) == pair]
