"""The README's own commands and code run; CI uses the same lines."""

from __future__ import annotations

import re
from pathlib import Path

from tests.written import runs, shell_lines

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = shell_lines(README)


def test_the_commands_run_in_order_in_one_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    commands = [line for line in SHELL if line.startswith("detente")]
    assert len(commands) > 6
    for line in commands:
        runs(line)
        assert capsys.readouterr().out, line


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
