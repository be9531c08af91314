"""Games on two servers whose PostgreSQL is away for longer than a game waits for its player."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from feedback.running_games import ALIVE_SECONDS
from tests import impatient
from tests.game.hosting import Client
from tests.postgresql import Cluster
from tests.serving import Server

AWAY_SECONDS = ALIVE_SECONDS + 1
"""Longer than a server may be silent before it counts as dead; a game's seat is even shorter here."""


@pytest.mark.slow
async def test_no_game_ends_because_the_database_was_away(cluster: Cluster, tmp_path: Path) -> None:
    settings = {"INKRUSH_DATABASE_URL": cluster.create_store(), "INKRUSH_SECRET_KEY": "the same for both servers"}
    servers = [Server(tmp_path / name, settings, module="tests.impatient") for name in ("one", "other")]
    with servers[0], servers[1]:
        clients = [Client(await connect(server.play_url, proxy=None)) for server in servers]
        for client in clients:
            await client.join("practice", "digits")
        pinging = asyncio.create_task(ping(clients))
        try:
            await asyncio.sleep(impatient.SECONDS + 1)  # from now on they end games that nobody runs
            await asyncio.to_thread(cluster.stop)
            for client in clients:
                await client.send(type="skip", round=1)
                assert await next_without_pongs(client) == "store_unavailable"
            await asyncio.sleep(AWAY_SECONDS)
            await asyncio.to_thread(cluster.start)
            for client in clients:
                assert await next_without_pongs(client) == "verdict"
            await asyncio.sleep(impatient.SECONDS + 1)
            for client in clients:
                await client.send(type="skip", round=2)
                assert await next_without_pongs(client) == "verdict"
        finally:
            pinging.cancel()
            for client in clients:
                await client.connection.close()


async def ping(clients: list[Client]) -> None:
    while True:
        for client in clients:
            await client.send(type="ping", nonce=1)
        await asyncio.sleep(0.5)


async def next_without_pongs(client: Client) -> str:
    """Return the type of the next message that is neither a pong nor a prompt, or the code of an error."""
    while (message := await client.receive())["type"] in {"pong", "prompt"}:
        pass
    return str(message.get("code") or message["type"])
