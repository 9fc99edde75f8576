"""The documentation: built strictly, links checked, commands run, gallery as printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

import sim
from sim.commands import names
from sim.inputs.parameters import parameter_table
from sim.institutions import catalogue
from sim.law.acts import NAMES
from tests.conftest import Links
from tests.written import runs, shell_lines

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    p for p in DOCS.rglob("*.md") if "generated" not in p.parts and "_build" not in p.parts
)
WRITTEN = [p for p in PAGES if shell_lines(p.read_text(encoding="utf-8"))]
SCRIPTS = sorted((DOCS / "gallery").glob("[0-9]*.py"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The pages, as strict as can be: a warning is an error."""
    target = tmp_path_factory.mktemp("docs")
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-b",
            "html",
            "-d",
            str(target / "trees"),
            str(DOCS),
            str(target / "html"),
        ],
        capture_output=True,
        text=True,
        cwd=target,
    )
    assert told.returncode == 0, told.stderr[-3000:]
    assert not told.stderr.strip(), told.stderr[-3000:]
    return target / "html"


def test_the_pages_are_whole_and_every_link_leads_somewhere(built):
    """One test, because the pages are built once for it."""
    links_lead_somewhere_and_nothing_is_fetched(built)
    the_reference_is_whole(built)
    the_gallery_prints_what_stands_beside_it(built)


def links_lead_somewhere_and_nothing_is_fetched(built):
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in built.rglob("*.html")}
    assert len(pages) > 20
    for path, page in pages.items():
        for address in [*page.targets, *page.sources]:
            part = urlparse(address)
            if part.scheme or address.startswith("//"):
                assert address not in page.sources, f"{path.name} fetches {address}"
                continue
            target = (path.parent / unquote(part.path)).resolve() if part.path else path
            assert target.exists(), f"{path.relative_to(built)} points to {address}"
            if part.fragment and target.suffix == ".html":
                ids = pages[target].ids if target in pages else set()
                assert part.fragment in ids or part.fragment == "", f"{path.name}: {address}"


def the_reference_is_whole(built):
    def text(name):
        return (built / "reference" / f"{name}.html").read_text(encoding="utf-8")

    assert all(name in text("generated/acts") for name in NAMES)
    assert all(name in text("generated/parameters") for name in parameter_table())
    assert all(
        f"institutions.{name}.enabled" in text("generated/institutions") for name in catalogue()
    )
    assert all(f"detente {name}" in text("generated/commands") for name in names())
    for name in sim.__all__:
        if name != "__version__":
            assert name in text("python"), name


def the_gallery_prints_what_stands_beside_it(built):
    """The build runs every script of the gallery; its page shows what they print."""
    page = (DOCS / "gallery" / "generated" / "index.md").read_text(encoding="utf-8")
    assert (built / "gallery" / "generated" / "index.html").exists()
    printed = [text.rstrip() for text in re.findall(r"```text\n(.*?)```", page, re.S)]
    expected = [
        (script.parent / "expected" / f"{script.stem}.txt").read_text(encoding="utf-8").rstrip()
        for script in SCRIPTS
    ]
    assert printed == expected


def test_the_gallery_is_five():
    assert len(SCRIPTS) == 5
    assert {p.stem for p in (DOCS / "gallery" / "expected").glob("*.txt")} == {
        p.stem for p in SCRIPTS
    }


@pytest.mark.parametrize("page", WRITTEN, ids=lambda p: p.stem)
def test_the_commands_of_a_page_run_in_order(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for line in shell_lines(page.read_text(encoding="utf-8")):
        assert line.startswith("detente "), line
        runs(line)


def test_the_odd_is_complete():
    text = (DOCS / "explanation" / "odd.md").read_text(encoding="utf-8")
    for part in (
        "Purpose and patterns",
        "Entities, state variables, scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialization",
        "Input data",
        "Submodels",
        "Basic principles",
        "Emergence",
        "Adaptation",
        "objectives",
        "Learning",
        "prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ):
        assert part in text, part
