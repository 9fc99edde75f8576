"""What ``detente calibrate`` prints, and the study that it writes beside the parameter file."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import visible

if TYPE_CHECKING:
    from sim.estimation.estimate import Fit
    from sim.estimation.parameter_file import EstimateSource
    from sim.event_data.dyad_days import DyadDays
    from sim.event_data.table import EventTable
    from sim.inputs.parameters import Parameter


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """Yield a function that prints progress on stderr, with the seconds since the start."""
    begun = time.monotonic()
    yield lambda text: print(
        f"{time.monotonic() - begun:6.1f} s  {text}", file=sys.stderr, flush=True
    )


LOUD = 0.03
"""Share of rows lost to faults from which a warning is printed."""


def show_events(events: EventTable) -> None:
    """Print the events read and their window, and the rows left out, by reason, with examples."""
    from sim.event_data.reading import STRAY
    from sim.event_data.table import faults

    first, last = (date.fromordinal(int(events.day[k])) for k in (0, -1))
    lines = [
        f"{events.file} ({events.format}): {len(events):,} events of {len(events.states)} states, "
        f"{first} to {last}"
    ]
    for reason, count in events.dropped.items():
        if count:
            example = f" ({events.examples[reason]})" if reason in events.examples else ""
            lines.append(f"  left out: {count:,} rows, {reason}{example}")
    if events.unmapped:
        top = list(events.unmapped.items())[:8]
        lines.append(
            "  names that are not countries: "
            + ", ".join(f"{name[:40] or '(empty)'} {count:,}" for name, count in top)
            + (f" and {len(events.unmapped) - 8} more" if len(events.unmapped) > 8 else "")
        )
    lost, share = faults(events)
    if share > LOUD or events.dropped.get(STRAY):
        lines.append(
            f"WARNING: {lost:,} rows ({share:.1%} of those between states) are left out because of "
            "faults; the results do not know these events. Correct the file, or choose its format "
            "with format=NAME"
        )
    print(visible("\n".join(lines)), file=sys.stderr)


def cases_of(choice: str, table: Mapping[str, Parameter]) -> dict[str, tuple[float, float, str]]:
    """Estimates of restoration and asylum from known cases; empty if ``choice`` is ``none``."""
    if choice == "none":
        return {}
    from sim.estimation.restoration_likelihood import estimates

    return estimates(None if choice == "shipped" else Path(choice), table)


def ties_of(
    choice: str, events: EventTable, first: date, last: date
) -> dict[str, tuple[float, float, str]]:
    """Weights of ties and levels from the shipped cases, and their scale from the event data.

    Empty if ``choice`` is not ``shipped``; without a scale if the data have too few pairs.
    """
    if choice != "shipped":
        return {}
    from sim.estimation.held_back import held_back
    from sim.estimation.pair_ties import NAMES, estimated, scale
    from sim.event_data.dyad_days import record

    weights = estimated(held_back())
    found = {
        name: (
            value,
            error,
            "estimated: steps of the ladder between all pairs of states since 2000 "
            "(seeds/world/ruptures.csv, seeds/breaches.csv) outside the crises that are kept to "
            f"judge with; standard error {error:.2g}",
        )
        for name, (value, error) in weights.items()
    }
    held = scale(record(events, first, last, 1), {n: weights[f"ties.{n}"][0] for n in NAMES})
    if held is not None:
        value, error = held
        found["affinity.scale"] = (
            value,
            error,
            f"estimated: {events.file}, {first} to {last}: half the slope of the log odds of a "
            f"hostile act in the estrangement of the pair; SE {error:.2g} (curvature); 90 % "
            f"{value - 1.645 * error:.3g} to {value + 1.645 * error:.3g}",
        )
    return found


def about_of(
    fit: Fit, origin: EstimateSource, events: EventTable, config: dict[str, Any]
) -> dict[str, Any]:
    """The section ``about`` of a parameter file: data, window, counts and version."""
    from importlib.metadata import version

    return {
        "data": origin.data,
        "file": events.file,
        "events": origin.rows,
        "window": origin.window,
        "directed dyads": origin.dyads,
        "mild acts scored": fit.acts[0],
        "severe acts scored": fit.acts[1],
        "cooperative acts scored": fit.acts[2],
        "mirrors": config["mirrors"],
        "repeats": config["repeats"],
        "log-likelihood": round(fit.loglikelihood, 1),
        "version": version("detente"),
        "code": origin.code,
    }


def rows_of(fit: Fit) -> list[dict[str, Any]]:
    """The estimates as a table."""
    return [
        {
            "parameter": e.name,
            "value": e.value,
            "low": e.interval[0],
            "high": e.interval[1],
            "se_curvature": e.hessian,
            "se_bootstrap": e.bootstrap,
            "prior_sd": None if e.prior == float("inf") else e.prior,
            "identified": e.identified,
            "at_bound": e.at_bound,
        }
        for e in fit.estimates.values()
    ]


def dyads_of(fit: Fit, dyad_days: DyadDays) -> list[dict[str, Any]]:
    """Long-run rates (acts per day, >= 0) and habits (log odds) of every dyad of the data.

    One row for each directed dyad; the estimates are partially pooled.
    """
    from sim.estimation.implied_state import averages
    from sim.law.vocabulary import EXCITED

    level, habit = averages(dyad_days, fit.pool)
    return [
        {
            "sender": dyad_days.states[i],
            "target": dyad_days.states[j],
            "days": dyad_days.days,
            **{name: float(f"{level[g, d]:.5g}") for g, name in enumerate(EXCITED)},
            "habit_major": float(f"{habit[d]:.4g}"),
        }
        for d, (i, j) in enumerate(zip(dyad_days.sender, dyad_days.target, strict=True))
    ]


def keep(
    fit: Fit,
    dyad_days: DyadDays,
    origin: EstimateSource,
    about: dict[str, Any],
    config: dict[str, Any],
    folder: Path,
) -> None:
    """Write estimates, profiles and figures as a folder of tidy tables."""
    import pyarrow as pa

    from sim.figures import save_all
    from sim.results.study import Study

    tables = {
        "estimates": pa.Table.from_pylist(rows_of(fit)),
        "dyads": pa.Table.from_pylist(dyads_of(fit, dyad_days)),
    }
    points = [
        {"parameter": name, "value": float(value), "below_best": float(below)}
        for name, table in fit.profiles.items()
        for value, below in table
    ]
    if points:
        tables["profiles"] = pa.Table.from_pylist(points)
    study = Study({"kind": "calibrate", **about}, {"code": origin.code}, dict(config), tables)
    study.save(folder, lambda work: save_all(study, work / "figures", study.kind))


def show_fit(
    fit: Fit, origin: EstimateSource, table: Mapping[str, Parameter], output: str, folder: str
) -> None:
    """Print the estimates."""
    from sim.commands._screens.terminal import BOLD, PLAIN, console
    from sim.commands._screens.terminal import table as made
    from sim.estimation.fit import HELD

    out = console()
    out.print(
        f"{BOLD}Calibrated on {origin.data}{PLAIN}, {origin.window}: {fit.dyads:,} directed "
        f"dyads, {fit.acts[0]:,} mild, {fit.acts[1]:,} severe, {fit.acts[2]:,} cooperative acts\n"
        f"log-likelihood {fit.loglikelihood:,.1f}\n"
    )
    rows = []
    for e in fit.estimates.values():
        was = f"{table[e.name].value:g}" if e.name in table else ""
        state = ("at its bound" if e.at_bound else "") if e.identified else "prior kept"
        rows.append(
            [
                e.name,
                f"{e.value:.3f}",
                f"{e.interval[0]:.3f} to {e.interval[1]:.3f}",
                f"{e.hessian:.3f}",
                f"{e.bootstrap:.3f}",
                was,
                state,
            ]
        )
    out.print(
        made(
            "Estimates (90 % interval; shares are log odds relative to the first kind)",
            ["parameter", "value", "interval", "SE curvature", "SE bootstrap", "before", ""],
            rows,
            (1, 2, 3, 4, 5),
        )
    )
    out.print("held fixed, because event data do not record trust: " + ", ".join(HELD))
    out.print(f"\nparameters: {output}\nfiles: {folder}")
