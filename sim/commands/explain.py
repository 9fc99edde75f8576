"""Explain a run: why trust changed, why an act was chosen, what happens on a path.

usage: detente explain RUN [dyad=PER-MEX] [from=2022-12-01] [to=2023-03-15]  account of trust
       detente explain RUN act=relations_severed [replicate=17] [day=2025-11-04]  why it was chosen
       detente explain RUN path=1                                            a path as dated stories
       detente explain RUN path=rare                    grave paths under 5 %, one story each
       detente explain RUN watch=severed                 acts to watch for, with likelihood ratios

The command reruns the simulation to reconstruct the reasons. If the rerun does not match the saved
results, it stops with an error.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError
from sim.law.acts import ACTS, INDEX

if TYPE_CHECKING:
    from sim.outcomes.run_view import RunView
    from sim.results.run import Results
    from sim.world.reason import Reason


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("explain", __doc__)


def main(args: list[str]) -> int:
    """Read the run, rerun what the explanation needs, print."""
    from sim.commands._hydra.folders import folder_of
    from sim.commands._hydra.plain import settings_of
    from sim.studies.load import run_of

    folder, words = folder_of("explain", args)
    # the name of a path holds commas and colons: it is not parsed
    named = {}
    for key in ("path", "watch"):
        found = [
            word.partition("=")[2].strip("'\"") for word in words if word.startswith(f"{key}=")
        ]
        words = [word for word in words if not word.startswith(f"{key}=")]
        if found and found[-1] != "null":
            named[key] = found[-1]
    config = settings_of("explain", words)
    if config is None:
        return DONE
    config |= named
    return explained(run_of(folder, "explain"), config)


def explained(results: Results, config: dict[str, Any]) -> int:
    """One explanation, from the settings to the exit status."""
    from sim.results.sealed_folder import as_json, put, refuse_existing

    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    asked = [key for key in ("act", "path", "watch") if config[key] is not None]
    if len(asked) > 1:
        raise InputError("act, path, watch", "cannot be given together", " and ".join(asked))
    for key in ("replicate", "day"):
        if config[key] is not None and "act" not in asked:
            raise InputError(key, "is allowed only with act=", config[key])
    for key, other in (
        ("from", "act"),
        ("to", "act"),
        ("from", "path"),
        ("to", "path"),
        ("dyad", "path"),
        *((key, "watch") for key in ("from", "to", "dyad")),
    ):
        if config[key] is not None and other in asked:
            why = (
                "paths and signposts exist for the run's first focal pair only"
                if key == "dyad"
                else ("from and to limit the account of trust")
            )
            raise InputError(key, f"cannot be combined with {other}=", config[key], remedy=why)
    kinds = {"act": _act, "path": _path, "watch": _watch}
    tell = kinds[asked[0]] if asked else _account
    tree, show = tell(results, config)
    if config["output"] is not None:
        put(Path(str(config["output"])), as_json(tree))
    if config["json"]:
        print(as_json(tree), end="")
    else:
        show()
    return DONE


def _account(results: Results, config: dict[str, Any]) -> tuple[Any, Any]:
    from sim.commands._hydra.plain import day_of
    from sim.commands._screens import explain
    from sim.commands._screens.terminal import progress
    from sim.explanation.trust_account import accounts

    dyad = str(config["dyad"] or results.summary["dyads"][0])
    with progress("replicates", results.summary["replicates"]) as told:
        found, _ = accounts(results, dyad, day_of(config, "from"), day_of(config, "to"), told)
    return [one.as_dict() for one in found], lambda: explain.show_accounts(results, found)


def _path(results: Results, config: dict[str, Any]) -> tuple[Any, Any]:
    from sim.commands._screens import explain
    from sim.commands._screens.terminal import progress
    from sim.explanation.path_story import stories_of
    from sim.explanation.rerun import refuse_changed, rerun, spec_of

    with progress("replicates", results.summary["replicates"]) as told:
        again = rerun(spec_of(results), [], (), told)
    refuse_changed(results, again.view)
    if config["path"] == "rare":
        return _rare(results, again.view)
    found = stories_of(again.view, str(config["path"]))
    return found.as_dict(), lambda: explain.show_story(found)


def _rare(results: Results, view: RunView) -> tuple[Any, Any]:
    """The grave paths that are rare, each by its most typical replicate."""
    from sim.commands._screens import explain
    from sim.explanation.path_story import stories_of
    from sim.report.rare_paths import FEW, rare

    rows = rare(results)
    if not rows:
        told = f"no path under {FEW:.0%} has a rupture or draws in a third state"
        raise InputError("path", "there is none to tell", "rare", remedy=told)
    found = [stories_of(view, row["path"], 1) for row in rows]

    def show() -> None:
        for one in found:
            explain.show_story(one)

    return [one.as_dict() for one in found], show


def _watch(results: Results, config: dict[str, Any]) -> tuple[Any, Any]:
    """Signposts of a turn, or of a path by its number or name, from the run's events alone."""
    from sim.commands._screens import explain
    from sim.law.vocabulary import TURNS
    from sim.outcomes.signposts import first_days, signposts

    labels = [row["path"] for row in results.summary["paths"][results.summary["dyads"][0]]]
    watch = str(config["watch"])
    if watch.isdigit() and 1 <= int(watch) <= len(labels):
        watch = labels[int(watch) - 1]
    if watch not in (*TURNS, *labels):
        rule = "must be a turn, or a path of this run by number or name"
        raise InputError("watch", rule, watch, [*TURNS, *labels])
    events, numbers = results.tables["events"], results.tables["replicates"]
    firsts = first_days(events, len(numbers), results.focal[0])
    rows = signposts(firsts, numbers, watch)
    return rows, lambda: explain.show_signposts(watch, rows)


