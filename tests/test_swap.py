"""The model changes while games are running, and no player notices."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from feedback.store import open_store
from recognition.model.card import read_card
from recognition.model.network import BUNDLED
from tests.bench.swap import BROKEN, VERSIONS, swap_during_games
from tests.serving import Server
from tests.strokes import Samples

pytestmark = pytest.mark.slow

GAMES = 12


async def test_no_game_breaks_and_every_drawing_gets_an_answer(tmp_path: Path, samples: Samples) -> None:
    server = Server(tmp_path / "var")
    await asyncio.to_thread(server.start)
    swaps = await swap_during_games(server, samples, GAMES, cycles=1)

    assert len(swaps.games) == GAMES
    assert (swaps.broken, swaps.unanswered, swaps.errors) == (0, 0, 0)
    used = {model for model in swaps.by_model if model is not None}
    assert set(VERSIONS) <= used <= {*VERSIONS, read_card(BUNDLED)["version"]}
    assert server.log.count("is refused") == 1
    assert BROKEN in server.log
    assert "could not be recognized" not in server.log

    store = await open_store(server.database_url)
    try:
        rounds = [await store.get_round(verdict.id) for verdict in swaps.verdicts]
    finally:
        await store.close()
    announced = {verdict.id: verdict.model for verdict in swaps.verdicts if verdict.model}
    assert {round_.id: round_.model for round_ in rounds if round_ and round_.predicted} == announced
