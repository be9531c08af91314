"""A server that is stopped or killed in the middle of a round: after the restart, the game goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.game.hosting import Client
from tests.serving import Server
from tests.strokes import Samples

pytestmark = pytest.mark.slow

THINKING_SECONDS = 2.5
"""How long the player looks at the second prompt: longer than a server needs to tell that it is alive."""
INK = [10, 20, 0, 30, 40, 16]


async def open_client(server: Server, cookie: str = "") -> Client:
    headers = {"Cookie": cookie} if cookie else {}
    return Client(await connect(server.play_url, additional_headers=headers, proxy=None))


@pytest.mark.parametrize(("end", "strokes"), [(Server.stop, [INK]), (Server.kill, [])], ids=["stopped", "killed"])
async def test_a_game_goes_on_where_it_was(
    tmp_path: Path, samples: Samples, end: Callable[[Server], object], strokes: list[list[int]]
) -> None:
    server = Server(tmp_path / "var")
    with server:
        client = await open_client(server)
        welcome = await client.join()
        await client.ink(1, samples.get(welcome["prompt"]["target"])[0].place())
        verdict = await client.next("verdict")
        prompt = await client.next("prompt")
        await asyncio.sleep(THINKING_SECONDS)
        await client.send(type="ink", round=2, stroke=0, points=INK)
        await client.next("guess")
        status = await asyncio.to_thread(end, server)
        assert not status
        with pytest.raises(ConnectionClosed):
            while True:
                await client.receive()
        await asyncio.to_thread(server.start)
        async with await open_client(server, client.cookie) as again:
            resumed = await again.join(resume=welcome["token"])
            assert (resumed["game"], resumed["score"], resumed["combo"]) == (
                welcome["game"],
                verdict["score"],
                verdict["combo"],
            )
            assert [entry["id"] for entry in resumed["rounds"]] == [verdict["id"]]
            assert (resumed["prompt"]["round"], resumed["prompt"]["target"]) == (2, prompt["target"])
            assert resumed["prompt"]["strokes"] == strokes
            # The time at the prompt counts, the time without a server does not.
            played_ms = verdict["remaining_ms"] - resumed["remaining_ms"]
            assert 1000 <= played_ms < 20_000
    assert "Traceback" not in server.log
