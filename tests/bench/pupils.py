"""Pupils for a class or a duel: ``python -m tests.bench.pupils CODE --url http://127.0.0.1:8000``.

They take seats, play with the strokes of real people once the host starts, and follow every rematch, until Ctrl+C.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import sys
from collections.abc import Sequence
from itertools import chain, repeat
from random import Random
from typing import Final
from urllib.parse import urlsplit

import msgspec

from tests.bench.crowd_bots import Counts, PlayBot, PreparedDrawing, encode_frame, prepare_drawings
from tests.strokes import load_fixture

PING_SECONDS: Final = 5.0
SPREAD_SECONDS: Final = 3.0
"""Over which pupils join."""

_COOKIE: Final = re.compile(rb"(?i)\r\nset-cookie: ([^;\r]+)")


class RoomMessage(msgspec.Struct):
    """What pupils and screens need of the messages about a room."""

    type: str
    seat: int | None = None
    score: int = 0
    code: str = ""
    state: str = ""
    next: str | None = None
    players: list[msgspec.Raw] = []


DECODER: Final = msgspec.json.Decoder(RoomMessage)


class Pupil(PlayBot):
    """Plays in a room, and goes on to the next one. It comes back to its seat when the connection is lost.

    Attributes:
        code: of the room.
        name: what it calls itself, if anything.
        seat: its seat there.
    """

    def __init__(
        self,
        number: int,
        port: int,
        drawings: dict[str, list[PreparedDrawing]],
        counts: Counts,
        code: str,
        name: str | None = None,
    ) -> None:
        super().__init__(number, port, drawings, counts)
        self.code = code
        self.name = name
        self.seat: int | None = None

    def take_head(self, head: bytes) -> None:
        if found := _COOKIE.search(head):
            self.cookie = found[1].decode()

    def make_request(self) -> dict[str, object]:
        return {"type": "join", "mode": "duel", "room": self.code, "name": self.name}

    def take_payload(self, payload: bytes) -> None:
        message = DECODER.decode(payload)
        if message.type == "welcome":
            self.seat = message.seat
        if message.type == "room" and message.next and message.next != self.code:
            self.code = message.next
            self.hang_up()
        elif message.type == "error" and message.code in ("removed", "no_such_room", "room_full", "room_locked"):
            self.leave()
        elif message.type in ("prompt", "guess", "verdict", "error"):  # after the end they stay, unlike other bots
            super().take_payload(payload)


async def keep_awake(bots: Sequence[PlayBot]) -> None:
    """Ping until cancelled, as every client must."""
    while True:
        await asyncio.sleep(PING_SECONDS)
        for bot in bots:
            bot.send(encode_frame({"type": "ping"}))


async def play(port: int, code: str, pupils: int, seed: int, names: Sequence[str] = ()) -> None:
    """Let pupils play until cancelled. The first of them have ``names``."""
    rng = Random(seed)  # noqa: S311
    drawings = prepare_drawings(load_fixture(), rng)
    bots = [
        Pupil(number, port, drawings, Counts(), code, name)
        for number, name in zip(range(pupils), chain(names, repeat(None)), strict=False)
    ]
    for bot in bots:
        bot.begin(rng.uniform(0, SPREAD_SECONDS))
    try:
        await keep_awake(bots)
    finally:
        for bot in bots:
            bot.leave()


def main() -> int:
    """Play until Ctrl+C, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pupils", description=__doc__)
    parser.add_argument("code", help="of the room")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="of the server (default: %(default)s)")
    parser.add_argument("--pupils", type=int, default=28, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    port = urlsplit(options.url).port
    if port is None:
        parser.error("--url needs a port of this machine")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(play(port, options.code, options.pupils, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
