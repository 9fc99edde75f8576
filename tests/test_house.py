"""Which package may import which, how long files and functions may be, and other house rules."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SIM = ROOT / "sim"
EVERYWHERE = ("errors", "streams", "language")
"""Modules that every package may import."""
TABLE = {
    "law": "",
    "inputs": "law",
    "rules": "law",
    "world": "law inputs rules",
    "institutions": "law inputs rules world",
    "engine": "law inputs rules world institutions",
    "ensemble": "law inputs rules world institutions engine",
    "outcomes": "law inputs rules world institutions ensemble",
    "results": "law inputs rules world institutions ensemble outcomes",
    "studies": "law inputs world institutions ensemble outcomes results",
    "explanation": "law inputs world institutions engine ensemble outcomes results",
    "event_data": "law inputs",
    "estimation": "law inputs rules event_data",
    "evaluation": "law inputs rules world institutions engine ensemble outcomes results event_data "
    "estimation",
    "figures": "law outcomes results studies",
    "report": "law inputs world ensemble outcomes results studies explanation evaluation figures",
    "dashboard": "law inputs world institutions engine ensemble outcomes explanation figures",
    "commands": "law inputs rules world institutions ensemble outcomes results studies explanation "
    "event_data estimation evaluation figures report dashboard",
}
"""Package: packages that it may import, in any way: lazily and for types too."""
FILES = sorted(path for path in SIM.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = ("sim", *path.relative_to(SIM).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in FILES}


def imports(path: Path) -> set[str]:
    """Modules of sim that a file imports anywhere: at the top, in a function, for types alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            found |= {
                name if name in MODULES else str(node.module)
                for name in (f"{node.module}.{item.name}" for item in node.names)
            }
        elif isinstance(node, ast.Import):
            found |= {item.name for item in node.names if item.name.split(".")[0] == "sim"}
    return found


def package_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Nodes that can reach themselves."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        todo = list(graph[start])
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += graph.get(node, ())
        return seen

    return sorted(node for node in graph if node in reached(node))


def test_the_top_of_the_package_is_small():
    entries = {
        path.name for path in SIM.iterdir() if path.name not in ("__pycache__", "_data", "locale")
    }
    assert len(entries) <= 23
    packages = {path.name for path in SIM.iterdir() if (path / "__init__.py").exists()}
    assert packages == set(TABLE)
    assert len(TABLE) <= 20


@pytest.mark.parametrize("package", TABLE)
def test_a_package_imports_what_the_table_allows(package):
    allowed = {package, *TABLE[package].split(), *EVERYWHERE}
    for path in (SIM / package).rglob("*.py"):
        other = {package_of(module) for module in imports(path)} - allowed
        assert not other, f"{path.relative_to(SIM)} imports {sorted(other)}"


def test_the_table_names_no_import_that_nobody_makes():
    for package, row in TABLE.items():
        made = {
            package_of(module) for path in (SIM / package).rglob("*.py") for module in imports(path)
        }
        assert set(row.split()) <= made, f"{package}: {set(row.split()) - made}"


@pytest.mark.parametrize("module", EVERYWHERE)
def test_what_everybody_imports_imports_nothing(module):
    assert not imports(SIM / f"{module}.py")


def test_no_circle_of_packages_and_none_of_modules():
    modules = {
        name: imports(path) & set(MODULES) - {name}
        for name, path in MODULES.items()
        if name != "sim"
    }  # the public face imports what it hands out; nobody imports it
    assert all("sim" not in row for row in modules.values())
    assert not circles(modules)
    assert not circles({name: set(row.split()) for name, row in TABLE.items()})


def test_a_circle_would_be_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]


def test_the_docstring_of_the_package_lists_the_table_in_order():
    import sim

    listed = re.findall(r"^    (\w+)  +\S", sim.__doc__ or "", re.M)
    assert listed == list(TABLE)
    for place, package in enumerate(listed):
        assert set(TABLE[package].split()) <= set(listed[:place]), package


