"""Games as they are stored, up to their places on the leaderboard."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest

from feedback.records import Game
from feedback.store import open_store
from game.play import records
from game.rules.challenge import Challenge
from game.rules.plausibility import HitTrace

CLASS = 60


def end_game(player: str, hit_ms: int) -> Game:
    """Return a game of five hits that took ``hit_ms`` each."""
    challenge = Challenge("sprint", "digits", cycle("7301"))
    challenge.traces = [HitTrace("7", hit_ms, hit_ms, None)] * 5
    challenge.score, challenge.hits = 300, 5
    info = records.make_game_info(player, "Ada", "model-1", "seed")
    return records.make_game(info, challenge, 5, is_finished=True)


@pytest.mark.parametrize(("hit_ms", "entries"), [(900, CLASS), (290, 0), (32, 0)])
async def test_a_class_is_on_the_board_and_a_flood_is_not(tmp_path: Path, hit_ms: int, entries: int) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/games.db")
    games = [end_game(f"player {number}", hit_ms) for number in range(CLASS)]
    ranks = await asyncio.gather(*map(store.finish_game, games))
    board, _ = await store.read_leaderboard("sprint", "digits", "all", 100, "", datetime.now(UTC))
    assert len(board) == entries
    assert [rank is not None for rank in ranks] == [entries > 0] * CLASS
    await store.close()


def test_a_running_game_has_no_reason_not_to_be_ranked_yet() -> None:
    challenge = Challenge("sprint", "digits", cycle("7301"))
    info = records.make_game_info("ada", "Ada", "model-1", "seed")
    assert records.make_game(info, challenge, 0, is_finished=False).unranked is None
    crowd = records.make_game_info("ada", "Ada", "model-1", "seed", "it rained.")
    assert records.make_game(crowd, challenge, 0, is_finished=True).unranked == "it rained."
