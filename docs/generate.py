"""Pages of the reference, made from the program: acts, parameters, bodies, commands, gallery."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import runpy
import tempfile
from importlib import import_module
from pathlib import Path

from sim import commands
from sim.actions import ACTS
from sim.config import parameter_table
from sim.institutions import catalogue
from sim.protocol import NEEDS

HERE = Path(__file__).parent
GALLERY = HERE / "gallery"


def cell(text: object) -> str:
    """Text inside a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def table(columns: list[str], rows: list[list[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return "\n".join(lines + [f"| {' | '.join(map(cell, row))} |" for row in rows]) + "\n"


def acts() -> str:
    """The repertoire."""
    rows = [[f"`{a.name}`", a.act_class.name.lower(), f"{a.severity:+.1f}", a.rung or "–",
             a.speaker.name.lower(), "; ".join(NEEDS[n][1] for n in a.needs) or "–",
             ", ".join(w.replace("_", " ") for w in a.leads_to) or "–",
             ", ".join(a.cameo) or "–", a.plover or "–", a.source] for a in ACTS]
    return ("# Acts\n\nThe repertoire, made from `sim/actions.py`: one row an act. Severity is the "
            "project's own scale, −10 to 10, negative as the target feels it; rung is the step of "
            "the protocol ladder; an act is lawful where what it needs stands.\n\n" + table(
                ["act", "class", "severity", "rung", "speaker", "needs", "leads to", "CAMEO",
                 "PLOVER", "source"], rows))


def parameters() -> str:
    """Every number with its source."""
    groups: dict[str, list[list[object]]] = {}
    for p in parameter_table().values():
        groups.setdefault(p.name.split(".")[0], []).append(
            [f"`{p.name}`", f"{p.value:g}", p.unit, f"{p.low:g} to {p.high:g}",
             f"{p.prior:g}" if p.prior else "fixed", p.source])
    text = ("# Parameters\n\nMade from `seeds/parameters.yaml`. An ensemble draws each replicate's "
            "parameters from value and prior deviation, cut at the range, unless told "
            "`uncertainty=false`. The source says estimated (data, window, standard error), a "
            "citation, judged, or assumed.\n")
    for group, rows in groups.items():
        text += f"\n## {group}\n\n" + table(
            ["parameter", "value", "unit", "range", "prior deviation", "source"], rows)
    return text


def institutions() -> str:
    """Third parties with their settings."""
    text = "# Third parties\n\nMade from `sim/institutions/`: one file a body.\n"
    for name, kind in catalogue().items():
        rows = [[f"`institutions.{name}.{key}`", field.default]
                for key, field in kind.SETTINGS.model_fields.items()]
        text += f"\n## {kind.TITLE}\n\nSource: {kind.SOURCE}.\n\n" + table(
            ["setting", "default"], rows)
    return text


def command_line() -> str:
    """Every subcommand's own help."""
    text = "# Commands\n\nWhat `detente COMMAND --help` prints.\n"
    for name in commands.names():
        told = import_module(f"sim.commands.{name}").usage().strip()
        text += f"\n## detente {name}\n\n```text\n{told}\n```\n"
    text += f"\n## Exit status\n\n```text\n{commands.usage().split('exit status: ')[1]}\n```\n"
    return text


def scripts() -> list[Path]:
    """The gallery, in order."""
    return sorted(GALLERY.glob("[0-9]*.py"))


def run(script: Path, folder: Path) -> str:
    """Run a script of the gallery in a folder; what it prints."""
    held, before = io.StringIO(), Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(held):
            runpy.run_path(str(script), run_name="__main__")
    finally:
        os.chdir(before)
    return held.getvalue()


def gallery(place: Path) -> str:
    """Each script with what it printed and drew just now."""
    text = "# Gallery\n\nFive scripts; each was run while this page was made.\n"
    for script in scripts():
        with tempfile.TemporaryDirectory() as folder:
            printed = run(script, Path(folder))
            pictures = sorted(Path(folder).glob("*.svg"))
            for picture in pictures:
                (place / picture.name).write_bytes(picture.read_bytes())
        code = script.read_text(encoding="utf-8")
        title = (ast.get_docstring(ast.parse(code)) or script.stem).splitlines()[0]
        text += (f"\n## {title.rstrip('.')}\n\n```python\n{code.rstrip()}\n```\n\nIt prints:\n\n"
                 f"```text\n{printed.rstrip()}\n```\n")
        for picture in pictures:
            text += f"\n![Figure of {title.rstrip('.')}]({picture.name})\n"
    return text


def write(reference: Path, pictures: Path) -> None:
    """Write every generated page."""
    reference.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(parents=True, exist_ok=True)
    for name, make in (("acts", acts), ("parameters", parameters),
                       ("institutions", institutions), ("commands", command_line)):
        (reference / f"{name}.md").write_text(make(), encoding="utf-8")
    (pictures / "index.md").write_text(gallery(pictures), encoding="utf-8")
