"""Commands that stand in the README and in the documentation, made quick enough for tests."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from sim.commands import DONE, UNMET, main
from tests.synthetic import as_csv, synthetic

EVENTS = "data=events.csv"
FAST = ["figures=false", "workers=1"]
QUICK = {
    "run": ["replicates=30", "twin_replicates=2", "expect=false", *FAST],
    "compare": ["replicates=6", "worlds=0", *FAST],
    "sensitivity": ["samples=4", "replicates=1", *FAST],
    "calibrate": ["profiles=false", "bootstrap=20"],
    "backtest": ["replicates=4", "record=false", *FAST],
    "validate": ["replicates=2"],
    "policies": ["replicates=2", "workers=1"],
    "ask": ["replicates=40", "workers=1"],
    "hinge": ["replicates=4", "from=2024-01-01", *FAST],
    "bulletin": ["replicates=20", *FAST],
    "assumptions": ["replicates=2", "over=[answers.*]", *FAST],
    "recommend": ["replicates=10", "screen=10", "days=[1]", "workers=1"],
}
SWEPT = ["replicates=4", "horizon_days=20"]
"""Of sweeps: many points, each of them small."""
SHORT = {
    "run": ["horizon_days=120"],
    "compare": ["horizon_days=120", "outcome=severed_at_120"],
    "sensitivity": ["horizon_days=120", "outcome=severed_at_120"],
}
"""Of commands that do not name an outcome, which may need a whole year."""


def shell_lines(text: str) -> list[str]:
    """Lines of every ``sh`` block of a Markdown text, blocks inside lists too."""
    blocks = re.findall(r"^( *)```sh\n(.*?)^ *```", text, re.S | re.M)
    return [line.strip() for _, block in blocks for line in block.strip().splitlines()]


def quickened(line: str) -> list[str]:
    """The words of a command, with sizes at which it takes little time."""
    words = shlex.split(line)[1:]
    named = any(word.startswith(("outcome=", "experiment=")) for word in words)
    small = [
        *QUICK.get(words[0], []),
        *([] if named else SHORT.get(words[0], [])),
        *(SWEPT if "-m" in words or any(w.startswith("experiment=") for w in words) else []),
    ]
    last = {word.split("=")[0]: word for word in small}
    return [w for w in words if w.split("=")[0] not in last] + list(last.values())


def runs(line: str) -> None:
    """Run a command in this folder; it must be done, or, of validate, say which facts are out."""
    words = quickened(line)
    if EVENTS in words and not Path("events.csv").exists():
        # the engine's own events, made here: nobody else's
        as_csv(synthetic(seed=3, states=6, days=1200)[0], Path("events.csv"))
    assert main(words) in ((DONE, UNMET) if words[0] == "validate" else (DONE,)), line
