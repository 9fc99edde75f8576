"""Estimate the model from event data, and restoration and asylum from the known cases.

usage: detente calibrate data=FILE [key=value ...]
       detente calibrate data=events.csv.gz until=2012-12-31 output=PARAMETERS.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError, require

if TYPE_CHECKING:
    from sim.event_data.dyad_days import DyadDays
    from sim.event_data.table import EventTable


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("calibrate", __doc__)


def main(args: list[str]) -> int:
    """Read, fit, write the parameter file and the study beside it."""
    from sim.commands._hydra.plain import settings_of

    config = settings_of("calibrate", args)
    return DONE if config is None else calibrated(config)


def calibrated(config: dict[str, Any]) -> int:
    """One calibration, from the settings to the files."""
    from sim.commands._hydra.plain import day_of, events_of, whole_of
    from sim.commands._screens import calibrate as told
    from sim.ensemble.checkpoint import Steps
    from sim.ensemble.code_hash import code_hash
    from sim.estimation import parameter_file
    from sim.estimation.fit import fit
    from sim.event_data.dyad_days import record
    from sim.event_data.formats import catalogue
    from sim.inputs.data_root import data_root
    from sim.inputs.parameters import parameter_table
    from sim.results.sealed_folder import put

    require("statsmodels", "estimation", "calibrate")
    output, study_folder = outputs_of(config)
    given = config["parameters"]
    base = Path(str(given)) if given else data_root() / "seeds" / "parameters.yaml"
    table = parameter_table(base)
    events = events_of(config, "calibrate")
    begins, ends = _day(events, 0), _day(events, -1)
    # days that the data do not cover must not count as days without acts
    first = max(day_of(config, "since") or begins, begins)
    last = min(day_of(config, "until") or ends, ends)
    dyad_days = record(events, first, last, whole_of(config, "least", 1))
    others = told.cases_of(str(config["cases"]), table)
    others |= told.ties_of(str(config["cases"]), events, first, last)
    settings = [config[key] for key in ("seed", "bootstrap", "profiles", "least")]
    rows = (events.day, events.sender, events.target, events.act, events.weight)
    steps = Steps(settings, first, last, table, events.states, *rows)
    with steps.kept("steps of the fit"), told.stages() as note:
        found = fit(
            dyad_days,
            table,
            whole_of(config, "seed"),
            whole_of(config, "bootstrap"),
            bool(config["profiles"]),
            note=note,
            keep=steps.array,
        )
    origin = parameter_file.EstimateSource(
        catalogue()[events.format].title,
        _window(dyad_days),
        len(events.between(first, last)),
        dyad_days.dyads,
        code_hash()[:12],
    )
    about = told.about_of(found, origin, events, config)
    put(
        output,
        parameter_file.render(table, found, origin, others, about, parameter_file.sections(base)),
    )
    told.keep(found, dyad_days, origin, about, config, study_folder)
    steps.release()
    told.show_fit(found, origin, table, str(output), str(study_folder))
    return DONE


def outputs_of(config: dict[str, Any]) -> tuple[Path, Path]:
    """The parameter file to write, and the folder of its study.

    Raises
    ------
    InputError
        If one of them exists already, or could not be written.
    """
    from sim.results.sealed_folder import refuse_existing, refuse_filled

    output = Path(str(config["output"]))
    if output.suffix not in (".yaml", ".yml"):
        raise InputError(
            "output", "must be a YAML file", config["output"], remedy="output=PARAMETERS.yaml"
        )
    refuse_existing(output)
    study_folder = output.with_name(f"{output.stem}-study")
    refuse_filled(study_folder)
    return output, study_folder


def _day(events: EventTable, place: int) -> Any:
    from datetime import date

    return date.fromordinal(int(events.day[place]))


def _window(dyad_days: DyadDays) -> str:
    from datetime import date

    return (
        f"{date.fromordinal(dyad_days.first)} to "
        f"{date.fromordinal(dyad_days.first + dyad_days.days - 1)}"
    )
