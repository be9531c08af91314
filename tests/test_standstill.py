"""A server that is stopped for a while and goes on (SIGSTOP, SIGCONT), as when a machine sleeps."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from game.rules import tuning
from tests import impatient
from tests.game.hosting import Client
from tests.serving import Server

pytestmark = pytest.mark.slow

PAUSE_SECONDS = 2 * impatient.SECONDS
"""Longer than a client may be silent, and than a game waits for its player."""
MESSAGES = 2 * tuning.MESSAGES_AT_ONCE
"""More than may arrive at once otherwise, and no faster than a client may send."""


async def test_no_connection_ends_and_no_clock_runs_while_the_server_stands_still(tmp_path: Path) -> None:
    with Server(tmp_path / "var", module="tests.impatient") as server:
        playing, leaving, waiting = [
            Client(await connect(server.play_url, proxy=None, ping_interval=None)) for _ in range(3)
        ]
        await playing.join()
        seat = await leaving.join()
        await leaving.connection.close()
        await playing.send(type="ping", nonce=-1)
        await playing.next("pong")

        os.kill(server.pid, signal.SIGSTOP)
        try:
            for number in range(MESSAGES):
                await playing.send(type="ping", nonce=number)
                await asyncio.sleep(PAUSE_SECONDS / MESSAGES)
        finally:
            os.kill(server.pid, signal.SIGCONT)

        # All that was sent meanwhile is answered.
        assert [(await playing.next("pong"))["nonce"] for _ in range(MESSAGES)] == list(range(MESSAGES))
        await playing.send(type="skip", round=1)
        verdict = await playing.next("verdict")
        played_ms = tuning.DURATION_MS - tuning.SKIP_COST_MS - verdict["remaining_ms"]
        assert played_ms < 1000 * PAUSE_SECONDS / 2
        # Neither is a seat lost, nor a socket that has not joined yet.
        returning = await connect(server.play_url, additional_headers={"Cookie": leaving.cookie}, proxy=None)
        async with Client(returning) as returned:
            assert (await returned.join(resume=seat["token"]))["game"] == seat["game"]
        assert await waiting.join()
        for client in (playing, waiting):
            await client.connection.close()
    assert "Traceback" not in server.log
