"""Score decision rules against each other, in one world and on one set of data.

usage: detente policies data=FILE [key=value ...]
       detente policies data=events.csv.gz start=2013-01-01 policies=[detente,my_rule.py]
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.commands import DONE
from sim.errors import InputError, require
from sim.inputs.data_root import data_root


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("policies", __doc__)


def main(args: list[str]) -> int:
    """Read, play, score, print."""
    from sim.commands._hydra.plain import settings_of

    config = settings_of("policies", args)
    return DONE if config is None else held(config)


def held(config: dict[str, Any]) -> int:
    """One tournament, from the settings to the table."""
    from sim.commands._hydra.plain import day_of, events_of, whole_of
    from sim.commands.backtest import past_only
    from sim.ensemble.spec import cores
    from sim.evaluation.forecasts import planned
    from sim.evaluation.numbers import Numbers
    from sim.evaluation.projection import StateByDay
    from sim.evaluation.rolling_years import past_before
    from sim.evaluation.tournament import games, table, tried
    from sim.results.sealed_folder import refuse_existing

    require("statsmodels", "estimation", "policies")
    rules = _rules(config["policies"])
    if config["output"] is not None:
        refuse_existing(Path(str(config["output"])))
    path = None if config["parameters"] is None else Path(str(config["parameters"]))
    events = events_of(config, "policies")
    days = whole_of(config, "horizon", 1)
    start, end = day_of(config, "start"), day_of(config, "end")
    plan = planned(events, start, end, str(config["dyads"]), [days])
    past_only(path or data_root() / "seeds" / "parameters.yaml", plan, str(config["future"]))
    numbers, carried = Numbers.of(path).repooled(past_before(events, plan.start))
    replicates, seed = whole_of(config, "replicates", 2), whole_of(config, "seed")
    workers = whole_of(config, "workers") or cores()
    states = StateByDay(plan.dyad_days, numbers)
    for name in rules:
        tried(name, plan, states)
    jobs = list(games(rules, plan, states, seed, replicates, days))
    rows = table(plan, _played(jobs, workers), rules[0])
    _show(rows, rules[0], events.file, plan, days, carried)
    if config["output"] is not None:
        _write(Path(str(config["output"])), rows)
    return DONE


def _rules(value: Any) -> list[str]:
    from sim.evaluation.policies import names, policy

    rules = [str(name) for name in value] if isinstance(value, list) else [str(value)]
    if not rules or len(set(rules)) < len(rules):
        raise InputError("policies", "must name at least one rule, none twice", value, names())
    for name in rules:
        policy(name)
    return rules


def _played(jobs: list[Any], workers: int) -> dict[Any, Any]:
    """What comes of every rule after every morning."""
    from sim.commands._screens.terminal import progress
    from sim.ensemble.executors import opened
    from sim.ensemble.tasks import Fault, finished

    found = {}
    with opened("processes", workers) as site, progress("games", len(jobs)) as moved:
        for key, result in finished(site, iter(jobs)):
            if isinstance(result, Fault):
                raise result.error()
            found[key] = result
            moved(1)
    return {job.key: found[job.key] for job in jobs}


def _show(
    rows: list[dict[str, Any]], against: str, file: str, plan: Any, days: int, carried: str
) -> None:
    """Print a table for every outcome."""
    from sim.commands._screens.terminal import BOLD, PLAIN, console, table

    out = console()
    out.print(
        f"{BOLD}Decision rules{PLAIN}: {file}, {len(plan.origins)} origins from "
        f"{plan.origins[0][1]} to {plan.origins[-1][1]}, {len(plan.rows)} directed dyads, "
        f"{days} days ahead\n"
    )
    if carried:
        out.print(f"Carried over: {carried}.\n")
    for quantity in dict.fromkeys(row["outcome"] for row in rows):
        cells = [
            [
                row["label"],
                f"{row['log_score']:.4f}",
                f"{row['brier']:.4f}",
                f"{row['mean_forecast']:.4f}",
                f"{row['came']:.4f}",
                ""
                if row["policy"] == against
                else f"{row['difference']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})",
            ]
            for row in rows
            if row["outcome"] == quantity
        ]
        title = (
            f"any {quantity} act (lower is better; difference: log score less that of {against})"
        )
        head = ["rule", "log score", "Brier", "forecast", "came", "difference (95 %)"]
        out.print(table(title, head, cells, (1, 2, 3, 4)))
        out.print()


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write the scores as CSV."""
    import csv
    import io

    from sim.results.sealed_folder import put

    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    put(path, text.getvalue())
