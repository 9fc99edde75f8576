"""Finds results folders, and other files, among the words of a command."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError


def folders_of(args: list[str]) -> tuple[list[str], list[str]]:
    """The folders or files that the words name, any number of them, and the other words."""
    named = [w for w in args if "=" not in w and not w.startswith("-") and w != "job"]
    return named, [word for word in args if word not in named]


def folder_of(command: str, args: list[str]) -> tuple[Path, list[str]]:
    """The results folder that the words name, and the other words.

    Raises
    ------
    InputError
        If the words name no folder, or more than one.
    """
    named = [
        k
        for k, word in enumerate(args)
        if "=" not in word
        and not word.startswith("-")
        and (k == 0 or args[k - 1] not in ("--cfg", "-c"))
    ]
    if len(named) != 1 and "--cfg" not in args and "-c" not in args:
        raise InputError(
            command,
            "must name one results folder",
            " ".join(args) or "(nothing)",
            remedy=f"detente {command} outputs/chavez_asylum_2025/…; see `detente "
            f"{command} --help`",
        )
    words = [word for k, word in enumerate(args) if k not in named]
    return Path(args[named[0]] if named else "."), words
