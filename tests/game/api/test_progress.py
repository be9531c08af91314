"""A player's progress, their misread drawings, and how others write."""

from __future__ import annotations

import pytest

from game.services import Services
from tests.game.api.test_games import begun, drawn
from tests.game.api.test_me import visit
from tests.game.conftest import Client, error_of


async def test_progress_and_drawings(client: Client, stranger: Client, services: Services) -> None:
    player = await visit(client)
    game = begun(player=player, score=36, hits=2, prompts=3, finished_at=begun().started_at)
    skip = drawn(game, 3, outcome="skip", predicted="1", points=0)
    await services.store.add_rounds([drawn(game, 1), drawn(game, 2), skip])
    await services.store.finish_game(game)
    progress = await (await client.get("/api/me/progress")).get_json()
    figures = {"rounds": 3, "hits": 2, "accuracy": 0.6667, "median_ms": 900}
    entry = {
        "game": game.id,
        "mode": "sprint",
        "alphabet": "digits",
        "score": 36,
        "hits": 2,
        "prompts": 3,
        "at": "2026-11-22T12:00:00Z",
    }
    assert progress == {
        "rounds": 3,
        "overall": figures,
        "characters": [
            {
                "character": "7",
                **figures,
                "ms_per_hit": 1350,
                "misread_as": {"label": "1", "count": 1},
                "trend": [],
            }
        ],
        "days": [{"day": "2026-11-22", **figures}],
        "streak": {"days": 0, "longest": 0, "has_played_today": False, "is_forgiving": True},
        "bests": [entry],
        "games": [entry],
    }
    drawings = await (await client.get("/api/me/drawings?character=7")).get_json()
    assert drawings == {
        "character": "7",
        "drawings": [
            {
                "round": skip.id,
                "at": "2026-11-22T12:00:00Z",
                "label": "1",
                "confidence": 0.9,
                "drawing": [[[0, 9], [0, 9], [0, 40]]],
            }
        ],
    }
    hits = await (await client.get("/api/me/drawings?character=7&which=understood&limit=1")).get_json()
    assert [drawing["label"] for drawing in hits["drawings"]] == ["7"]
    theirs = await (await stranger.get("/api/me/progress")).get_json()
    assert (theirs["rounds"], theirs["characters"], theirs["games"]) == (0, [], [])
    assert (await (await stranger.get("/api/me/drawings?character=7")).get_json())["drawings"] == []


async def test_examples_are_strokes_on_the_square(client: Client) -> None:
    found = await (await client.get("/api/examples?character=g&count=3")).get_json()
    assert found["character"] == "g"
    assert len(found["drawings"]) == 3
    for drawing in found["drawings"]:
        for xs, ys in drawing:
            assert len(xs) == len(ys) > 0
            assert all(0 <= value <= 1023 for value in (*xs, *ys))


@pytest.mark.parametrize("query", ["", "character=", "character=ab", "character=%C3%A9", "character=g&count=0"])
async def test_there_are_no_examples_of_anything_else(client: Client, query: str) -> None:
    assert await error_of(await client.get(f"/api/examples?{query}"), 422) == "invalid_query"
