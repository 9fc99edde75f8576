"""The README's own commands and code run; CI uses the same lines."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.written import runs, shell_lines

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = shell_lines(README)


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("detente")])
def test_every_command_runs(line, tmp_path, monkeypatch, capsys):
    words = shlex.split(line)[1:]
    monkeypatch.chdir(ROOT if words[0] == "check" else tmp_path)
    if "parameters=PARAMETERS.yaml" in words:
        runs(next(ln for ln in SHELL if "output=PARAMETERS.yaml" in ln))
    if words[0] in ("explain", "report"):
        for made in (ln for ln in SHELL if f"output={words[1]}" in ln):
            runs(made)
        if len(words) > 2 and "=" not in words[2]:
            runs(next(ln for ln in SHELL if f"output={words[2]}" in ln))
    runs(line)
    assert capsys.readouterr().out


def test_the_two_commands_are_those_of_ci():
    first, second = (line for line in SHELL if line.startswith("python3 -m venv"))
    assert first.endswith(".venv/bin/detente run")
    assert second.endswith(".venv/bin/pytest")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    install = re.search(r"pip install .*? -e '\.\[dev\]'", second)
    assert install
    assert install.group().removeprefix("pip install -q") in ci.replace(
        'pip" install --quiet', "pip install -q"
    ).replace("pip install -q", "")


def test_the_python_example_runs(tmp_path, monkeypatch, capsys):
    code = re.search(r"```python\n(.*?)```", README, re.S)
    assert code
    monkeypatch.chdir(tmp_path)
    exec(code.group(1).replace("200", "20"), {})
    assert "probability" in capsys.readouterr().out
    assert Path("page.html").read_text().startswith("<!doctype html>")


def test_every_shipped_scenario_is_listed():
    for path in (ROOT / "scenarios").glob("*.yaml"):
        assert f"`{path.stem}`" in README


def test_the_lock_names_versions_alone():
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert "/" not in text.replace("; ", "")
    for name in ("mesa", "hydra-core", "numpy", "pydantic"):
        assert re.search(rf"^{name}==", text, re.M)
