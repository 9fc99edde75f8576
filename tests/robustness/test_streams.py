"""Terminals that are narrow, closed or full, and signals: no work is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.commands import BAD_INPUT, DONE, INTERRUPTED, main
from sim.commands._streams import Guarded
from sim.dashboard.server import Guard, host_of

pytestmark = pytest.mark.usefixtures("in_empty_folder")
QUICK = ["replicates=4", "horizon_days=5", "twin_replicates=0", "figures=false", "expect=false"]
RUN = ["run", *QUICK, "output=out"]


def command(words, how="", **environment):
    """A command in a process of its own, by a shell that redirects as ``how`` says."""
    line = f'"$0" -m sim.commands._start "$@" {how}'
    starter = "import sys; from sim.commands import main; sys.exit(main())"
    line = line.replace("-m sim.commands._start", f"-c '{starter}'")
    return subprocess.run(
        ["bash", "-c", line, sys.executable, *words],
        capture_output=True,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("page", ["cp1252", "ascii"])
def test_any_encoding(page):
    done = command(RUN, PYTHONIOENCODING=page)
    assert done.returncode == DONE, done.stderr
    assert b"Mexic" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(("how", "status"), [
    (">&-", DONE), (">&- 2>&-", DONE), (">/dev/full", BAD_INPUT), ("2>/dev/full", DONE),
    ("| head -1 >/dev/null", DONE),
])  # fmt: skip
def test_any_stream(how, status):
    done = command(RUN, how)
    assert done.returncode == status, done.stderr
    assert Path("out/summary.json").is_file(), "the work is not lost"
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    if status == BAD_INPUT:
        assert b"No space left on device" in done.stderr


def test_a_narrow_terminal():
    done = command(RUN, COLUMNS="40")
    assert done.returncode == DONE
    assert max(map(len, done.stdout.decode().splitlines())) <= 60


def test_no_home(tmp_path):
    done = command(RUN, HOME="/nonexistent", XDG_CACHE_HOME="/nonexistent")
    assert done.returncode == DONE, done.stderr
    assert b"Traceback" not in done.stderr


def test_an_interrupted_run_goes_on(tmp_path):
    words = ["run", "scenario=quiet_neighbours", "replicates=4000", "twin_replicates=0",
             "figures=false", "expect=false", "block_elements=4000", "output=out"]  # fmt: skip
    starter = "import sys; from sim.commands import main; sys.exit(main())"
    with subprocess.Popen([sys.executable, "-c", starter, *words], stderr=subprocess.PIPE) as job:
        time.sleep(6)
        job.send_signal(signal.SIGTERM)
        told = job.communicate(timeout=120)[1].decode()
    if job.returncode == DONE:
        pytest.skip("this machine is done before it can be interrupted")
    assert job.returncode == INTERRUPTED, told
    assert "Traceback" not in told
    assert not Path("out").exists()


def test_a_stream_that_fails_is_left_alone():
    class Full:
        def write(self, text):
            raise OSError(28, "No space left on device")

    stream = Guarded(Full())
    assert stream.write("a") == 1
    assert stream.write("b") == 1
    assert stream.fault is not None


def test_a_link_and_an_empty_folder_are_used(tmp_path):
    Path("real").mkdir()
    Path("link").symlink_to("real")
    assert main(["run", *QUICK, "output=link"]) == DONE
    assert json.loads(Path("real/MANIFEST.json").read_text())["sha256"]
    assert Path("link").is_symlink()
    assert main(["plot", "link", "output=real"]) == BAD_INPUT, "it is filled"


def test_an_output_is_never_overwritten(capsys):
    Path("mine.yaml").write_text("precious")
    assert main(["calibrate", "data=x.csv", "output=mine.yaml"]) == BAD_INPUT
    assert main(["run", *QUICK, "output=mine.yaml"]) == BAD_INPUT
    assert main(["run", *QUICK, "output=r"]) == DONE
    Path("page.html").write_text("precious")
    assert main(["report", "r", "output=page"]) == BAD_INPUT
    assert main(["explain", "r", "output=mine.yaml"]) == BAD_INPUT
    assert main(["plot", "r", "output=mine.yaml"]) == BAD_INPUT
    Path("nowhere").symlink_to("gone")
    assert main(["run", *QUICK, "output=nowhere"]) == BAD_INPUT
    assert Path("mine.yaml").read_text() == Path("page.html").read_text() == "precious"


def test_formulas_and_control_characters_reach_no_table(capsys):
    from sim.results.text_cells import markdown_text, spreadsheet_text

    for text in ("=1+1", "+cmd", "@x", "-2+3", "\tx"):
        assert spreadsheet_text(text).startswith("'"), text
    for text in ("-2", "+0.5", "1e-3", "plain", ""):
        assert spreadsheet_text(text) == text
    assert "\x1b" not in spreadsheet_text("a\x1b[2J") + markdown_text("a\x1b[2J")


# ---- the dashboard's server -----------------------------------------------------------------
@pytest.mark.parametrize(("host", "origin", "refused"), [
    ("127.0.0.1:8765", None, False), ("localhost:8765", None, False), ("[::1]:8765", None, False),
    ("127.0.0.1:8765", "http://127.0.0.1:8765", False), ("evil.example", None, True),
    ("127.0.0.1.evil.example:8765", None, True), ("", None, True),
    ("127.0.0.1:8765", "http://evil.example", True), ("127.0.0.1:8765", "null", True),
    ("127.0.0.1:8765", "http://127.0.0.1:9999", True), ("localhost:8765", "http://[::1", True),
])  # fmt: skip
def test_host_and_origin_are_checked(host, origin, refused):
    headers = {"host": host} | ({"origin": origin} if origin is not None else {})
    assert Guard(None, "127.0.0.1").refused(headers) == refused


def test_a_host_without_its_port():
    assert host_of("Example.ORG:80") == "example.org"
    assert host_of("[::1]:80") == "::1"
