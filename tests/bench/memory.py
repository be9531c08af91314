"""How much memory a server takes, at rest and for each player: ``python -m tests.bench.memory``.

It counts resident memory. A few bots play first, so that what the first player loads counts for nobody.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.table import Table

from tests.bench.crowd import Crowd, CrowdFailed
from tests.serving import HOST, Server, ServerFailed

PLAYERS: Final = 200
WARM_UP_PLAYERS: Final = 10
PLAYING_SECONDS: Final = 30.0
PAUSE_SECONDS: Final = 2.0
"""For the server to handle what has just happened."""
_HANDSHAKE: Final = (
    b"GET /play/v1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        players: how many were connected, and how many played.
        rest_mb: after the start, before anybody has connected.
        warm_mb: after a few bots have played and left.
        connected_kb: for each client that has an open socket and has not joined a game.
        playing_kb: for each player.
    """

    players: int
    rest_mb: float
    warm_mb: float
    connected_kb: float
    playing_kb: float


def measure(players: int, seconds: float, console: Console) -> Memory:
    """Start a server, and measure it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "var") as server,
        Crowd("play", server.port, None, sorted(os.sched_getaffinity(0))[-1:]) as crowd,
    ):
        rest = server.resident
        with console.status("A few bots play first…"):
            crowd.set_players(WARM_UP_PLAYERS, 1)
            time.sleep(seconds / 3)
            crowd.set_players(0, 0)
            time.sleep(PAUSE_SECONDS)
        warm = server.resident
        with console.status(f"{players} clients connect…"), contextlib.ExitStack() as stack:
            for number in range(players):
                address = f"127.0.0.{2 + number // 100}"
                client = socket.create_connection((HOST, server.port), source_address=(address, 0))
                stack.enter_context(client).sendall(_HANDSHAKE)
                client.recv(4096)
            connected = server.resident
        time.sleep(PAUSE_SECONDS)
        before = server.resident
        with console.status(f"{players} bots play…"):
            crowd.set_players(players, seconds / 3)
            time.sleep(seconds)
        playing = server.resident
    return Memory(
        players=players,
        rest_mb=rest / 1e6,
        warm_mb=warm / 1e6,
        connected_kb=(connected - warm) / players / 1e3,
        playing_kb=(playing - before) / players / 1e3,
    )


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("--players", type=int, default=PLAYERS, help=f"default: {PLAYERS}")
    parser.add_argument("--seconds", type=float, default=PLAYING_SECONDS, help="of playing (default: 30)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    return parser.parse_args(arguments)


def main() -> int:
    """Measure, print the result, and return the exit status."""
    options = parse_arguments()
    console = Console()
    try:
        memory = measure(options.players, options.seconds, console)
    except (OSError, ServerFailed, CrowdFailed) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 1
    table = Table("", "memory", title=f"Resident memory of a server, {memory.players} players")
    table.add_row("at rest", f"{memory.rest_mb:.0f} MB")
    table.add_row("after the first players", f"{memory.warm_mb:.0f} MB")
    table.add_row("for each that is connected", f"{memory.connected_kb:.0f} kB")
    table.add_row("for each that plays", f"{memory.playing_kb:.0f} kB")
    console.print(table)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(memory)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
