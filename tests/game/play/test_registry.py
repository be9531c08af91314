"""The end of a server whose store failed first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedback.errors import StoreError
from game.rules import tuning
from tests.game.hosting import hosted, open_client


async def test_clients_hear_that_the_server_stops_even_if_the_store_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tuning, "DRAIN_SECONDS", 0.3)

    async def failing(*_: Any) -> None:
        raise StoreError("The disk is full.")

    async with hosted(tmp_path) as host:
        playing, waiting = await open_client(host), await open_client(host)
        await playing.join()
        await playing.next("prompt")
        monkeypatch.setattr(host.services.store.running_games, "add_round", failing)
        await playing.send(type="skip", round=1)
        assert await playing.refusal() == "store_unavailable"
        await host.services.games.drain()
        assert await playing.closed() == 1012
        assert await waiting.closed() == 1012
    assert "Stopped with 1 games not stored." in caplog.text


async def test_a_game_that_is_lost_while_the_server_stops_counts_as_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tuning, "STORE_SECONDS", 0.0)

    async def failing(*_: Any) -> None:
        raise StoreError("The disk is full.")

    async with hosted(tmp_path) as host:
        playing = await open_client(host)
        await playing.join()
        await playing.next("prompt")
        monkeypatch.setattr(host.services.store.running_games, "release", failing)
        await host.services.games.drain()
        assert await playing.closed() == 1011
        assert host.services.games.not_stored == 1
    assert "Stopped with 1 games not stored." in caplog.text