def _act(results: Results, config: dict[str, Any]) -> tuple[Any, Any]:
    from sim.commands._screens import explain
    from sim.explanation.rerun import (
        made_by_this,
        recorded_replicate,
        refuse_changed,
        rerun,
        spec_of,
    )

    row, count = chosen_event(results, config)
    spec = spec_of(results)
    view, reasons = recorded_replicate(spec, row["replicate"])
    refuse_changed(results, view, row["replicate"])
    if not made_by_this(results):  # one replicate is not enough to see whether the rerun matches
        refuse_changed(results, rerun(spec, []).view)
    reason: Reason = reasons[row["replicate"], row["day"], row["sender"], row["target"], row["act"]]
    return reason.as_dict(), lambda: explain.show_reason(results, reason, count)


def chosen_event(results: Results, config: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The act to explain (a row of events), and the number of replicates with such an act.

    Raises
    ------
    InputError
        If no replicate has such an act, or a setting is bad.
    """
    from datetime import date

    from sim.commands._hydra.plain import day_of, whole_of
    from sim.explanation.rerun import pair_of
    from sim.law.acts import NAMES
    from sim.world.reason import date_of

    name = str(config["act"])
    if name not in NAMES:
        raise InputError("act", "must be a known act", name, NAMES, "see `detente list acts`")
    pair = set(pair_of(results, str(config["dyad"] or results.summary["dyads"][0])))
    simulated = [row for row in results.tables["events"].to_pylist() if row["replicate"] >= 0]
    rows = concerning(pair, simulated, name)
    told = f"{name} between {' and '.join(sorted(pair))}"
    count = len({row["replicate"] for row in rows})
    if config["replicate"] is not None:
        wanted = whole_of(config, "replicate")
        if wanted >= results.summary["replicates"]:
            rule = f"must be less than {results.summary['replicates']}"
            raise InputError("replicate", rule, wanted)
        rows, told = [r for r in rows if r["replicate"] == wanted], f"{told}, replicate {wanted}"
    day = day_of(config, "day")
    if day is not None:
        info = date.fromisoformat(results.summary["information_date"])
        if not 0 < (day - info).days <= results.summary["horizon_days"]:
            raise InputError(
                "day",
                "must be a simulated day",
                day,
                remedy=(
                    f"{info + timedelta(days=1)} to "
                    f"{info + timedelta(days=results.summary['horizon_days'])}; the model did not "
                    "choose recorded acts: see the account, `detente explain RUN dyad=…`"
                ),
            )
        rows, told = [r for r in rows if date_of(info, r["day"]) == day], f"{told}, {day}"
    if not rows:
        raise InputError(
            "act",
            "must occur in a replicate of the run",
            told,
            remedy=(
                "choose another act, dyad or replicate; of pairs that are not focal a run "
                "keeps only "
                "the acts from recall upwards, all of them with `detente run events=all`; for "
                "acts of "
                "the record see the account, `detente explain RUN from=… to=…`"
            ),
        )
    rows.sort(key=lambda r: (r["day"], r["replicate"]))
    return rows[len(rows) // 2 if config["replicate"] is None else 0], count


def concerning(pair: set[str], events: list[dict[str, Any]], act: str) -> list[dict[str, Any]]:
    """Acts of a name between a pair, or of a third party's towards both sides about their dispute.

    An offer goes to both sides on one day, and both answer the same body on one day. An act towards
    one side only belongs to another dispute.
    """
    office = ACTS[INDEX[act]].third_party
    if not office:
        return [
            row for row in events if row["act"] == act and pair == {row["sender"], row["target"]}
        ]
    answers = act in ("good_offices_accepted", "good_offices_refused")
    party, other = ("sender", "target") if answers else ("target", "sender")
    kinds = ("good_offices_accepted", "good_offices_refused") if answers else (act,)
    parties: dict[tuple[Any, ...], set[str]] = {}
    for row in events:
        if row["act"] in kinds and row[party] in pair and row[other] not in pair:
            parties.setdefault((row["replicate"], row["day"], row[other]), set()).add(row[party])
    return [
        row
        for row in events
        if row["act"] == act
        and row[party] in pair
        and parties.get((row["replicate"], row["day"], row[other])) == pair
    ]
