"""A server that is killed in the middle of games has stored every verdict that a player has seen, and goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest
from websockets.asyncio.client import connect

from feedback.store import open_store
from tests.bench.client import Verdict, open_client
from tests.bench.player import PlayedGame, Player
from tests.game.hosting import Client
from tests.serving import Server
from tests.strokes import Samples

pytestmark = pytest.mark.slow

GAMES = 6
ENOUGH = 12
"""Verdicts seen in all games together before the server is killed."""


class Witness:
    """Remembers every verdict that reached a player."""

    def __init__(self) -> None:
        self.seen: list[Verdict] = []
        self.enough = asyncio.Event()

    def notice(self, verdict: Verdict) -> None:
        self.seen.append(verdict)
        if len(self.seen) >= ENOUGH:
            self.enough.set()


async def test_every_verdict_a_player_has_seen_outlives_kill_9_and_the_games_go_on(
    tmp_path: Path, samples: Samples
) -> None:
    server = Server(tmp_path / "var")
    await asyncio.to_thread(server.start)
    witness = Witness()
    cookies: dict[int, str] = {}
    playing = [asyncio.create_task(_play(server, samples, seed, witness, cookies)) for seed in range(GAMES)]
    try:
        async with asyncio.timeout(120):
            await witness.enough.wait()
    finally:
        server.kill()
    games = await asyncio.gather(*playing)
    assert all(game.closed is not None and game.over is None for game in games)

    with server:
        store = await open_store(server.database_url)
        try:
            rounds = [await store.get_round(verdict.id) for verdict in witness.seen]
        finally:
            await store.close()
        resumed = [await _resume(server, game, cookies[seed]) for seed, game in enumerate(games)]
    stored = [(r.id, r.target, r.outcome, r.predicted, r.points) for r in rounds if r is not None]
    assert stored == [(v.id, v.target, v.outcome, v.label, v.points) for v in witness.seen]
    assert any(verdict.outcome == "hit" for verdict in witness.seen)

    for game, welcome in zip(games, resumed, strict=True):
        shown = len(game.verdicts)
        # The last round may be stored and not shown.
        assert len(welcome["rounds"]) - shown in (0, 1)
        assert [entry["id"] for entry in welcome["rounds"][:shown]] == [verdict.id for verdict in game.verdicts]
        assert welcome["score"] == sum(entry["points"] for entry in welcome["rounds"])
        assert welcome["hits"] == sum(entry["outcome"] == "hit" for entry in welcome["rounds"])
        if game.verdicts and len(welcome["rounds"]) == shown:
            last = game.verdicts[-1]
            assert (welcome["score"], welcome["combo"]) == (last.score, last.combo)
            assert last.remaining_ms is not None
            assert 0 < welcome["remaining_ms"] <= last.remaining_ms


async def _play(
    server: Server, samples: Samples, seed: int, witness: Witness, cookies: dict[int, str]
) -> PlayedGame:
    rng = Random(seed)  # noqa: S311
    async with open_client(server.play_url) as client:
        cookies[seed] = client.cookie
        player = Player(client, lambda target: rng.choice(samples.get(target)), rng, witness.notice)
        return await player.play("sprint", "digits", f"Player {seed}")


async def _resume(server: Server, game: PlayedGame, cookie: str) -> Any:
    """Resume a game, skip a round, and return the welcome."""
    connection = await connect(server.play_url, additional_headers={"Cookie": cookie}, proxy=None)
    async with Client(connection) as client:
        welcome = await client.join(resume=game.welcome.token)
        number = welcome["prompt"]["round"]
        await client.send(type="skip", round=number)
        assert (await client.next("verdict"))["round"] == number == len(welcome["rounds"]) + 1
        return welcome
