"""Rooms over HTTP."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from feedback.names.generated import generate_name
from feedback.records import Game
from game.play.room_storage import RoomStorage
from game.rules.room import Person
from game.services import Services
from tests.feedback.making import a_round
from tests.game.conftest import Client, error_of

pytestmark = pytest.mark.usefixtures("no_limits")

PLAYER = "b" * 32


async def open_room(client: Client, **body: Any) -> tuple[str, str]:
    """Open a room and return its code and its host token."""
    answer = await client.post("/api/rooms", json={"alphabet": "digits", "names": "own", **body})
    opened = await answer.get_json()
    assert answer.status_code == 200, opened
    return opened["room"], opened["host_token"]


async def take_seat(services: Services, code: str, name: str) -> str:
    """Give somebody a seat, and return the id of their game, which is stored."""
    game = Game(
        id=f"game of {name}", player=PLAYER, name=name, mode="duel", alphabet="digits", model="m",
        started_at=datetime.now(UTC),
    )  # fmt: skip
    await services.store.start_game(game)
    await RoomStorage(services.store.rooms).take_seat(code, PLAYER, name, game.id)
    return game.id


async def test_a_room_is_opened_and_seen(client: Client, services: Services) -> None:
    code, token = await open_room(client, duration_s=90)
    game = await take_seat(services, code, "Ada")
    await services.store.add_round(
        a_round(player=PLAYER, game=game, number=1, target="7", outcome="hit", points=40)
    )
    answer = await client.get(f"/api/rooms/{code.lower()}")
    assert answer.status_code == 200
    seen = await answer.get_json()
    assert seen == {
        "type": "room",
        "room": code,
        "kind": "class",
        "state": "waiting",
        "alphabet": "digits",
        "names": "own",
        "duration_ms": 90_000,
        "starts_in_ms": None,
        "target": None,
        "remaining_ms": 90_000,
        "locked": False,
        "players": [
            {
                "seat": 1, "name": "Ada", "connected": False, "score": 40, "hits": 1, "combo": 1, "over": False,
                "hidden": False,
            }
        ],
        "you": None,
        "host": False,
        "next": None,
    }  # fmt: skip
    for headers, query in ({"Authorization": f"Bearer {token}"}, ""), ({}, f"?host_token={token}"):
        answer = await client.get(f"/api/rooms/{code}{query}", headers=headers)
        assert await answer.get_json() == {**seen, "host": True}


async def test_only_the_host_reads_the_report(client: Client, services: Services) -> None:
    code, token = await open_room(client)
    game = await take_seat(services, code, "=1+1")
    storage = RoomStorage(services.store.rooms)
    await storage.change(code, lambda room, now_ms: room.start(Person("", token), now_ms))
    for number, outcome, predicted in (1, "hit", "7"), (2, "skip", "1"), (3, "skip", "1"):
        fields = {"number": number, "outcome": outcome, "predicted": predicted, "points": 0, "duration_ms": 800}
        await services.store.add_round(a_round(player=PLAYER, game=game, target="7", **fields))
    address = f"/api/rooms/{code}/report"
    for wrong in ("", "?host_token=", "?host_token=guess", f"?host_token={PLAYER}"):
        assert await error_of(await client.get(f"{address}{wrong}"), 403) == "not_host"
    answer = await client.get(address, headers={"Authorization": f"bearer {token}"})
    report = await answer.get_json()
    assert [(player["name"], player["misses"]) for player in report["players"]] == [("=1+1", 2)]
    assert report["characters"] == [
        {"target": "7", "hits": 1, "misses": 2, "blank": 0, "median_ms": 800, "read": [["1", 2]]}
    ]
    assert len(report["players"][0]["drawings"]) == 2
    assert report["expires_at_ms"] - report["started_at_ms"] > 29 * 24 * 3_600_000

    answer = await client.get(f"{address}?format=csv&host_token={token}")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO((await answer.get_data(as_text=True)).removeprefix("\ufeff"))))
    assert rows == [
        {
            "seat": "1", "player": "'=1+1", "score": "0", "character": "7", "hits": "1", "misses": "2",
            "blank": "0", "median_ms": "800", "read_as": "1 (2)",
        }
    ]  # fmt: skip
    assert await error_of(await client.get(f"{address}?format=pdf"), 422) == "invalid_query"


async def test_everybody_sees_the_best_drawings_after_the_game(client: Client, services: Services) -> None:
    code, token = await open_room(client)
    game = await take_seat(services, code, "Ada")
    for number, (outcome, points) in enumerate((("hit", 40), ("skip", 0), ("hit", 90), ("timeout", 0)), 1):
        fields = {"number": number, "outcome": outcome, "points": points}
        await services.store.add_round(a_round(player=PLAYER, game=game, target="7", **fields))
    storage = RoomStorage(services.store.rooms)
    await storage.change(code, lambda room, now_ms: room.start(Person("", token), now_ms - 5_000))
    address = f"/api/rooms/{code}/drawings"
    assert await error_of(await client.get(address), 409) == "not_over"
    await storage.change(code, lambda room, _: room.finish_seat(1))
    answer = await client.get(address)
    drawings = (await answer.get_json())["drawings"]
    assert [(drawing["round"], drawing["outcome"]) for drawing in drawings] == [
        (3, "hit"),
        (1, "hit"),
        (2, "skip"),
    ]
    assert all(len(stroke) == 2 for drawing in drawings for stroke in drawing["drawing"])


async def test_a_room_is_deleted_by_its_host(client: Client, services: Services) -> None:
    code, token = await open_room(client)
    game = await take_seat(services, code, "Ada")
    assert await error_of(await client.delete(f"/api/rooms/{code}"), 403) == "not_host"
    answer = await client.delete(f"/api/rooms/{code}?host_token={token}")
    assert await answer.get_json() == {"room": code}
    for call in (client.get, client.delete):
        assert await error_of(await call(f"/api/rooms/{code}?host_token={token}"), 404) == "no_such_room"
    assert await services.store.get_game(game) is not None


async def test_the_generated_name_is_the_players_own(client: Client, services: Services) -> None:
    code, _ = await open_room(client, names="generated")
    await take_seat(services, code, "Ada")
    answer = await client.get(f"/api/rooms/{code}")
    assert [player["name"] for player in (await answer.get_json())["players"]] == [generate_name(PLAYER)]


@pytest.mark.parametrize("code", ["CDFHJ", "nothing", "%00", "a" * 4000, "CDFH%F0%9F%98%80"])
async def test_there_is_no_such_room(client: Client, code: str) -> None:
    assert await error_of(await client.get(f"/api/rooms/{code}"), 404) == "no_such_room"
    assert await error_of(await client.get(f"/api/rooms/{code}/report"), 404) == "no_such_room"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"duration_s": 29}, "invalid_request"),
        ({"duration_s": 301}, "invalid_request"),
        ({"duration_s": "60"}, "invalid_request"),
        ({"names": "any"}, "invalid_request"),
        ({"alphabet": "greek"}, "unknown_alphabet"),
    ],
)
async def test_a_room_that_cannot_be(client: Client, body: dict[str, Any], code: str) -> None:
    assert await error_of(await client.post("/api/rooms", json=body), 422) == code
