"""Third parties: one file per institution in this folder (a file whose name starts with ``_`` is
none), and bodies that vote, one a row of ``seeds/organisations.csv``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.errors import InputError
from sim.inputs.countries import states as listed
from sim.institutions._settings import Settings
from sim.institutions.base import Institution

if TYPE_CHECKING:
    from sim.world.host import Host

__all__ = [
    "Institution",
    "Settings",
    "catalogue",
    "convene",
    "number_of",
    "parties",
    "party_names",
    "settings",
]


@lru_cache(maxsize=1)
def catalogue() -> dict[str, type[Institution]]:
    """Classes of all institutions, by name, in alphabetical order: one a file of this folder, and
    one a row of ``seeds/organisations.csv`` that has none."""
    from sim.institutions._council import body, rows

    files = {p.stem for p in Path(__file__).parent.glob("[!_]*.py") if p.stem != "base"}
    return {
        name: import_module(f"sim.institutions.{name}").INSTITUTION if name in files else body(name)
        for name in sorted(files | set(rows()))
    }


def party_names(states: Sequence[str]) -> list[str]:
    """Names of all that may be a party in a log: states of the run, institutions, further states.

    A party of number n >= 0 stands in place n, one of number -1 - k in place len(states) + k.
    """
    return [*states, *catalogue(), *sorted(listed())]


def parties(states: Sequence[str]) -> Callable[[float], str]:
    """A function from the number of a party in a log to its name.

    Numbers from 0 on are places in ``states``; negative ones are institutions (``code``), and then
    states that are not in the run (:func:`number_of`).
    """
    words, count = party_names(states), len(states)
    return lambda index: words[int(index)] if index >= 0 else words[count - 1 - int(index)]


def number_of(code: str, states: Sequence[str]) -> int:
    """Number of a state in a log: its place in ``states``, or a negative one beyond those of the
    institutions if it is not in the run."""
    if code in states:
        return list(states).index(code)
    return -1 - len(catalogue()) - sorted(listed()).index(code)


def settings(tree: Mapping[str, Mapping[str, Any]]) -> dict[str, Settings]:
    """Checked settings of every institution, by name; what ``tree`` leaves out has its default.

    Raises
    ------
    InputError
        If an institution or setting is unknown, or a value is out of range.
    """
    from sim.inputs.settings import complaints

    for name in tree:
        if name not in catalogue():
            raise InputError(
                "institutions",
                "no such institution",
                name,
                catalogue(),
                "see `detente list institutions`",
            )
    found = {}
    for name, institution in catalogue().items():
        try:
            found[name] = institution.SETTINGS.model_validate(dict(tree.get(name, {})))
        except ValidationError as error:
            raise complaints(
                f"institutions.{name}", error, tuple(institution.SETTINGS.model_fields)
            ) from error
    return found


def convene(model: Host, given: Mapping[str, object] | None) -> list[Institution]:
    """The institutions at work in a model: enabled and of weight above 0, in order of name.

    ``given``: settings by name; None takes those of the scenario over the defaults.
    """
    import mesa

    chosen = given if given is not None else settings(model.case.institutions)
    found = []
    for place, (name, kind) in enumerate(catalogue().items()):
        setting = chosen[name]
        assert isinstance(setting, Settings)
        if setting.enabled and setting.weight > 0:
            agent = type(kind.__name__, (kind, mesa.Agent), {})
            found.append(agent(model, name, setting, -1 - place))
    return found
