"""The same player on another device."""

from __future__ import annotations

from typing import Any

import pytest

from game.rules import tuning
from game.services import Services
from tests.game.api.test_me import cookie_of, draw
from tests.game.conftest import Client, TestClock, error_of


async def claim(client: Client, code: str) -> Any:
    return await client.post("/api/me/claim", json={"code": code})


async def test_a_code_makes_another_device_the_same_player(
    client: Client, stranger: Client, services: Services
) -> None:
    mine = [await draw(client) for _ in range(2)]
    theirs = await draw(stranger)
    made = await client.post("/api/me/link", headers={"Origin": "http://localhost"})
    code = (await made.get_json())["code"]
    claimed = await claim(stranger, code.lower().replace("-", " "))
    assert await claimed.get_json() == {"rounds": 2, "left_behind": 1}
    assert claimed.headers["Cache-Control"] == "no-store"
    rounds = await (await stranger.get("/api/me/rounds")).get_data()
    assert [f'"{each}"'.encode() in rounds for each in (*mine, theirs)] == [True, True, False]
    assert await services.store.get_round(theirs) is not None  # it stays under its old player
    assert await error_of(await claim(stranger, code), 404) == "no_such_code"


async def test_a_device_that_is_new_takes_a_code_and_a_player_without_rounds_makes_one(
    client: Client, stranger: Client
) -> None:
    made = await client.post("/api/me/link")
    player = cookie_of(made)
    claimed = await claim(stranger, (await made.get_json())["code"])
    assert await claimed.get_json() == {"rounds": 0, "left_behind": 0}
    assert cookie_of(claimed) == player


@pytest.mark.parametrize("code", ["", "CDFH-JKMN-PRTV", "not a code", "🎈" * 12])
async def test_a_wrong_code_changes_nothing(client: Client, code: str) -> None:
    answer = await claim(client, code)
    assert await error_of(answer, 404) == "no_such_code"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/api/me/link", "/api/me/claim"])
async def test_pages_of_other_sites_can_do_neither(client: Client, path: str) -> None:
    answer = await client.post(path, json={"code": "x"}, headers={"Origin": "https://evil.example"})
    assert await error_of(answer, 403) == "foreign_origin"


async def test_codes_cannot_be_tried_without_end(
    client: Client, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(tuning.CLAIMS.address.at_once):
        assert (await claim(client, "CDFH-JKMN-PRTV")).status_code == 404
    assert await error_of(await claim(client, "CDFH-JKMN-PRTV"), 429) == "too_many_requests"
    clock.now_ms += 60_000
    monkeypatch.setattr(
        tuning, "ALL_CLAIMS", tuning.ALL_CLAIMS._replace(name="all", address=tuning.Rate(1, 0.001))
    )
    assert (await claim(client, "CDFH-JKMN-PRTV")).status_code == 404
    assert await error_of(await claim(client, "CDFH-JKMN-PRTV"), 429) == "too_many_requests"
