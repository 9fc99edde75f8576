"""Estimate the model from event data, and restoration and asylum from the known cases.

usage: detente calibrate data=FILE [key=value ...]
       detente calibrate data=events.csv.gz until=2012-12-31 output=PARAMETERS.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import DONE
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.events import EventTable
    from sim.tape import Tape

TITLES = {"icews": "ICEWS", "icews-thinned": "ICEWS (thinned research release)",
          "gdelt": "GDELT 2.0", "polecat": "POLECAT", "detente": "own record"}


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._plain import usage_of

    return usage_of("calibrate", __doc__)


def main(args: list[str]) -> int:
    """Read, fit, write the parameter file and the study beside it."""
    from sim.commands._plain import settings_of

    config = settings_of("calibrate", args)
    return DONE if config is None else calibrated(config)


def calibrated(config: dict[str, Any]) -> int:
    """One calibration, from the settings to the files."""
    from sim import estimation, parameter_file
    from sim.commands import _calibration as told
    from sim.commands._plain import day_of, events_of, whole_of
    from sim.config import parameter_table
    from sim.folder import put
    from sim.home import data_root
    from sim.provenance import code_hash
    from sim.tape import record

    output = Path(str(config["output"]))
    if output.suffix not in (".yaml", ".yml"):
        raise InputError("output", "must be a YAML file", config["output"],
                         remedy="output=PARAMETERS.yaml")
    study_folder = output.with_name(f"{output.stem}-study")
    if study_folder.exists():
        raise InputError("output", "its study folder exists already", study_folder,
                         remedy="choose another name, or remove the folder")
    base = (data_root() / "seeds" / "parameters.yaml" if config["parameters"] is None
            else Path(str(config["parameters"])))
    table = parameter_table(base)
    others = told.cases_of(str(config["cases"]), table)
    events = events_of(config, "calibrate")
    begins, ends = _day(events, 0), _day(events, -1)
    # days that the data do not reach are no days of silence
    first = max(day_of(config, "since") or begins, begins)
    last = min(day_of(config, "until") or ends, ends)
    tape = record(events, first, last, whole_of(config, "least", 1))
    with told.stages() as note:
        fit = estimation.fit(tape, table, whole_of(config, "seed"),
                             whole_of(config, "bootstrap"), bool(config["profiles"]), note=note)
    origin = parameter_file.Origin(TITLES.get(events.format, events.format), _window(tape),
                                   len(events.between(first, last)), tape.dyads,
                                   code_hash()[:12])
    about = told.about_of(fit, origin, events, config)
    put(output, parameter_file.render(table, fit, origin, others, about,
                                      parameter_file.sections(base)))
    told.keep(fit, tape, origin, about, config, study_folder)
    told.show_fit(fit, origin, table, str(output), str(study_folder))
    return DONE


def _day(events: EventTable, place: int) -> Any:
    from datetime import date

    return date.fromordinal(int(events.day[place]))


def _window(tape: Tape) -> str:
    from datetime import date

    return (f"{date.fromordinal(tape.first)} to "
            f"{date.fromordinal(tape.first + tape.days - 1)}")
