from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from feedback.ids import make_id
from feedback.records import Game
from game.services import Services
from tests.game.conftest import SEVEN, Client, error_of


async def play(services: Services, player: str, score: int, *, name: str = "Ada") -> str:
    """Store a finished sprint of digits and return its id."""
    started = datetime.now(UTC)
    played = Game(
        id=make_id(),
        player=player,
        name=name,
        mode="sprint",
        alphabet="digits",
        model="m",
        started_at=started,
        duration_ms=60_000,
    )
    await services.store.start_game(played)
    await services.store.finish_game(
        msgspec.structs.replace(
            played,
            finished_at=started + timedelta(seconds=60),
            score=score,
            hits=8,
            prompts=10,
            accuracy=0.8,
            best_combo=5,
        )
    )
    return played.id


async def board(client: Client, **query: Any) -> Any:
    answer = await client.get("/api/leaderboard", query_string={"alphabet": "digits"} | query)
    assert answer.status_code == 200, await answer.get_json()
    return await answer.get_json()


async def test_without_games_the_board_is_empty(client: Client) -> None:
    assert await board(client) == {"entries": [], "you": None}


async def test_the_best_game_of_each_player_is_ranked(client: Client, services: Services) -> None:
    first = await play(services, "a" * 32, 100)
    second = await play(services, "b" * 32, 300, name="<b>Bo</b>")
    entries = (await board(client))["entries"]
    assert [(entry["rank"], entry["game"], entry["score"]) for entry in entries] == [
        (1, second, 300),
        (2, first, 100),
    ]
    assert set(entries[0]) == {"rank", "player", "score", "hits", "accuracy", "best_combo", "at", "game"}
    assert entries[0]["player"] == "<b>Bo</b>"
    assert (entries[0]["hits"], entries[0]["accuracy"], entries[0]["best_combo"]) == (8, 0.8, 5)
    assert datetime.fromisoformat(entries[0]["at"]).tzinfo is not None
    assert "a" * 32 not in str(entries)


async def test_your_own_entry_is_given_even_below_the_limit(client: Client, services: Services) -> None:
    drawn = await (await client.post("/api/recognize", json={"strokes": SEVEN})).get_json()
    stored = await services.store.get_round(drawn["round"])
    assert stored is not None
    await play(services, stored.player, 10, name="Me")
    for number in range(3):
        await play(services, f"{number}" * 32, 50 + number)
    answer = await board(client, limit=2)
    assert len(answer["entries"]) == 2
    assert answer["you"]["rank"] == 4
    assert answer["you"]["player"] == "Me"


async def test_each_alphabet_and_mode_has_its_own_board(client: Client, services: Services) -> None:
    await play(services, "a" * 32, 100)
    assert (await board(client, alphabet="upper"))["entries"] == []
    assert (await board(client, mode="daily"))["entries"] == []
    for period in ("day", "week", "all"):
        assert len((await board(client, period=period))["entries"]) <= 1
    assert len((await board(client, period="all", mode="", limit=""))["entries"]) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"mode": "practice"}, "invalid_query"),
        ({"mode": "x"}, "invalid_query"),
        ({"period": "year"}, "invalid_query"),
        ({"limit": "0"}, "invalid_query"),
        ({"limit": "101"}, "invalid_query"),
        ({"limit": "-5"}, "invalid_query"),
        ({"limit": "ten"}, "invalid_query"),
        ({"limit": "9" * 400}, "invalid_query"),
        ({"alphabet": "greek"}, "unknown_alphabet"),
    ],
)
async def test_no_such_board(client: Client, query: dict[str, str], code: str) -> None:
    answer = await client.get("/api/leaderboard", query_string=query)
    assert await error_of(answer, 422) == code


async def test_a_board_is_sent_again_only_when_it_has_changed(client: Client, services: Services) -> None:
    await play(services, "a" * 32, 100)
    first = await client.get("/api/leaderboard?alphabet=digits")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first.headers["Vary"]
    known = {"If-None-Match": first.headers["ETag"]}
    again = await client.get("/api/leaderboard?alphabet=digits", headers=known)
    assert (again.status_code, await again.get_data()) == (304, b"")
    await play(services, "b" * 32, 300)
    changed = await client.get("/api/leaderboard?alphabet=digits", headers=known)
    assert [entry["score"] for entry in (await changed.get_json())["entries"]] == [300, 100]


async def test_looking_at_a_board_sets_no_cookie(client: Client) -> None:
    answer = await client.get("/api/leaderboard")
    assert "Set-Cookie" not in answer.headers
