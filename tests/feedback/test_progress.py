"""What is read of a player for their progress."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedback import progress
from feedback.ids import make_id
from feedback.records import ALPHABETS, ProgressRound, Round
from feedback.store import Store
from recognition import alphabets
from tests.feedback.making import MONDAY, a_game, a_round

pytestmark = pytest.mark.both_engines


def a_game_round(**fields: Any) -> Round:
    defaults = {
        "game": make_id(),
        "number": 1,
        "mode": "sprint",
        "target": "9",
        "outcome": "skip",
        "duration_ms": 900,
    }
    return a_round(**{**defaults, **fields})


async def test_the_newest_rounds_and_games_are_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "NEWEST", 3)
    for number in range(5):
        await store.add_rounds([a_game_round(duration_ms=number), a_game_round(player="bob")])
        game = a_game(score=number, finished_at=MONDAY + timedelta(minutes=number))
        await store.finish_game(game)
    await store.finish_game(a_game(mode="practice", prompts=0))
    await store.start_game(a_game(finished_at=None))
    best = a_game(alphabet="any", score=70)
    await store.finish_game(best)
    read = await store.progress.read("ada", games=2)
    assert read.rounds == [
        ProgressRound("2026-11-23", "sprint", "9", "skip", "7", None, number) for number in (2, 3, 4)
    ]
    assert [each.id for each in read.games] == [best.id, game.id]
    assert [(each.alphabet, each.score) for each in read.bests] == [("any", 70), ("digits", 4)]
    assert [await store.progress.count_rounds(player) for player in ("ada", "eve")] == [3, 0]
    assert await store.progress.read("eve", games=2) == progress.Progress([], [], [])


async def test_drawings_of_a_character(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    old = a_game_round()
    await store.add_round(old)
    fields: list[dict[str, Any]] = [
        {},
        {"outcome": "hit"},
        {"outcome": "timeout"},
        {"predicted": "9"},
        {"predicted": None},
        {"label": "7"},  # a person says that it was a 7
        {"player": "bob"},
        {"source": "draw", "mode": None, "target": None, "outcome": None, "label": "9"},
    ]
    rounds = [a_game_round(**each) for each in fields]
    await store.add_rounds(rounds)
    monkeypatch.setattr(progress, "NEWEST", len(rounds) - 1)
    list_drawings = store.progress.list_drawings
    misread = await list_drawings("ada", "9", 12, are_understood=False)
    assert [each.round for each in misread] == [rounds[-1].id, rounds[0].id]
    assert (misread[0].predicted, misread[0].drawing) == ("7", rounds[-1].drawing)
    newest = await list_drawings("ada", "9", 1, are_understood=False)
    assert [each.round for each in newest] == [rounds[-1].id]
    understood = await list_drawings("ada", "9", 12, are_understood=True)
    assert [each.round for each in understood] == [rounds[1].id]
    assert await list_drawings("ada", "no character", 12, are_understood=False) == []


def test_every_alphabet_has_a_board() -> None:
    assert sorted(ALPHABETS) == sorted(alphabets.ALPHABETS)
