"""What a server holds: memory, open files, and what it keeps for its clients."""

from __future__ import annotations

import asyncio
import resource
import threading
from pathlib import Path

import msgspec

from game.services import Services


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What the server's objects hold.

    Attributes:
        tasks: of the event loop.
        threads: of Python.
        games: running games, also those whose player has left a moment ago.
        tokens: with which a game can be resumed.
        sockets: connected clients.
        addresses: that have sockets open.
        buckets: token buckets of the limits of calls.
        refused: addresses whose refused calls wait.
    """

    tasks: int
    threads: int
    games: int
    tokens: int
    sockets: int
    addresses: int
    buckets: int
    refused: int


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What the system says of a process.

    Attributes:
        memory_mb: resident memory.
        threads: of the system, those of libraries included.
        files: open files and sockets.
        handles: those of them that are files of the database.
    """

    memory_mb: float
    threads: int
    files: int
    handles: int


def count_held(services: Services) -> Held:
    """Return what a server of this process holds."""
    games = services.games
    return Held(
        tasks=len(asyncio.all_tasks()),
        threads=threading.active_count(),
        games=len(games._tasks),
        tokens=len(games._sessions),
        sockets=len(games._queues),
        addresses=len(services.limits.sockets._open),
        buckets=len(services.limits._calls),
        refused=len(services.refusals._open),
    )


def count_opened(pid: int) -> Opened:
    """Return what a process has open."""
    process = Path(f"/proc/{pid}")
    targets = []
    for link in (process / "fd").iterdir():
        try:
            targets.append(str(link.readlink()))
        except OSError:  # it was closed meanwhile
            continue
    pages = int((process / "statm").read_text().split()[1])
    return Opened(
        memory_mb=pages * resource.getpagesize() / 1e6,
        threads=len(list((process / "task").iterdir())),
        files=len(targets),
        handles=sum(".db" in target for target in targets),
    )
