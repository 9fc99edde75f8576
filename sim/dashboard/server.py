"""The server of the page, in a process of its own: ``python -m sim.dashboard.server HOST PORT``.

It answers requests that name this server as their host, and WebSockets that a page of its own
opens: another web page in the same browser can neither read it nor act on it. It ends with the
process that started it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")
SETTINGS = {
    "SOLARA_APP": "sim.dashboard.page",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30s",  # memory of a closed page is given back after this
    "SOLARA_KERNEL_MAX_COUNT": "20",
}
"""Solara's settings, as environment variables: no network, bounded memory."""
Scope = dict[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


def host_of(value: str) -> str:
    """The host of a Host or Origin header, in small letters and without its port.

    Empty if there is none.
    """
    address = value if "://" in value else f"//{value}"
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


class Guard:
    """An application that refuses foreign Host and Origin headers, before another one.

    Parameters
    ----------
    app
        The other application.
    host
        Address that the server listens on. If it is every address of the machine, the Origin must
        still name the same host as the request.
    """

    def __init__(self, app: App, host: str) -> None:
        self.app = app
        self.known = LOOPBACK if host in LOOPBACK else () if host in EVERYWHERE else (host.lower(),)

    def refused(self, headers: dict[str, str]) -> bool:
        """True if the headers of a request are not those of a page of this server."""
        host = host_of(headers.get("host", ""))
        if not host or (self.known and host not in self.known):
            return True
        origin = headers.get("origin")
        return origin is not None and _place(origin) != _place(headers["host"])

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or refuse it with status 403."""
        if scope["type"] in ("http", "websocket"):
            headers = {
                k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]
            }
            if self.refused(headers):
                await _refuse(scope, send)
                return
        await self.app(scope, receive, send)


def _place(value: str) -> tuple[str, int | None]:
    """Host and port of a Host or Origin header; the port is None if it is not given."""
    address = value if "://" in value else f"//{value}"
    try:
        return host_of(value), urlsplit(address).port
    except ValueError:
        return "", None


async def _refuse(scope: Scope, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    start = {"type": "http.response.start", "status": 403}
    await send({**start, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"this server answers its own pages only"})


def end_with(parent: int) -> None:
    """End this process once its parent is another one than ``parent``: that one has ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    """Serve the page until the process is ended."""
    host, port, parent = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    end_with(parent)
    os.environ.update(SETTINGS)
    import uvicorn
    from solara.server.starlette import app

    uvicorn.run(Guard(app, host), host=host, port=port, log_level="warning")


if __name__ == "__main__":
    main()
