"""One worker: a whole server on a listener of its supervisor. ``game.supervisor`` starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence

import msgspec

from game import worker_metrics
from game.settings import read_settings
from game.worker_link import LINGER_SECONDS, Assignment, WorkerLink


def main(arguments: Sequence[str]) -> int:
    """Serve until the supervisor or a signal stops it. Return the exit status, as `game.__main__.main` does."""
    assignment = msgspec.json.decode(arguments[0], type=Assignment)
    worker_metrics.join(assignment.metrics_name)
    # Imported only now, since it makes the metrics.
    from game.server import run_server  # noqa: PLC0415

    return run_server(_serve(assignment))


async def _serve(assignment: Assignment) -> int:
    from game.hypercorn_patches.listeners import serve_too  # noqa: PLC0415
    from game.logs import configure_logging  # noqa: PLC0415
    from game.server import serve_listener  # noqa: PLC0415

    configure_logging(f"worker {assignment.number}, {os.getpid()}")
    link = WorkerLink(assignment, serve_too)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, link.stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)  # meant for the supervisor
    listener = socket.socket(fileno=assignment.listener)
    try:
        return await serve_listener(
            read_settings(os.environ), listener, link.stop, link.announce_ready, LINGER_SECONDS
        )
    finally:
        if link.is_orphan:
            worker_metrics.remove_folder()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
