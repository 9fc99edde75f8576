"""Settings of subcommands without a scenario: a YAML file of defaults, and key=value words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.inputs.data_root import data_root

if TYPE_CHECKING:
    from sim.event_data.table import EventTable


def usage_of(command: str, doc: str | None) -> str:
    """What ``--help`` prints: the docstring and the primary configuration with its comments."""
    text = (data_root() / "configs" / f"{command}.yaml").read_text(encoding="utf-8")
    return f"{(doc or '').rstrip()}\n\n{text}"


def settings_of(command: str, args: list[str]) -> dict[str, Any] | None:
    """The settings of a subcommand with the words of the command line laid over them.

    ``--cfg job`` prints them and returns None.

    Raises
    ------
    InputError
        On words that are not ``key=value``, or unknown keys.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    from sim.commands._hydra.store import primary_of
    from sim.commands._hydra.words import TEXT, quoted, refuse_control

    config = primary_of(command)
    show = "--cfg" in args or "-c" in args
    refuse_control(args)
    text = set(TEXT) & set(config) | ({"scenario"} & set(config))
    args = [quoted(word, text, resolved=False) for word in args]
    words = [word for word in args if "=" in word and not word.startswith("-")]
    stray = [word for word in args if word not in words and word not in ("--cfg", "-c", "job")]
    if stray:
        raise InputError(
            "options",
            "must have the form key=value",
            " ".join(stray),
            remedy=f"see `detente {command} --help`",
        )
    try:
        parsed = OverridesParser.create().parse_overrides(words)
    except HydraException as error:
        raise InputError("options", "cannot be read", str(error).splitlines()[0]) from error
    for word in parsed:
        key = str(word.key_or_group)
        if key not in config:
            raise InputError(
                key, "no such key", key, sorted(config), f"see `detente {command} --help`"
            )
        if word.is_sweep_override():
            raise InputError(
                key,
                "this command runs one job, not a sweep",
                word.input_line,
                remedy="give a list in brackets: [a,b]",
            )
        config[key] = word.value()
    if show:
        import yaml

        print(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), end="")
        return None
    return config


def day_of(config: dict[str, Any], key: str) -> date | None:
    """A date of the settings, or None if it is null."""
    value = config[key]
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise InputError(key, "must be a date YYYY-MM-DD", value) from error


def file_of(config: dict[str, Any], key: str, command: str) -> Path:
    """The file that a setting names; the setting must be given."""
    if config[key] is None:
        raise InputError(
            key,
            "must name a file",
            "(nothing)",
            remedy=f"detente {command} {key}=FILE; see `detente {command} --help`",
        )
    return Path(str(config[key]))


def events_of(config: dict[str, Any], command: str) -> EventTable:
    """The event data that the settings name; stderr lists the rows left out, by reason."""
    from sim.commands._screens.calibrate import show_events
    from sim.event_data.load import load

    events = load(
        file_of(config, "data", command),
        str(config["format"]),
        str(config["mirrors"]),
        str(config["repeats"]),
        day_of(config, "since") if "since" in config else None,
        day_of(config, "until") if "until" in config else None,
    )
    show_events(events)
    return events


def whole_of(config: dict[str, Any], key: str, least: int = 0) -> int:
    """A whole number of the settings, at least ``least``."""
    value = config[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InputError(key, f"must be a whole number of at least {least}", value)
    return value
