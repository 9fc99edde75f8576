"""Third parties: one file an institution, found by listing this folder (files without ``_``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.errors import InputError
from sim.institutions._base import Institution, Settings

if TYPE_CHECKING:
    from sim.model import Diplomacy

__all__ = ["Institution", "Settings", "catalogue", "convene", "parties", "settings"]


@lru_cache(maxsize=1)
def catalogue() -> dict[str, type[Institution]]:
    """Every institution of the folder, by file name."""
    names = sorted(p.stem for p in Path(__file__).parent.glob("[!_]*.py"))
    return {name: import_module(f"sim.institutions.{name}").INSTITUTION for name in names}


def parties(states: Sequence[str]) -> Callable[[float], str]:
    """Names of the parties of a log: a state by its index, a body by its negative number."""
    words, count = [*states, *catalogue()], len(states)
    return lambda index: words[int(index)] if index >= 0 else words[count - 1 - int(index)]


def settings(tree: Mapping[str, Mapping[str, Any]]) -> dict[str, Settings]:
    """Checked settings of every institution; names that ``tree`` leaves out keep their defaults.

    Raises
    ------
    InputError
        On an unknown institution or setting, or a value out of range.
    """
    from sim.config import complaints

    for name in tree:
        if name not in catalogue():
            raise InputError("institutions", "no such institution", name, catalogue(),
                             "see `detente list institutions`")
    found = {}
    for name, institution in catalogue().items():
        try:
            found[name] = institution.SETTINGS.model_validate(dict(tree.get(name, {})))
        except ValidationError as error:
            raise complaints(f"institutions.{name}", error,
                             tuple(institution.SETTINGS.model_fields)) from error
    return found


def convene(model: Diplomacy, given: Mapping[str, object] | None) -> list[Institution]:
    """The institutions of one model, those that are enabled, by name."""
    import mesa

    chosen = given if given is not None else settings(model.brief.institutions)
    found = []
    for name, kind in catalogue().items():
        setting = chosen[name]
        assert isinstance(setting, Settings)
        if setting.enabled and setting.weight > 0:
            agent = type(kind.__name__, (kind, mesa.Agent), {})
            found.append(agent(model, name, setting))
    return found
