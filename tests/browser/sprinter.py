"""Somebody who plays a short sprint without a browser: some hits, then skips to the end."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from typing import Final

from tests.bench.client import Over, PlayClient, Prompt, Verdict, Welcome, open_client
from tests.bench.hand import pace_drawing, place_randomly
from tests.strokes import Samples

PATIENCE_SECONDS: Final = 3.0
"""How long a finished drawing waits to be recognized before it is skipped."""
READING_SECONDS: Final = 0.5
"""How long a person takes to read a prompt. Without it, some sprints are too fast for a hand, so not ranked."""


def begin_sprint(play_url: str, name: str, alphabet: str, hits: int, samples: Samples) -> Future[str]:
    """Play in a thread of its own. The result is the id of the finished game."""
    executor = ThreadPoolExecutor(1)
    playing = executor.submit(lambda: asyncio.run(_play(play_url, name, alphabet, hits, samples)))
    executor.shutdown(wait=False)
    return playing


async def _play(play_url: str, name: str, alphabet: str, hits: int, samples: Samples) -> str:
    rng = Random(name)  # noqa: S311
    async with open_client(play_url) as client:
        await client.join("sprint", alphabet, name)
        game, understood = "", 0
        drawing: asyncio.Task[None] | None = None
        while True:
            message = await client.receive()
            if isinstance(message, Welcome):
                game = message.game
            elif isinstance(message, Prompt):
                if understood < hits:
                    drawing = asyncio.create_task(_draw(client, message, samples, rng))
                else:
                    await client.send_skip(message.round)
            elif isinstance(message, Verdict):
                understood += message.outcome == "hit"
                if drawing:
                    drawing.cancel()
            elif isinstance(message, Over):
                return game


async def _draw(client: PlayClient, prompt: Prompt, samples: Samples, rng: Random) -> None:
    begun = time.monotonic() + READING_SECONDS
    for batch in pace_drawing(place_randomly(rng.choice(samples.get(prompt.target)), rng), rng):
        await asyncio.sleep(max(0, begun + batch.at - time.monotonic()))
        await client.send_ink(prompt.round, batch.stroke, batch.points, up=batch.up)
    await asyncio.sleep(PATIENCE_SECONDS)
    await client.send_skip(prompt.round)
