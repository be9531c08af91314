"""Running servers for the socket's tests, and people who meet in a room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.game.guests import Gathering
from tests.game.hosting import Client, Host, hosted, open_client
from tests.postgresql import Cluster


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/inkrush.db"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.create_store()


@pytest.fixture
async def host(tmp_path: Path, database_url: str) -> AsyncIterator[Host]:
    async with hosted(tmp_path, database_url) as running:
        yield running


@pytest.fixture
async def other_host(tmp_path: Path, database_url: str) -> AsyncIterator[Host]:
    """Run a second server on the store of the first."""
    async with hosted(tmp_path, database_url) as running:
        yield running


@pytest.fixture
async def client(host: Host) -> AsyncIterator[Client]:
    async with await open_client(host) as opened:
        yield opened


@pytest.fixture
async def gathering(host: Host) -> AsyncIterator[Gathering]:
    made = Gathering(host)
    yield made
    for guest in made.guests:
        await guest.leave()