def test_hydra_and_rich_live_in_commands_alone():
    for path in FILES:
        if path.relative_to(SIM).parts[0] != "commands":
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            names = {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)} | {
                item.name for n in nodes if isinstance(n, ast.Import) for item in n.names
            }
            assert not {name.split(".")[0] for name in names} & {"hydra", "omegaconf", "rich"}, path


def test_what_people_add_is_named_nowhere_else():
    """Institutions, formats and figures are found by listing: no code elsewhere has their names."""
    folders = [SIM / "institutions", SIM / "event_data" / "formats", SIM / "figures"]
    stems = {p.stem for folder in folders for p in folder.rglob("[!_]*.py")} - {"base"}
    # words of the language or of the field that are names of figures and formats too
    stems -= {"skill", "profiles", "indices", "line", "levels", "region", "network", "detente"}
    stems -= {"excitation", "convergence", "restoration", "reliability", "tornado", "trust"}
    stems -= {"protecting_power"}  # a key of the lines of a crisis
    assert {"oas", "icews", "path_tree"} <= stems
    for path in FILES:
        if any(folder in path.parents for folder in folders):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        text = {
            node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }  # docstrings may give examples
        words = {
            word
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if node.value not in text
            for word in re.findall(r"[a-z_]+", node.value)
        }
        assert not words & stems, f"{path.relative_to(SIM)} names {sorted(words & stems)}"


def test_the_tests_mirror_the_packages():
    folders = {p.parent.name for p in (ROOT / "tests").glob("*/__init__.py")}
    assert folders - {"robustness"} == set(TABLE)


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
    for word in (
        "model.random",
        "np.random.seed",
        "default_rng",
        "import random",
        "shuffle_do",
        "plt.show",
        "import *",
        "pyplot",
    ):
        assert word not in text
    if path.name != "streams.py":
        assert "np.random" not in text
        assert "from numpy.random" not in text


def test_the_public_face_is_small():
    import sim

    assert len(sim.__all__) <= 12
    for name in sim.__all__:
        assert getattr(sim, name) is not None


@pytest.mark.parametrize("path", sorted(SIM.rglob("*.py")), ids=lambda p: str(p.relative_to(SIM)))
def test_docstrings_name_the_axes_of_arrays(path):
    """Every public function that takes or gives arrays says ``[axes]`` in its docstring."""

    def functions(body):
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield from functions(node.body)
            elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node

    for node in functions(ast.parse(path.read_text(encoding="utf-8")).body):
        arguments = [a.annotation for a in [*node.args.args, *node.args.kwonlyargs]]
        written = " ".join(ast.unparse(a) for a in [*arguments, node.returns] if a)
        if re.search(r"\b(NDArray|Floats|Ints|Bools)\b", written):
            assert "[" in (ast.get_docstring(node) or ""), f"{path.name}: {node.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SIM)))
def test_docstrings_name_what_is_there(path):
    """Sections "Parameters" and "Attributes" of a docstring have names that the code has too."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef):
            continue
        held = set(re.findall(r"\w+", ast.unparse(ast.Module([*node.body[1:]], []))))
        if isinstance(node, ast.FunctionDef):
            held |= set(re.findall(r"\w+", ast.unparse(node.args)))
        doc = ast.get_docstring(node) or ""
        for section in re.findall(
            r"^(?:Parameters|Attributes)\n-+\n(.*?)(?:\n\n|\Z)", doc, re.S | re.M
        ):
            for row in re.findall(r"^(\w[\w, ]*)$", section, re.M):
                names = set(re.findall(r"\w+", row))
                assert names <= held, f"{node.name}: {sorted(names - held)}"


def test_every_module_that_the_documentation_names_exists():
    """Except in how-tos, which name files that the reader writes."""
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "sim").rglob("*.py")}
    pages = [*(ROOT / "docs" / "explanation").glob("*.md"), ROOT / "README.md"]
    named = {
        (page.name, word)
        for page in pages
        for word in re.findall(r"`((?:\w+/)+\w+\.py)`", page.read_text(encoding="utf-8"))
    }
    assert len(named) > 10
    for page, word in named:
        held = {word, f"sim/{word}"} & modules or (ROOT / word).exists()
        assert held, f"{page} names {word}"
