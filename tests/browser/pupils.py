"""Pupils without a browser, who fill a room: they join with its code and draw what they are asked for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from contextlib import AbstractContextManager
from random import Random
from types import TracebackType
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.bench.hand import pace_drawing, place_randomly
from tests.strokes import Samples

THINKING_SECONDS: Final = (0.3, 1.2)
PATIENCE_SECONDS: Final = 1.5
"""How long a finished drawing waits to be recognized before it is skipped."""
PING_SECONDS: Final = 4.0
WRONG_SHARE: Final = 0.08
"""How often a pupil draws another character than the one that is asked for."""


class Pupils(AbstractContextManager["Pupils"]):
    """Pupils in a room, each with a socket, from entering to leaving this context.

    Args:
        play_url: the address of the play socket.
        room: its code.
        count: how many.
        samples: what they draw.
        seed: decides how.
        names: what they call themselves, as far as they reach and the room allows it.
    """

    def __init__(
        self, play_url: str, room: str, count: int, samples: Samples, seed: int = 1, names: tuple[str, ...] = ()
    ) -> None:
        self._play_url = play_url
        self._room = room
        self._count = count
        self._samples = samples
        self._seed = seed
        self._names = names
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._play_all()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._loop:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _play_all(self) -> None:
        self._loop = asyncio.get_running_loop()
        playing = [asyncio.create_task(self._play(number)) for number in range(self._count)]
        await self._stop.wait()
        for task in playing:
            task.cancel()
        for outcome in await asyncio.gather(*playing, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome

    async def _play(self, number: int) -> None:
        rng = Random(self._seed + number)  # noqa: S311
        await asyncio.sleep(0.05 * number)
        name = self._names[number] if number < len(self._names) else None
        async with connect(self._play_url) as connection:
            await connection.send(json.dumps({"type": "join", "mode": "duel", "room": self._room, "name": name}))
            pinging = asyncio.create_task(_ping(connection))
            done = asyncio.Event()
            playing: asyncio.Task[None] | None = None
            with contextlib.suppress(ConnectionClosed):  # the host may remove a pupil
                async for text in connection:
                    message = json.loads(text)
                    if message["type"] == "prompt":
                        done = asyncio.Event()
                        playing = asyncio.create_task(self._draw(connection, message, done, rng))
                    elif message["type"] in ("verdict", "over"):
                        done.set()
            pinging.cancel()
            if playing:
                playing.cancel()

    async def _draw(
        self, connection: ClientConnection, prompt: dict[str, Any], done: asyncio.Event, rng: Random
    ) -> None:
        await asyncio.sleep(rng.uniform(*THINKING_SECONDS))
        target = prompt["target"] if rng.random() > WRONG_SHARE else rng.choice("0123456789")
        started_at = time.monotonic()
        for batch in pace_drawing(place_randomly(rng.choice(self._samples.get(target)), rng), rng):
            await asyncio.sleep(max(0, started_at + batch.at - time.monotonic()))
            if done.is_set():
                return
            ink = {"type": "ink", "round": prompt["round"], "stroke": batch.stroke, "points": batch.points}
            await connection.send(json.dumps(ink))
        try:
            await asyncio.wait_for(done.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            await connection.send(json.dumps({"type": "skip", "round": prompt["round"]}))


async def _ping(connection: ClientConnection) -> None:
    """Show the server that this client is still there."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.sleep(PING_SECONDS)
            await connection.send(json.dumps({"type": "ping"}))
