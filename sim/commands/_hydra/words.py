"""Words of a command line, made safe for Hydra's grammar: paths and names stay as they are written.

Hydra reads ``output=2025`` as a number, refuses ``output=résumé``, and splits ``caso (1).yaml``.
So the values of some keys are put in quotes, and files are replaced by names of their own, before
Hydra reads a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import CONTROL, InputError

GROUPS = ("scenario", "experiment")
"""Keys of an override that choose a file; every other key edits what was chosen."""
TEXT = (
    "output",
    "data",
    "parameters",
    "address",
    "page",
    "evidence",
    "facts",
    "host",
    "cases",
    "dyads",
    "given",
    "outcome",
    "goal",
    "acts",
    "track",
    "format",
)
"""Keys whose value is text, whatever it looks like."""
REMOVABLE = ("shocks", "cases", "what_ifs", "parameters", "institutions")
"""Parts of a scenario from which ``~scenario.PART.NAME`` takes one entry away."""
SWEEP = re.compile(r"(glob|choice|range|interval|sort|shuffle|tag)\(")
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
WORDS_OF_YAML = {"null", "true", "false", "inf", "nan", "none", "yes", "no", "on", "off"}


@dataclass
class OwnFiles:
    """Scenarios and experiments that the user gave by path, each under a name of its own.

    Attributes
    ----------
    paths
        By group, the path of each name.
    given
        By group, the word that the user wrote for each name.
    """

    paths: dict[str, dict[str, Path]] = field(default_factory=lambda: {g: {} for g in GROUPS})
    given: dict[str, dict[str, str]] = field(default_factory=lambda: {g: {} for g in GROUPS})

    def named(self, group: str, word: str, taken: Collection[str]) -> str:
        """The name of a file: its stem if Hydra can read that and no other file has it.

        Raises
        ------
        InputError
            If there is no such file.
        """
        path = Path(word)
        if not path.is_file():
            raise InputError(group, "no such file", word)
        known = self.paths[group]
        for name, other in known.items():
            if other.samefile(path):
                return name
        stem = path.stem
        if not PLAIN_NAME.fullmatch(stem) or stem.casefold() in WORDS_OF_YAML:
            stem = f"file-{re.sub(r'[^A-Za-z0-9_-]', '-', stem)}"
        name, count = stem, 1
        while name in known or name in taken:
            count += 1
            name = f"{stem}-{count}"
        known[name], self.given[group][name] = path, word
        return name

    def shown(self, group: str, name: str) -> str:
        """A name as the user should see it: the path, if the name is not the file's own."""
        path = self.paths.get(group, {}).get(name)
        return name if path is None or path.stem == name else self.given[group][name]


def key_of(word: str) -> str:
    """The dotted key of an override."""
    return word.partition("=")[0].lstrip("+~")


def unquoted(text: str) -> str:
    """A text without the quotes around it, if there are any."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def quoted(word: str, keys: Collection[str], resolved: bool = True) -> str:
    """The word with its value in quotes, if its key is one of ``keys`` and the value is not null.

    ``resolved`` says whether OmegaConf reads the value later, so that ``${`` needs a backslash.

    Raises
    ------
    InputError
        If the value is empty.
    """
    from hydra.core.override_parser.types import Quote, QuotedString

    key, mark, value = word.partition("=")
    if not mark or key.lstrip("+") not in keys or value == "null":
        return word
    text = unquoted(value)
    if not text:
        raise InputError(key, "must not be empty", f"{key}=", remedy=f"{key}=null is the default")
    safe = text.replace("${", "\\${") if resolved else text
    return f"{key}={QuotedString(text=safe, quote=Quote.single).with_quotes()}"


def parts_of(value: str) -> list[str]:
    """The files or names in a value such as ``a,b.yaml``; a file's name may hold commas."""
    if Path(unquoted(value)).is_file():
        return [unquoted(value)]
    return [unquoted(part) for part in re.findall(r"(?:'[^']*'|\"[^\"]*\"|[^,'\"])+", value)]


def is_path(part: str) -> bool:
    """True if a value names a file and not a scenario or an experiment of the project."""
    return part.endswith((".yaml", ".yml")) or "/" in part or "\\" in part


def localised(
    args: Sequence[str], shipped: Mapping[str, Collection[str]], own: OwnFiles
) -> list[str]:
    """The words with the path of each scenario and experiment replaced by a name; fills ``own``."""
    found = []
    for word in args:
        group, mark, value = word.partition("=")
        if mark and group in GROUPS and not SWEEP.match(value):
            parts = parts_of(value)
            if any(map(is_path, parts)):
                names = [own.named(group, p, shipped[group]) if is_path(p) else p for p in parts]
                word = f"{group}={','.join(names)}"
        found.append(word)
    return found


def split(text: str) -> list[str]:
    """The words of a text: separated by spaces that stand in no bracket and in no quotes.

    Examples
    --------
    >>> split("a.b=1 scenario.shocks={us: {kind: act}} title='x y'")
    ['a.b=1', 'scenario.shocks={us: {kind: act}}', "title='x y'"]
    """
    words: list[str] = []
    word, depth, quote = "", 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter in "([{") - (letter in ")]}")
        if letter.isspace() and depth <= 0 and not quote:
            words, word = [*words, word], ""
        else:
            word += letter
    return [word for word in [*words, word] if word]


def refuse_control(args: Sequence[str]) -> None:
    """Check that no word holds characters that steer a terminal or the direction of text.

    Raises
    ------
    InputError
        On the first such word.
    """
    for word in args:
        if hit := CONTROL.search(word):
            raise InputError("options", "has a control character", f"U+{ord(hit[0]):04X} in {word}")


def growing(word: str) -> str:
    """The word with ``++`` before it if it may add an entry to the scenario: a shock, a what-if."""
    keys = word.partition("=")[0].split(".")
    adds = "=" in word and keys[0] == "scenario" and len(keys) > 1 and keys[1] in REMOVABLE
    return f"++{word}" if adds else word


def removed(word: str) -> tuple[str, str] | None:
    """The part of the scenario and the name that ``~scenario.PART.NAME`` takes away.

    None if the word takes nothing away.

    Raises
    ------
    InputError
        If it asks for something else to be taken away.
    """
    if not word.startswith("~"):
        return None
    keys = word[1:].split(".")
    if len(keys) != 3 or keys[0] != "scenario" or keys[1] not in REMOVABLE or "=" in word:
        raise InputError(
            "options",
            "~ takes away one entry of the scenario",
            word,
            remedy="~scenario.shocks.NAME (or " + ", ".join(REMOVABLE[1:]) + ")",
        )
    return keys[1], keys[2]
