"""Pages generated from the program: acts, parameters, third parties, commands, gallery."""

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
from sim.inputs.parameters import parameter_table
from sim.institutions import catalogue
from sim.law.acts import ACTS
from sim.law.ladder import NEEDS

HERE = Path(__file__).parent
GALLERY = HERE / "gallery"


def cell(text: object) -> str:
    """Text, escaped for a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def table(columns: list[str], rows: list[list[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return "\n".join(lines + [f"| {' | '.join(map(cell, row))} |" for row in rows]) + "\n"


def acts() -> str:
    """The page of acts, as Markdown."""
    rows = [
        [
            f"`{a.name}`",
            a.act_class.name.lower(),
            f"{a.severity:+.1f}",
            a.rung or "–",
            a.speaker.name.lower(),
            "; ".join(NEEDS[n][1] for n in a.needs) or "–",
            ", ".join(w.replace("_", " ") for w in a.leads_to) or "–",
            ", ".join(a.cameo) or "–",
            a.plover or "–",
            a.source,
        ]
        for a in ACTS
    ]
    return (
        "# Acts\n\nThe repertoire, made from `sim/law/acts.py`: one row an act. Severity is "
        "the project's own scale, −10 to 10, negative as the target feels it; rung is the step "
        "of the protocol ladder; an act is lawful where what it needs stands.\n\n"
        + table(
            [
                "act",
                "class",
                "severity",
                "rung",
                "speaker",
                "needs",
                "leads to",
                "CAMEO",
                "PLOVER",
                "source",
            ],
            rows,
        )
    )


def parameters() -> str:
    """The page of parameters, as Markdown: every number with its source."""
    groups: dict[str, list[list[object]]] = {}
    for p in parameter_table().values():
        groups.setdefault(p.name.split(".")[0], []).append(
            [
                f"`{p.name}`",
                f"{p.value:g}",
                p.unit,
                f"{p.low:g} to {p.high:g}",
                f"{p.prior:g}" if p.prior else "fixed",
                p.source,
            ]
        )
    text = (
        "# Parameters\n\nMade from `seeds/parameters.yaml`. Each replicate draws its own "
        "parameters: normal around the value with the prior deviation, cut off at two "
        "deviations and at the range. `uncertainty=false` turns this off. A source is "
        "estimated (with data, window and standard error), literature (with the citation), "
        "judged, or assumed.\n"
    )
    for group, rows in groups.items():
        text += f"\n## {group}\n\n" + table(
            ["parameter", "value", "unit", "range", "prior deviation", "source"], rows
        )
    return text


def institutions() -> str:
    """The page of third parties with their settings, as Markdown."""
    text = "# Third parties\n\nMade from `sim/institutions/`: one file per third party.\n"
    for name, kind in catalogue().items():
        rows = [
            [f"`institutions.{name}.{key}`", field.default]
            for key, field in kind.SETTINGS.model_fields.items()
        ]
        text += f"\n## {kind.TITLE}\n\nSource: {kind.SOURCE}.\n\n" + table(
            ["setting", "default"], rows
        )
    return text


def command_line() -> str:
    """The page of commands, as Markdown: the help of every subcommand."""
    text = "# Commands\n\nWhat `detente COMMAND --help` prints.\n"
    for name in commands.names():
        told = import_module(f"sim.commands.{name}").usage().strip()
        text += f"\n## detente {name}\n\n```text\n{told}\n```\n"
    text += f"\n## Exit status\n\n```text\n{commands.usage().split('exit status: ')[1]}\n```\n"
    return text


def scripts() -> list[Path]:
    """The scripts of the gallery, in order."""
    return sorted(GALLERY.glob("[0-9]*.py"))


def run(script: Path, folder: Path) -> str:
    """Run a script of the gallery in a folder and return what it prints."""
    held, before = io.StringIO(), Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(held):
            runpy.run_path(str(script), run_name="__main__")
    finally:
        os.chdir(before)
    return held.getvalue()


def gallery(place: Path) -> str:
    """The page of the gallery, as Markdown; runs each script and copies its figures."""
    text = "# Gallery\n\nEach of these five scripts was run when this page was built.\n"
    for script in scripts():
        with tempfile.TemporaryDirectory() as folder:
            printed = run(script, Path(folder))
            pictures = sorted(Path(folder).glob("*.svg"))
            for picture in pictures:
                (place / picture.name).write_bytes(picture.read_bytes())
        code = script.read_text(encoding="utf-8")
        title = (ast.get_docstring(ast.parse(code)) or script.stem).splitlines()[0]
        text += (
            f"\n## {title.rstrip('.')}\n\n```python\n{code.rstrip()}\n```\n\nIt prints:\n\n"
            f"```text\n{printed.rstrip()}\n```\n"
        )
        for picture in pictures:
            text += f"\n![Figure of {title.rstrip('.')}]({picture.name})\n"
    return text


STUDIES = (
    "run replicates=120 twin_replicates=20 figures=false expect=false output=crisis",
    "compare what_ifs=[asylum_refused,safe_conduct_at_once,oas_never] replicates=120 worlds=0 "
    "figures=false output=changes",
    "sensitivity design=lhs samples=24 replicates=2 horizon_days=60 "
    "over=[trust.kappa,trust.negativity,trust.betrayal] "
    "outcome=trust_PER_MEX_at_60 figures=false output=drivers",
    "run -m parameters.trust.kappa=0.02,0.06 parameters.trust.negativity=1,3 replicates=20 "
    "horizon_days=60 outcome=trust_PER_MEX_at_60 figures=false expect=false output=grid",
    "run -m parameters.trust.kappa=0.02,0.04,0.06 replicates=20 horizon_days=60 "
    "outcome=trust_PER_MEX_at_60 figures=false expect=false output=line",
    "hinge replicates=30 from=2022-12-01 figures=false output=hinge",
    "bulletin replicates=120 figures=false output=region",
    "assumptions over=[asylum.*] replicates=10 horizon_days=120 outcome=asylee_left figures=false "
    "output=assumed",
)
"""Commands that make the results of which the page of figures draws every figure."""
NEED_DATA = ("backtest", "calibrate")
"""Kinds of results that need event data, which are not in the repository."""


def figures(place: Path) -> str:
    """The page of figures, as Markdown: every figure with the commands that make it."""
    from sim.figures import KINDS, catalogue
    from sim.studies.load import read

    text = (
        "# Figures\n\nEach figure below was drawn when this page was built, by the command above "
    )
    text += "it.\n"
    text += "Small runs: the numbers are examples.\n"
    shown: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):
        for line in STUDIES:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                assert commands.main(line.split()) == 0, line
            folder = line.rpartition("output=")[2]
            results, kind = read(Path(folder))
            text += f"\n## {kind}: `{folder}`\n\n```text\ndetente {line}\n```\n"
            for name in catalogue(kind, results):
                if (kind, name) not in shown:
                    shown.add((kind, name))
                    told = f"plot {folder} figure={name} format=png output={kind}_{name}"
                    with contextlib.redirect_stdout(io.StringIO()):
                        assert commands.main(told.split()) == 0, told
                    picture = Path(f"{kind}_{name}.png")
                    (place / picture.name).write_bytes(picture.read_bytes())
                    text += f"\n```text\ndetente {told}\n```\n\n![{kind}: {name}]({picture.name})\n"
    every = {(kind, name) for kind in KINDS if kind not in NEED_DATA for name in catalogue(kind)}
    assert shown == every, every - shown
    names = [f"`{name}` ({kind})" for kind in NEED_DATA for name in catalogue(kind)]
    return (
        text + f"\nFigures of your own event data, which are not drawn here: {', '.join(names)}.\n"
    )


def write(reference: Path, pictures: Path) -> None:
    """Write the reference pages to ``reference`` and the gallery to ``pictures``."""
    reference.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(parents=True, exist_ok=True)
    for name, make in (
        ("acts", acts),
        ("parameters", parameters),
        ("institutions", institutions),
        ("commands", command_line),
    ):
        (reference / f"{name}.md").write_text(make(), encoding="utf-8")
    (pictures / "index.md").write_text(gallery(pictures), encoding="utf-8")
    (pictures / "figures.md").write_text(figures(pictures), encoding="utf-8")
