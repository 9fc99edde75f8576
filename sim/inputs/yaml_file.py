"""YAML as plain data, and the line on which a key stands."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.errors import CONTROL, InputError


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without timestamps: dates stay text, for OmegaConf and pydantic alike."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


LARGEST = 1_000_000
"""Bytes of the largest file that is read; the largest shipped one has 20,000 (assumed)."""
DEEPEST = 30
"""Levels of mappings and lists that are read; shipped files have 6 (assumed)."""


def _refuse_traps(text: str, name: str) -> None:
    """Raise InputError on aliases, deep nesting, repeated keys, control characters."""
    depth = 0
    keys: list[set[str]] = []
    turn: list[bool | None] = []

    def refused(event: yaml.Event, rule: str, given: object = None) -> InputError:
        mark = event.start_mark
        return InputError(f"{name}:{mark.line + 1}" if mark else name, rule, given)

    # ``turn`` holds for each open mapping whether a key comes next; None stands for a list
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise refused(event, "must not have aliases", f"*{event.anchor}")
        if isinstance(event, yaml.ScalarEvent) and (hit := CONTROL.search(event.value)):
            raise refused(event, "has a control character", f"U+{ord(hit[0]):04X}")
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            keys.pop()
            turn.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        if turn and turn[-1] is not None:
            if turn[-1] and isinstance(event, yaml.ScalarEvent):
                if event.value in keys[-1]:
                    raise refused(event, "has a key twice", event.value)
                keys[-1].add(event.value)
            turn[-1] = not turn[-1]
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            keys.append(set())
            turn.append(True if isinstance(event, yaml.MappingStartEvent) else None)
            if depth > DEEPEST:
                raise refused(event, f"is nested more than {DEEPEST} levels deep")


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as plain data: no aliases, no key twice, of bounded size and depth.

    Raises
    ------
    InputError
        With file and line.
    """
    if path.exists() and not path.is_file():
        raise InputError(str(path), "must be a regular file")
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(
                str(path), f"must be no larger than {LARGEST:,} bytes", f"{path.stat().st_size:,}"
            )
        text = path.read_text(encoding="utf-8")
        _refuse_traps(text, path.name)
        tree = yaml.load(text, Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), "cannot be read as UTF-8 text", error) from error
    except InputError:
        raise
    except ValueError as error:  # a number of thousands of digits, a date that is none
        raise InputError(path.name, "has a value that is no number or date", error) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise InputError(
            f"{path.name}{line}", "is not valid YAML", getattr(error, "problem", str(error))
        ) from error
    if not isinstance(tree, dict):
        raise InputError(path.name, "must be a mapping of keys", type(tree).__name__)
    return tree


@lru_cache(maxsize=2)
def _composed(text: str) -> Any:
    """The nodes of a YAML text, with their places."""
    return yaml.compose(text, Loader=_Loader)


def line_of(path: Path, keys: tuple[str | int, ...]) -> int:
    """Line of the deepest known node along a key path."""
    try:
        node = _composed(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return 1
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
