"""What the how-tos say that a contribution costs: each is one file or one row, and it works.

The code of four how-tos is put, word for word, into a copy of the project, and used there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow
PLACES = {
    "add_an_institution": "sim/institutions/summit.py",
    "add_a_figure": "sim/figures/run/acts_by_month.py",
    "add_a_format": "sim/event_data/formats/semicolons.py",
}
"""Where each how-to says that its file goes."""
USE = """
import sys
from pathlib import Path
import sim
from sim.commands import main
from sim.event_data.load import detected, load
for words in (["list", "acts"], ["list", "institutions"], ["list", "figures"], ["list", "formats"]):
    assert main(words) == 0
edits = {"summit": {"delay_days": 5.0}}
results = sim.simulate("after_the_rupture_2025", replicates=40, horizon_days=60, workers=1,
                       institutions=edits, all_events=True)
acts = set(results.to_pandas("events")["act"])
print("act in a run:", "cultural_boycott" in acts)
print("offers of the institution:", "summit" in results.summary["third_parties"])
print("title of the figure:", sim.plot(results, "acts_by_month").get_title(loc="left"))
page = sim.write_report(results, "page.html").read_text()
print("caption in the report:", "Acts between the pair, by month" in page)
print("act in words:", "summit host" in page)
file = Path("events.csv")
file.write_text("when;who;whom;cameo\\n2012-03-04;Peru;Mexico;112\\n2012-03-05;Mexico;Peru;036\\n")
print("format:", detected(file), len(load(file).day))
"""


def code_of(page):
    """The first block of Python of a how-to, and the file in which the page puts it."""
    text = (ROOT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)```", text, re.S)
    assert block
    return textwrap.dedent(block.group(1)), text


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the project with the four contributions."""
    place = tmp_path_factory.mktemp("copy")
    for name in ("sim", "configs", "scenarios", "seeds", "tests", "docs"):
        shutil.copytree(
            ROOT / name,
            place / name,
            ignore=shutil.ignore_patterns("__pycache__", "_data", "_build", "generated"),
        )
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, place)
    for page, file in PLACES.items():
        code, text = code_of(page)
        assert f"`{file}`" in text, f"{page} does not say where the file goes"
        (place / file).write_text(code, encoding="utf-8")
    table = place / "sim" / "law" / "acts.py"
    row = textwrap.indent(code_of("add_an_act")[0].strip(), "    ")
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("\n)\n# fmt: on", f"\n{row}\n)\n# fmt: on", 1), encoding="utf-8")
    return place


def run(copy, folder, *words):
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    environment.pop("DETENTE_DATA", None)
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
        timeout=300,
    )


def test_each_contribution_is_one_file_that_works_and_keeps_the_laws(copy, tmp_path):
    """One test, because the engine of the copy is compiled for it."""
    it_works(copy, tmp_path)
    it_keeps_the_laws(copy)


def it_works(copy, tmp_path):
    told = run(copy, tmp_path, "-c", USE)
    assert told.returncode == 0, told.stderr[-3000:]
    for line in (
        "cultural_boycott",
        "institutions.summit",
        "acts_by_month",
        "semicolons",
        "act in a run: True",
        "offers of the institution: True",
        "title of the figure: Acts between the pair",
        "caption in the report: True",
        "act in words: True",
        "format: semicolons 2",
    ):
        assert line in told.stdout, (line, told.stdout[-3000:])


def it_keeps_the_laws(copy):
    """The laws of institutions, figures, house and rulings of acts, found by listing."""
    told = run(
        copy,
        copy,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n0",
        "tests/institutions/test_laws.py",
        "tests/figures/test_figures.py",
        "tests/test_house.py",
        "tests/law",
        "tests/event_data",
        "-k",
        "Summit or not test_laws",
    )
    assert told.returncode == 0, told.stdout[-3000:]
