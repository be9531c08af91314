from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from feedback.ids import make_id
from feedback.names.generated import generate_name
from feedback.records import Game, Round
from game.services import Services
from tests.game.api.test_me import visit
from tests.game.conftest import Client, error_of

STARTED = datetime(2026, 11, 22, 12, tzinfo=UTC)


def begun(**changes: Any) -> Game:
    return msgspec.structs.replace(
        Game(
            id=make_id(),
            player="a" * 32,
            name="Ada",
            mode="sprint",
            alphabet="digits",
            model="m1",
            started_at=STARTED,
            duration_ms=60_000,
        ),
        **changes,
    )


def drawn(game: Game, number: int, **changes: Any) -> Round:
    return msgspec.structs.replace(
        Round(
            id=make_id(),
            at=STARTED,
            player=game.player,
            source="challenge",
            alphabet="digits",
            predicted="7",
            confidence=0.9,
            top=[("7", 0.9)],
            model="m1",
            game=game.id,
            number=number,
            mode="sprint",
            target="7",
            outcome="hit",
            duration_ms=900,
            points=18,
            drawing=[[[0, 9], [0, 9], [0, 40]]],
        ),
        **changes,
    )


async def test_a_finished_game_is_whole(client: Client, services: Services) -> None:
    game = begun()
    await services.store.start_game(game)
    hit = drawn(game, 1)
    skip = drawn(game, 2, outcome="skip", predicted=None, confidence=None, top=[], points=0, drawing=[])
    await services.store.add_round(hit)
    await services.store.add_round(skip)
    await services.store.finish_game(
        msgspec.structs.replace(game, finished_at=STARTED, score=18, hits=1, prompts=2, accuracy=0.5, best_combo=1)
    )
    answer = await client.get(f"/api/games/{game.id}")
    assert answer.status_code == 200
    whole = await answer.get_json()
    light = await (await client.get(f"/api/games/{game.id}?drawings=false")).get_json()
    assert light == whole | {"rounds": [round_ | {"drawing": []} for round_ in whole["rounds"]]}
    assert (await client.get(f"/api/games/{game.id}?drawings=some")).status_code == 422
    assert whole == {
        "game": game.id,
        "player": "Ada",
        "has_own_name": True,
        "mode": "sprint",
        "alphabet": "digits",
        "score": 18,
        "hits": 1,
        "prompts": 2,
        "accuracy": 0.5,
        "best_combo": 1,
        "unranked": None,
        "unranked_code": None,
        "at": "2026-11-22T12:00:00Z",
        "model": "m1",
        "card": "Inkrush 2026-11-22 · 0-9 · 18\n🟨❌",
        "withheld": None,
        "rounds": [
            {
                "round": 1,
                "id": hit.id,
                "target": "7",
                "outcome": "hit",
                "label": "7",
                "confidence": 0.9,
                "points": 18,
                "duration_ms": 900,
                "drawing": [[[0, 9], [0, 9], [0, 40]]],
            },
            {
                "round": 2,
                "id": skip.id,
                "target": "7",
                "outcome": "skip",
                "label": None,
                "confidence": None,
                "points": 0,
                "duration_ms": 900,
                "drawing": [],
            },
        ],
    }


async def test_others_see_a_hidden_game_under_a_generated_name(client: Client, services: Services) -> None:
    game = begun(finished_at=STARTED, score=18, hits=1, prompts=2)
    await services.store.finish_game(game)
    await services.store.moderation.hide("game", game.id, reason="", moderator="mona", now=STARTED)
    answer = await client.get(f"/api/games/{game.id}")
    body = await answer.get_json()
    assert (body["player"], body["has_own_name"]) == (generate_name(game.player), False)
    assert (body["withheld"], body["rounds"]) == ("hidden", [])


async def test_a_name_from_a_room_stays_in_the_room(client: Client, services: Services) -> None:
    game = begun(finished_at=STARTED, mode="duel")
    await services.store.finish_game(game)
    body = await (await client.get(f"/api/games/{game.id}")).get_json()
    assert (body["player"], body["has_own_name"]) == (generate_name(game.player), False)


async def test_a_daily_of_today_is_not_spoiled(client: Client, services: Services) -> None:
    now = datetime.now(UTC)
    game = begun(mode="daily", started_at=now, finished_at=now, hits=1, prompts=1)
    await services.store.start_game(msgspec.structs.replace(game, finished_at=None))
    await services.store.add_round(drawn(game, 1, mode="daily"))
    await services.store.finish_game(game)

    async def look() -> tuple[str | None, int]:
        body = await (await client.get(f"/api/games/{game.id}")).get_json()
        assert body["card"].endswith("🟨")
        return body["withheld"], len(body["rounds"])

    assert await look() == ("daily", 0)
    own = begun(player=await visit(client), mode="daily", started_at=now)
    await services.store.start_game(own)
    assert await look() == ("daily", 0)  # they could still look what comes next
    await services.store.finish_game(msgspec.structs.replace(own, finished_at=now))
    assert await look() == (None, 1)


async def test_a_running_game_is_not_shown(client: Client, services: Services) -> None:
    game = begun()
    await services.store.start_game(game)
    assert await error_of(await client.get(f"/api/games/{game.id}"), 404) == "game_not_found"


@pytest.mark.parametrize("identifier", ["nothing", "%00", "a" * 4000])
async def test_no_such_game(client: Client, identifier: str) -> None:
    assert await error_of(await client.get(f"/api/games/{identifier}"), 404) == "game_not_found"


async def test_a_game_that_is_not_ranked_says_why(client: Client, services: Services) -> None:
    game = msgspec.structs.replace(begun(), finished_at=STARTED, score=18, unranked="a reason.")
    await services.store.finish_game(game)
    answer = await client.get(f"/api/games/{game.id}")
    assert (await answer.get_json())["unranked"] == "a reason."
    board = await client.get("/api/leaderboard?mode=sprint&alphabet=digits&period=all")
    assert (await board.get_json())["entries"] == []
