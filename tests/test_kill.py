"""A server that is killed in the middle of games has stored every verdict that a player has seen."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from feedback.store import open_store
from tests.bench.client import Verdict, open_client
from tests.bench.player import PlayedGame, Player
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


async def test_every_verdict_a_player_has_seen_outlives_kill_9_and_the_games_are_ended(
    tmp_path: Path, samples: Samples
) -> None:
    server = Server(tmp_path / "var")
    await asyncio.to_thread(server.start)
    witness = Witness()
    playing = [asyncio.create_task(_play(server, samples, seed, witness)) for seed in range(GAMES)]
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
            left = [await store.get_game(game.welcome.game) for game in games]
            entries, _ = await store.read_leaderboard("sprint", "digits", "all", 100, "", datetime.now(UTC))
        finally:
            await store.close()
    stored = [(r.id, r.target, r.outcome, r.predicted, r.points) for r in rounds if r is not None]
    assert stored == [(v.id, v.target, v.outcome, v.label, v.points) for v in witness.seen]
    assert any(verdict.outcome == "hit" for verdict in witness.seen)

    # The games have ended with what was stored, and are on the board.
    ended = [found for found in left if found is not None]
    assert len(ended) == GAMES
    for game, rounds_of_game in ended:
        assert game.finished_at is not None
        assert game.prompts == len(rounds_of_game)
        assert game.score == sum(round_.points or 0 for round_ in rounds_of_game)
    scores = sorted((game.score for game, _ in ended if game.score), reverse=True)
    assert [entry.score for entry in entries] == scores


async def _play(server: Server, samples: Samples, seed: int, witness: Witness) -> PlayedGame:
    rng = Random(seed)  # noqa: S311
    async with open_client(server.play_url) as client:
        player = Player(client, lambda target: rng.choice(samples.get(target)), rng, witness.notice)
        return await player.play("sprint", "digits", f"Player {seed}")
