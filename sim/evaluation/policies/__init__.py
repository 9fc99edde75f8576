"""Decision rules of a tournament: one file per rule in this folder.

A file has ``LABEL`` and ``rates(view)``, which gives ``[replicate, grade, dyad]``, acts per day:
how often each dyad acts tomorrow, by grade (mild, severe, cooperative), given a
:class:`sim.evaluation.tournament.View`. A user's own file has the same two.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from sim.errors import InputError


def names() -> list[str]:
    """Names of the rules that are shipped."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def policy(name: str) -> ModuleType:
    """The rule of a name, or of a Python file.

    Raises
    ------
    InputError
        If there is no such rule or file, it cannot be read, or it lacks ``LABEL`` or ``rates``.
    """
    path = Path(name)
    if path.suffix == ".py":
        module = _of_file(path)
    elif name in names():
        module = import_module(f"sim.evaluation.policies.{name}")
    else:
        raise InputError(
            "policies", "no such rule", name, names(), "give a name, or a Python file: my_rule.py"
        )
    for wanted in ("LABEL", "rates"):
        if not hasattr(module, wanted):
            raise InputError(
                f"policies={name}",
                f"has no `{wanted}`",
                remedy="a rule is a file with LABEL = '…' and rates(view); copy one of "
                "sim/evaluation/policies",
            )
    return module


def _of_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError("policies", "no such file", path)
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise InputError("policies", "cannot be read as Python", path)
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever the user's file raises
        raise InputError(f"policies={path}", f"fails when it is read: {error}") from error
    return module
