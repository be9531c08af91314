"""Runs the server: listens, stops on a signal, and stores every game before it ends."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Final, cast

import hypercorn.asyncio
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework
from quart import Quart

from game.app import build_app
from game.hypercorn_patches import apply_patches
from game.lifespan import open_services
from game.logs import configure_logging
from game.services import EXTENSION, Services
from game.settings import Settings, show_value

_BACKLOG: Final = 1024
# How long a thread that computes may hold up the others. The event loop waits for it after each system call. With
# Python's 5 ms, an upload that is being read would hold up every game.
_SWITCH_SECONDS: Final = 0.0005
_LARGEST_MESSAGE: Final = 64 * 1024  # bytes; the play socket itself refuses smaller ones and says why
_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104


class CannotListen(Exception):
    """The server cannot listen on the address. The message says why."""


async def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT, then end all games. Return how many of them could not be stored.

    Raises:
        CannotListen: if the address is in use, or not an address of this machine.
        Exception: what `game.lifespan.open_services` raises.
    """
    configure_logging()
    sys.setswitchinterval(_SWITCH_SECONDS)
    listener = _listen(settings.host, settings.port)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # Opened here and not in the application's lifespan: there, a failed start is buried under tracebacks, and the
    # store is closed while the last handlers still write to it.
    async with open_services(settings) as services:
        app = build_app(settings)
        app.extensions[EXTENSION] = services
        await _run(app, services, listener, settings.host, stop)
    return services.games.not_stored


async def serve_app(app: Quart, listener: socket.socket, shutdown_trigger: Callable[[], Awaitable[None]]) -> None:
    """Serve ``app`` on ``listener``, which is taken over, until ``shutdown_trigger`` returns.

    The trigger is first called when the server is ready to answer. This is how every server of ours runs, those of
    the tests too: Hypercorn with its patches and its limits.
    """
    apply_patches()
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.errorlog = logging.getLogger("hypercorn.error")  # as it is: Hypercorn's own handler has another format
    config.include_server_header = False
    config.websocket_max_message_size = _LARGEST_MESSAGE
    await hypercorn.asyncio.serve(cast("ASGIFramework", app), config, shutdown_trigger=shutdown_trigger)


async def _run(app: Quart, services: Services, listener: socket.socket, host: str, stop: asyncio.Event) -> None:
    address = _format_address(host, listener.getsockname()[1])

    async def wait_until_drained() -> None:
        sys.stdout.write(f"Inkrush is ready at {address}\n")
        sys.stdout.flush()
        await stop.wait()
        await services.games.drain()

    await serve_app(app, listener, wait_until_drained)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "that is not an address"
        raise CannotListen(f"Cannot listen on {show_value(host)} port {port}: {reason}.") from error
    return listener


def _format_address(host: str, port: int) -> str:
    if host in _EVERYWHERE:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
