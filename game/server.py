"""Runs the server: listens, stops on a signal, and stores every game before it ends."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, cast

import hypercorn.asyncio
from hypercorn.typing import ASGIFramework
from quart import Quart

from feedback.errors import StoreError
from game import metrics
from game.app import build_app
from game.exit_status import FAILED, WORKED, complain
from game.hypercorn_patches import apply_patches
from game.hypercorn_patches.connections import BoundedConfig
from game.lifespan import UnusableFolder, open_services
from game.listening import BACKLOG, CannotListen, announce, format_address, open_listener
from game.logs import configure_logging
from game.secret import SecretError
from game.services import EXTENSION
from game.settings import Network, Settings
from game.steady_loop import SteadyLoop
from game.web.addresses import ConnectionLimits, raise_file_limit
from recognition import UnfitModel

# How long a thread that computes may hold up the others. The event loop waits for it after each system call. With
# Python's 5 ms, an upload that is being read would hold up every game.
_SWITCH_SECONDS: Final = 0.0005
# How many connections are accepted before the event loop goes on with others. A flood of them would hold it up.
_ACCEPTED_AT_ONCE: Final = 16
_LARGEST_MESSAGE: Final = 64 * 1024  # bytes; the play socket itself refuses smaller ones and says why

# How many more objects of the youngest generation there are than were freed before garbage is looked for (Python's
# own: 700), then how many such looks come before one at the next generation.
_GARBAGE_THRESHOLDS: Final = (10_000, 10, 10)

_CANNOT_START: Final = (CannotListen, SecretError, StoreError, UnfitModel, UnusableFolder)
"""What `serve` and `serve_listener` raise if the server cannot start. The message says why, to a person."""


def run_server(serving: Coroutine[Any, Any, int]) -> int:
    """Run `serve` or `serve_listener` on a loop of its own, and return the exit status of the process.

    It failed if the server could not start, which this tells the person, or could not store every game at its end.
    """
    try:
        with asyncio.Runner(loop_factory=SteadyLoop) as runner:
            games_not_stored = runner.run(serving)
    except _CANNOT_START as error:
        return complain(str(error), FAILED)
    return FAILED if games_not_stored else WORKED


async def serve(settings: Settings) -> int:
    """Serve until SIGTERM, SIGINT or SIGHUP (the terminal was closed), then end all games.

    Return how many of them could not be stored.

    Raises:
        Exception: one of `_CANNOT_START`.
    """
    configure_logging()
    listener = open_listener(settings.host, settings.port)
    address = format_address(settings.host, listener)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            continue  # it was started with nohup
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await serve_listener(settings, listener, stop, lambda: announce(address))


async def serve_listener(
    settings: Settings,
    listener: socket.socket,
    stop: asyncio.Event,
    announce_ready: Callable[[], None],
    linger_seconds: float = 0,
) -> int:
    """Serve on ``listener``, which is taken over, until ``stop`` is set, then end all games.

    Return how many games could not be stored.

    Args:
        settings: how the server runs.
        listener: a listening socket.
        stop: set when the server should end.
        announce_ready: is called when the server is ready to answer.
        linger_seconds: how long requests are still answered at least, after ``stop`` is set.

    Raises:
        Exception: one of `_CANNOT_START`.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    raise_file_limit()
    # Opened here and not in the application's lifespan: there, a failed start is buried under tracebacks, and the
    # store is closed while the last handlers still write to it.
    async with open_services(settings) as services:
        app = build_app(settings)
        app.extensions[EXTENSION] = services

        async def wait_until_drained() -> None:
            metrics.WORKERS.set(1)
            metrics.WORKER_STARTS.inc()
            _spare_garbage_collector()
            announce_ready()
            await stop.wait()
            await asyncio.gather(services.games.drain(), asyncio.sleep(linger_seconds))

        await serve_app(app, listener, wait_until_drained, settings.trusted_proxies)
    return services.games.not_stored


def _spare_garbage_collector() -> None:
    """Have the garbage collector leave out all that exists now, and look for garbage less often.

    It looked at each module, route and template again and again, which took 3 % of the time of players.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE_THRESHOLDS)


async def serve_app(
    app: Quart,
    listener: socket.socket,
    shutdown_trigger: Callable[[], Awaitable[None]],
    trusted_proxies: Sequence[Network] = (),
) -> None:
    """Serve ``app`` on ``listener``, which is taken over, until ``shutdown_trigger`` returns.

    The trigger is first called when the server is ready to answer. The connections of ``trusted_proxies`` are not
    limited, since they are those of many clients. This is how every server of ours runs, those of the tests too:
    Hypercorn with its patches and its limits.
    """
    apply_patches()
    config = BoundedConfig()
    config.admission = ConnectionLimits(trusted_proxies)
    descriptor = listener.detach()
    config.bind = [f"fd://{descriptor}"]
    config.errorlog = logging.getLogger("hypercorn.error")  # as it is: Hypercorn's own handler has another format
    config.backlog = _ACCEPTED_AT_ONCE
    config.include_server_header = False
    config.websocket_max_message_size = _LARGEST_MESSAGE

    async def restore_backlog() -> None:
        # asyncio takes the number for both: what it accepts at once, and what the system lets wait.
        with socket.socket(fileno=os.dup(descriptor)) as listening:
            listening.listen(BACKLOG)
        await shutdown_trigger()

    await hypercorn.asyncio.serve(cast("ASGIFramework", app), config, shutdown_trigger=restore_backlog)
