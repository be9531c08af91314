"""How games stand after their stored rounds."""

from __future__ import annotations

import pytest

from feedback.game_scores import GameScore
from feedback.store import Store
from tests.feedback.making import a_game, a_round

pytestmark = pytest.mark.both_engines


async def test_games_stand_as_their_rounds_say(store: Store) -> None:
    first, second, empty = (a_game(player=player) for player in ("ada", "bob", "cy"))
    for game, outcomes in (first, "hit hit skip hit timeout"), (second, "hit"):
        await store.start_game(game)
        for number, outcome in enumerate(outcomes.split(), 1):
            fields = {"number": number, "outcome": outcome, "points": 40 if outcome == "hit" else 0}
            await store.add_round(a_round(player=game.player, game=game.id, target="7", **fields))
    assert await store.played_rounds.read_scores([first.id, second.id, empty.id]) == {
        first.id: GameScore(points=120, hits=3, rounds=5, combo=1, best_combo=2),
        second.id: GameScore(points=40, hits=1, rounds=1, combo=1, best_combo=1),
    }
    assert await store.played_rounds.read_scores([]) == {}
    rounds = await store.played_rounds.read_all([second.id, first.id])
    assert [(round_.game, round_.number) for round_ in rounds] == [
        *((first.id, number) for number in range(1, 6)),
        (second.id, 1),
    ]
    assert [round_.number for round_ in rounds if round_.drawing] == [3]
    assert await store.played_rounds.read_all([]) == []
    best = await store.played_rounds.read_best([first.id, second.id], 3)
    assert [(round_.game, round_.number) for round_ in best if round_.drawing] == [
        *((first.id, number) for number in (1, 2, 4)),
        (second.id, 1),
    ]
    assert await store.played_rounds.read_best([], 3) == []
