"""Watch a crisis day by day in a browser: Mesa's SolaraViz page, with and without a what-if.

usage: detente dashboard [key=value ...]
       detente dashboard scenario=after_the_rupture_2025 what_if=oas_week_1 port=8800

Needs the extra: pip install '.[dashboard]'. No network is needed; Ctrl-C ends it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import IO, Any

from sim.commands import DONE, FAULT
from sim.errors import InputError, require

PATIENCE = 60.0
"""Seconds to wait for an answer of the server."""
MOST = 2000
"""Most replicates of a page; with more, a step takes too long."""


def usage() -> str:
    """What ``--help`` prints."""
    from sim.commands._hydra.plain import usage_of

    return usage_of("dashboard", __doc__)


def main(args: list[str]) -> int:
    """Check the settings, start the server, print its address, and wait for Ctrl-C."""
    from sim.commands._hydra.plain import settings_of

    config = settings_of("dashboard", args)
    if config is None:
        return DONE
    handed = checked(config)
    for module in ("solara", "ipyvuetify"):
        require(module, "dashboard", "dashboard")
    host, port = str(config["host"]), free_port(str(config["host"]), config["port"])
    # ended by a service manager or by Ctrl-C alike: the server does not outlive this process
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryFile("w+") as told:
        server = started(host, port, handed, told)
        try:
            return watched(server, host, port, bool(config["open"]), told)
        finally:
            server.terminate()
            server.wait()


def checked(config: dict[str, Any]) -> dict[str, Any]:
    """The settings for the page, checked here so that errors appear on the terminal.

    Raises
    ------
    InputError
        On a bad setting.
    """
    from sim.commands._hydra.plain import whole_of
    from sim.dashboard import HANDED
    from sim.inputs.scenario_file import load, shipped

    name = str(config["scenario"])
    load(name, config["what_if"])
    if whole_of(config, "replicates", 2) > MOST:
        raise InputError(
            "replicates",
            f"must be at most {MOST}",
            config["replicates"],
            remedy="for more, `detente run`",
        )
    whole_of(config, "seed")
    if not isinstance(config["open"], bool):
        raise InputError("open", "must be true or false", config["open"])
    return {
        "scenario": name if name in shipped() else str(Path(name).resolve()),
        **{key: config[key] for key in HANDED[1:]},
    }


def free_port(host: str, port: Any) -> int:
    """The port, checked to be free; any free port if 0 is given.

    Raises
    ------
    InputError
        If the port is busy, or the host is not an address of this machine.
    """
    if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= 65535:
        raise InputError("port", "must be a number from 0 to 65535", port)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except OSError as error:
        raise InputError(
            "host", "must be a host name or an address", host, remedy="host=127.0.0.1"
        ) from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(
                "host, port",
                "must be free to listen on",
                f"{host}:{port}, {error.strerror}",
                remedy="choose another with port=…, or port=0 for any; host is an "
                "address of this machine",
            ) from error
        return int(probe.getsockname()[1])


def started(host: str, port: int, handed: dict[str, Any], told: IO[str]) -> subprocess.Popen[str]:
    """Solara's server in a process of its own; its output goes to ``told``."""
    from sim.dashboard import GIVEN

    words = ["-m", "sim.dashboard.server", host, str(port), str(os.getpid())]
    return subprocess.Popen(
        [sys.executable, *words],
        env={**os.environ, GIVEN: json.dumps(handed)},
        stdout=told,
        stderr=subprocess.STDOUT,
        text=True,
    )


def watched(server: subprocess.Popen[str], host: str, port: int, show: bool, told: IO[str]) -> int:
    """Wait for the server, print its address, wait until it ends; return the exit status."""
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{port}/"
    begun = time.monotonic()
    while not _answers(address):
        if server.poll() is not None or time.monotonic() - begun > PATIENCE:
            told.seek(0)
            print(told.read()[-3000:], file=sys.stderr)
            print(
                "detente dashboard: the server did not start; its output is above", file=sys.stderr
            )
            return FAULT
        time.sleep(0.05)
    print(f"dashboard: {address}   (Ctrl-C ends it)", flush=True)
    from sim.dashboard.server import LOOPBACK

    if host not in LOOPBACK:
        print("note: anyone who can reach this address can use the page", file=sys.stderr)
    if show and not _opened(address):
        print("note: no browser was found; open the address yourself", file=sys.stderr)
    try:
        return DONE if server.wait() == 0 else FAULT
    except KeyboardInterrupt:
        return DONE  # Ctrl-C is the normal end of a server


def _answers(address: str) -> bool:
    try:
        # a proxy of the environment must not handle a request to this machine
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{address}readyz", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _opened(address: str) -> bool:
    """Whether a browser took the address."""
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
