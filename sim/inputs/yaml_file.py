"""YAML as plain data, and the line on which a key stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputError


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without timestamps: dates stay text, for OmegaConf and pydantic alike."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> dict[str, Any]:
    """A scenario file as plain data, or InputError with file and line."""
    try:
        tree = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), "the scenario cannot be read as UTF-8 text", error) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise InputError(
            f"{path.name}{line}", "is not valid YAML", getattr(error, "problem", str(error))
        ) from error
    if not isinstance(tree, dict):
        raise InputError(path.name, "must be a mapping of keys", type(tree).__name__)
    return tree


def line_of(path: Path, keys: tuple[str | int, ...]) -> int:
    """Line of the deepest known node along a key path."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    line = node.start_mark.line if node else 0
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            hits = [(k, v) for k, v in node.value if k.value == str(key)]
            if not hits:
                break
            line, node = hits[0][0].start_mark.line, hits[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line = node.start_mark.line
    return line + 1
