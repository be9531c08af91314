"""A running server for the socket's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.game.hosting import Client, Host, hosted, open_client


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    async with hosted(tmp_path) as running:
        yield running


@pytest.fixture
async def client(host: Host) -> AsyncIterator[Client]:
    async with await open_client(host) as opened:
        yield opened
