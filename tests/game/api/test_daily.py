"""Today's dailies, the streak, and the card that says both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from feedback.ids import make_id
from game.services import Services
from tests.game.api.test_games import begun, drawn
from tests.game.api.test_me import visit
from tests.game.conftest import Client


async def test_tries_and_streak(client: Client, services: Services) -> None:
    player = await visit(client)
    now = datetime.now(UTC)
    for days in (3, 2, 0):  # yesterday is forgiven
        game = begun(player=player, mode="daily", started_at=now - timedelta(days=days))
        await services.store.start_game(game)
        await services.store.add_round(drawn(game, 1))
    finished = msgspec.structs.replace(game, finished_at=now, score=1240, hits=1, prompts=1)
    await services.store.finish_game(finished)
    await services.store.start_game(
        begun(id=make_id(), player=player, mode="daily", alphabet="any", started_at=now)
    )
    mine = await (await client.get("/api/me/daily")).get_json()
    assert 0 <= mine.pop("ends_in_ms") <= 24 * 60 * 60 * 1000
    day = now.date().isoformat()
    (unfinished,) = [each for each in mine["tries"] if not each["is_finished"]]
    assert (unfinished["alphabet"], unfinished["score"]) == ("any", 0)
    assert mine == {
        "day": day,
        "tries": [
            unfinished,
            {"alphabet": "digits", "game": game.id, "score": 1240, "is_finished": True},
        ],
        "streak": {"days": 3, "longest": 3, "has_played_today": True, "is_forgiving": False},
    }
    replay = await (await client.get(f"/api/games/{game.id}")).get_json()
    assert replay["card"] == f"Inkrush {day} · 0-9 · 1,240 · 🔥 3\n🟨"


async def test_a_newcomer_has_no_tries_and_no_streak(client: Client) -> None:
    mine = await (await client.get("/api/me/daily")).get_json()
    assert mine["tries"] == []
    assert mine["streak"] == {"days": 0, "longest": 0, "has_played_today": False, "is_forgiving": True}
