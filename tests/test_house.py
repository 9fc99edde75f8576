"""Who may import whom, how long files and functions may be, no randomness but the streams."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SIM = ROOT / "sim"

# layers, lowest first; a module may import from its own layer's earlier names and from below
LAYERS = [
    ("words", ["errors", "notebook", "codebook", "home", "folder", "yaml_lines", "streams",
               "actions", "protocol", "config"]),
    ("inputs", ["gazetteer", "readers", "history", "events", "intake", "dyads",
                "scenario", "world"]),
    ("rules", ["rules"]),
    ("agents", ["acts", "tempo", "country", "institutions"]),
    ("estimation", ["tape", "unfolding", "likelihood", "posterior", "estimation", "parameter_file",
                    "survival"]),
    ("engine", ["passage", "log", "enactment", "diary", "reasons", "mending", "docket",
                "chronicle", "model",
                "spec", "provenance", "executors", "tasks", "theatre", "experiment", "paths",
                "reading", "measures", "outcome", "expectations", "summary", "tables", "results",
                "study", "retelling", "account", "story",
                "points", "effects", "sweep", "sweep_tables", "ci", "against",
                "space", "sensitivity", "discovery",
                "scoring", "baselines", "forecasts", "skill", "aftermath", "facts", "neutral",
                "turns", "evidence", "comparison", "folders"]),
    ("faces", ["figures", "report_run", "report_skill", "report", "dashboard", "commands"]),
]
RANK = {name: (layer, place) for layer, (_, names) in enumerate(LAYERS)
        for place, name in enumerate(names)}
FILES = sorted(SIM.rglob("*.py"))


def module_of(path: Path) -> str:
    return path.relative_to(SIM).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Modules of sim that a file imports when it runs; names for type checkers do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node) for guard in ast.walk(tree) if isinstance(guard, ast.If)
               and ast.unparse(guard.test) == "TYPE_CHECKING" for node in ast.walk(guard)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim"):
            parts = (node.module or "").split(".")
            found |= {parts[1]} if len(parts) > 1 else {a.name for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("sim.")}
    return found & set(RANK)


def test_every_module_has_its_layer():
    modules = {module_of(path) for path in FILES} - {"__init__", "_data"}
    assert modules == set(RANK)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SIM)))
def test_no_import_back_up(path):
    own = module_of(path)
    if own == "__init__":
        return
    for other in imports(path) - {own}:
        assert RANK[other] < RANK[own], f"{own} imports {other}"


@pytest.mark.parametrize("path", sorted((SIM / "rules").glob("*.py")), ids=lambda p: p.stem)
def test_rules_know_nothing_but_numpy_and_words(path):
    assert imports(path) <= {"actions", "codebook", "protocol", "rules"}


def test_hydra_and_rich_live_in_commands_alone():
    for path in FILES:
        if "commands" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert "import hydra" not in text, path
            assert "from rich" not in text, path


def test_files_are_short():
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in FILES]
    assert statistics.median(lengths) < 150
    assert max(lengths) <= 300


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SIM)))
def test_functions_are_short(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SIM)))
def test_no_global_randomness(path):
    text = path.read_text(encoding="utf-8")
    for word in ("model.random", "np.random.seed", "default_rng", "import random", "shuffle_do",
                 "plt.show", "import *", "pyplot"):
        assert word not in text
    if path.name != "streams.py":
        assert "np.random" not in text


def test_every_parameter_is_used_and_every_used_one_exists():
    from sim.config import Parameters

    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    for name in Parameters():
        group, key = name.split(".")
        assert name in text or f'"{key}"' in text or f"{group}.{{" in text, name


def test_the_public_face_is_small():
    import sim

    assert len(sim.__all__) <= 12
    for name in sim.__all__:
        assert getattr(sim, name) is not None
