"""What the recognizer remembers of a player: they see it, make it forget, and switch it off."""

from __future__ import annotations

import pytest

from game.rules import tuning
from game.services import Services
from tests.game.api.test_games import begun, drawn
from tests.game.api.test_me import visit
from tests.game.conftest import SEVEN, Client, error_of

OTHER_SITE = {"Origin": "https://evil.example"}


async def play(client: Client, services: Services) -> list[str]:
    """Store three hits of a 7 for the client's player, and return their ids, the newest first."""
    game = begun(player=await visit(client), mode="practice")
    rounds = [drawn(game, number, mode="practice") for number in (1, 2, 3)]
    await services.store.add_rounds(rounds)
    return [round_.id for round_ in reversed(rounds)]


async def list_remembered(client: Client) -> list[str]:
    body = await (await client.get("/api/me/hand")).get_json()
    return [drawing["round"] for character in body["characters"] for drawing in character["drawings"]]


async def test_a_newcomer_has_an_empty_hand_that_is_on(client: Client) -> None:
    answer = await client.get("/api/me/hand")
    assert answer.headers["Cache-Control"] == "no-store"
    assert await answer.get_json() == {"on": True, "limit": 8, "known_from": 3, "waiting": 0, "characters": []}
    assert await (await client.delete("/api/me/hand")).get_json() == {"drawings": 0}


async def test_hits_are_listed_by_character_and_forgotten_one_by_one(client: Client, services: Services) -> None:
    ids = await play(client, services)
    (character,) = (await (await client.get("/api/me/hand")).get_json())["characters"]
    assert (character["character"], character["known"]) == ("7", True)
    assert [drawing["round"] for drawing in character["drawings"]] == ids
    assert character["drawings"][0] == {
        "round": ids[0],
        "at": "2026-11-22T12:00:00Z",
        "origin": "hit",
        "drawing": [[[0, 9], [0, 9]]],
    }
    assert await (await client.delete(f"/api/me/hand/rounds/{ids[1]}")).get_json() == {"drawings": 1}
    assert await (await client.delete(f"/api/me/hand/rounds/{ids[1]}")).get_json() == {"drawings": 0}
    assert await list_remembered(client) == [ids[0], ids[2]]
    assert await (await client.delete("/api/me/hand/7")).get_json() == {"drawings": 2}
    assert await list_remembered(client) == []
    assert await services.store.get_round(ids[1]) is not None  # it is only not remembered


async def test_all_of_it_is_forgotten(client: Client, services: Services) -> None:
    await play(client, services)
    await list_remembered(client)
    assert await (await client.delete("/api/me/hand")).get_json() == {"drawings": 3}
    assert await list_remembered(client) == []


async def test_others_cannot_forget_it(client: Client, stranger: Client, services: Services) -> None:
    ids = await play(client, services)
    await list_remembered(client)
    await visit(stranger)
    assert await (await stranger.delete(f"/api/me/hand/rounds/{ids[0]}")).get_json() == {"drawings": 0}
    assert await (await stranger.delete("/api/me/hand")).get_json() == {"drawings": 0}
    assert await list_remembered(client) == ids


async def test_a_label_says_whether_the_drawing_is_remembered(client: Client) -> None:
    async def label_a_seven() -> tuple[str, bool]:
        drawn = await client.post("/api/recognize", json={"strokes": SEVEN, "alphabet": "digits"})
        round_id = (await drawn.get_json())["round"]
        body = await (await client.post(f"/api/rounds/{round_id}/feedback", json={"label": "7"})).get_json()
        return round_id, body["remembered"]

    first, is_remembered = await label_a_seven()
    assert is_remembered
    assert await (await client.put("/api/me/hand", json={"on": False})).get_json() == {"on": False}
    second, is_remembered = await label_a_seven()
    assert not is_remembered
    body = await (await client.get("/api/me/hand")).get_json()
    assert not body["on"]
    assert [drawing["origin"] for drawing in body["characters"][0]["drawings"]] == ["label"]
    assert await list_remembered(client) == [first]
    assert second != first


async def test_a_long_drawing_is_shown_with_fewer_points(client: Client) -> None:
    points = [[x, 500, x] for x in range(1_000)]
    answer = await client.post("/api/recognize", json={"strokes": [points], "alphabet": "digits"})
    await client.post(f"/api/rounds/{(await answer.get_json())['round']}/feedback", json={"label": "1"})
    body = await (await client.get("/api/me/hand")).get_json()
    ((xs, ys),) = body["characters"][0]["drawings"][0]["drawing"]
    assert len(xs) == len(ys) == tuning.HAND_POINTS
    assert (xs[0], xs[-1]) == (0, 999)


async def test_what_is_not_a_character_or_not_a_switch_is_refused(client: Client) -> None:
    for name in ("77", "%C3%A9", "%00"):
        assert await error_of(await client.delete(f"/api/me/hand/{name}"), 404) == "not_found"
    assert await error_of(await client.put("/api/me/hand", json={"on": "no"}), 422) == "invalid_request"
    assert await (await client.delete("/api/me/hand/rounds/%00")).get_json() == {"drawings": 0}


@pytest.mark.parametrize("path", ["/api/me/hand", "/api/me/hand/7", "/api/me/hand/rounds/x"])
async def test_pages_of_other_sites_forget_nothing(client: Client, services: Services, path: str) -> None:
    ids = await play(client, services)
    assert await error_of(await client.delete(path, headers=OTHER_SITE), 403) == "foreign_origin"
    refused = await client.put("/api/me/hand", json={"on": False}, headers=OTHER_SITE)
    assert await error_of(refused, 403) == "foreign_origin"
    assert await list_remembered(client) == ids
