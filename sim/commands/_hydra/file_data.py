"""Files as data: no scenario and no experiment instructs Hydra or OmegaConf."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError

SWEEPING = ("hydra.mode", "hydra.sweeper.params")
"""Keys with which an experiment may say what is swept."""


def as_text(tree: Any) -> Any:
    """The same data, in which ``${...}`` is text and not a reference that OmegaConf resolves."""
    if isinstance(tree, Mapping):
        return {key: as_text(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_text(value) for value in tree]
    return tree.replace("${", "\\${") if isinstance(tree, str) else tree


def refuse_instructions(tree: Mapping[str, Any], path: Path, allowed: Collection[str]) -> None:
    """Check that a file does not instruct Hydra, except by the keys ``allowed``.

    Hydra reads ``defaults`` (further files), ``hydra`` (what it does, functions to call among it)
    and keys with ``@`` or ``/`` (packages) from any file that it composes.

    Raises
    ------
    InputError
        On the first such key, with its line.
    """

    def refused(keys: tuple[str, ...], rule: str) -> InputError:
        from sim.inputs.yaml_file import line_of

        return InputError(f"{path.name}:{line_of(path, keys)}: {'.'.join(keys)}", rule)

    for key in map(str, tree):
        if key == "defaults" or "@" in key or "/" in key:
            raise refused((key,), "a file must not choose other files")
    keys: tuple[str, ...] = ("hydra",)
    todo = [(keys, tree["hydra"])] if "hydra" in tree else []
    while todo:
        keys, node = todo.pop()
        dotted = ".".join(keys)
        if dotted in allowed:
            if "${" in str(node):
                raise refused(keys, "must not refer to other values")
        elif any(key.startswith(f"{dotted}.") for key in allowed) and isinstance(node, Mapping):
            todo += [((*keys, str(key)), value) for key, value in node.items()]
        else:
            listed = ", ".join(allowed) or "none of Hydra's"
            raise refused(keys, f"a file must not instruct Hydra (allowed: {listed})")
