"""Limits of HTTP calls, by player and by address."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from quart import Quart

from game.play.rate_limit import Caller
from game.rules import tuning
from game.rules.tuning import CallLimit
from game.services import EXTENSION, Services
from tests.game.api.test_upload import picture
from tests.game.api.test_upload import send as send_picture
from tests.game.conftest import SEVEN, Client, TestClock, error_of
from tests.serving import Server

LOCAL = "<local>"
"""The address of the test client."""


async def get_known(client: Client, services: Services) -> Caller:
    """Have a client get its cookie, and return who it is to the limits."""
    await client.get("/")
    answer = await client.post("/api/recognize", json={"strokes": SEVEN})
    round_ = await services.store.get_round((await answer.get_json())["round"])
    assert round_ is not None
    return Caller(round_.player, LOCAL)


@pytest.fixture
def limited(app: Quart, clock: TestClock) -> Services:
    """Return the services whose limits go by the test's clock."""
    assert clock.now_ms == 0
    services = app.extensions[EXTENSION]
    assert isinstance(services, Services)
    return services


def exhaust(services: Services, limit: CallLimit, caller: Caller, *, left: int) -> None:
    """Spend a player's calls, except for ``left``."""
    services.limits.spend(limit, caller, limit.player.at_once - left)


async def test_every_call_of_the_api_is_limited_before_its_body_is_read(
    app: Quart, client: Client, limited: Services
) -> None:
    limits = (
        tuning.READS,
        tuning.STORES,
        tuning.HEAVY,
        tuning.NEW_ROOMS,
        tuning.ROOM_READS,
        tuning.LINKS,
        tuning.CLAIMS,
    )
    for limit in limits:
        limited.limits.spend(limit, Caller(None, LOCAL), 10**6)
    calls = [
        (method, re.sub("<.*?>", "x", str(rule)))
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/api/")
        for method in (rule.methods or set()) & {"GET", "POST", "DELETE", "PUT", "PATCH"}
    ]
    assert len(calls) >= 9
    for method, path in calls:
        answer = await getattr(client, method.lower())(path, data=b"not what it expects")
        assert await error_of(answer, 429) == "too_many_requests", path
        assert int(answer.headers["Retry-After"]) > 0


async def test_looks_at_a_room_take_nothing_from_those_who_look_for_one(client: Client, limited: Services) -> None:
    code = (await (await client.post("/api/rooms", json={})).get_json())["room"]
    limited.limits.spend(tuning.ROOM_TRIES, Caller(None, LOCAL), tuning.ROOM_TRIES.address.at_once - 1)
    for _ in range(3):
        assert (await client.get(f"/api/rooms/{code}")).status_code == 200
    assert await error_of(await client.get("/api/rooms/CDFHJ"), 404) == "no_such_room"
    for path in (f"/api/rooms/{code}", "/api/rooms/CDFHJ", "/api/rooms/CDFHJ/report"):
        assert await error_of(await client.get(path), 429) == "too_many_requests"


async def test_a_refused_client_is_taken_again_after_the_time_it_was_told(
    client: Client, limited: Services, clock: TestClock
) -> None:
    exhaust(limited, tuning.STORES, await get_known(client, limited), left=2)  # one of them is spent
    assert (await client.post("/api/recognize", json={"strokes": SEVEN})).status_code == 200
    refused = await client.post("/api/recognize", json={"strokes": SEVEN})
    assert await error_of(refused, 429) == "too_many_requests"
    clock.now_ms += 1000 * int(refused.headers["Retry-After"])
    assert (await client.post("/api/recognize", json={"strokes": SEVEN})).status_code == 200


async def test_others_at_the_address_go_on_when_one_player_is_refused(
    client: Client, stranger: Client, limited: Services
) -> None:
    exhaust(limited, tuning.HEAVY, await get_known(client, limited), left=0)
    assert (await client.post("/api/explain", json={"strokes": SEVEN})).status_code == 429
    await stranger.get("/")
    assert (await stranger.post("/api/explain", json={"strokes": SEVEN})).status_code == 200


async def test_a_new_cookie_for_each_request_does_not_evade_the_limit_of_the_address(
    app: Quart, limited: Services
) -> None:
    limit = tuning.HEAVY
    limited.limits.spend(limit, Caller("somebody", LOCAL), limit.address.at_once - 3)
    statuses = []
    for _ in range(5):
        client = app.test_client()
        await client.get("/")
        statuses.append((await client.post("/api/explain", json={"strokes": []})).status_code)
    assert statuses == [422] * 3 + [429] * 2


@pytest.mark.usefixtures("clock")
async def test_calls_that_are_refused_for_another_reason_count(client: Client) -> None:
    await client.get("/")
    answers = [await client.post("/api/explain", json={"strokes": []}) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [422] * 20 + [429]


async def test_beyond_a_days_drawings_one_can_still_be_recognized_but_not_stored(
    client: Client, limited: Services
) -> None:
    exhaust(limited, tuning.STORED_A_DAY, await get_known(client, limited), left=1)  # beside the first one
    assert (await client.post("/api/recognize", json={"strokes": SEVEN})).status_code == 429
    body = await (await client.post("/api/recognize", json={"strokes": SEVEN})).get_json()
    assert "1,000" in body["error"]["message"]
    assert '"store": false' in body["error"]["message"]
    answer = await client.post("/api/recognize", json={"strokes": SEVEN, "store": False})
    assert answer.status_code == 200
    assert (await answer.get_json())["round"] is None
    answer = await send_picture(client, picture())
    assert answer.status_code == 200
    assert [character["round"] for character in (await answer.get_json())["characters"]] == [None]
    assert (await limited.store.read_counts()).rounds == 1


async def test_each_character_of_a_picture_counts_as_a_drawing(client: Client, limited: Services) -> None:
    caller = await get_known(client, limited)
    exhaust(limited, tuning.STORED_A_DAY, caller, left=2)  # one of them is spent
    assert (await send_picture(client, picture())).status_code == 200
    assert (await client.post("/api/recognize", json={"strokes": SEVEN})).status_code == 429


async def test_a_days_drawings_come_back_in_the_course_of_a_day(
    client: Client, limited: Services, clock: TestClock
) -> None:
    exhaust(limited, tuning.STORED_A_DAY, await get_known(client, limited), left=0)
    assert (await client.post("/api/recognize", json={"strokes": SEVEN})).status_code == 429
    clock.now_ms += 10 * 60 * 1000
    assert (await client.post("/api/recognize", json={"strokes": SEVEN})).status_code == 200


async def test_pages_and_health_are_not_limited(client: Client, limited: Services) -> None:
    for limit in (tuning.READS, tuning.STORES, tuning.HEAVY):
        limited.limits.spend(limit, Caller(None, LOCAL), 10**6)
    for path in ("/", "/draw", "/healthz"):
        assert (await client.get(path)).status_code == 200


def get_cookie(server: Server) -> str:
    answer = server.send_raw(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").decode()
    _, _, cookie = answer.partition("set-cookie: ")
    assert cookie
    return cookie.partition(";")[0]


def send(server: Server, cookie: str, path: str, kind: str, body: bytes) -> tuple[int, dict[str, str], Any]:
    """Send a request over a connection of its own; return status, headers and body of the response."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\n"
    answer = server.send_raw(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    lines, _, content = answer.partition(b"\r\n\r\n")
    first, *rest = lines.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in rest)
    return int(first.split()[1]), headers, json.loads(content)


def test_a_client_that_floods_a_real_server_is_told_even_if_it_sends_a_large_body(server: Server) -> None:
    cookie = get_cookie(server)
    for _ in range(tuning.HEAVY.player.at_once + 50):
        status, _, _ = send(server, cookie, "/api/explain", "application/json", b'{"strokes": []}')
        if status == 429:
            break
        assert status == 422
    large = bytes(2 << 20)
    status, headers, body = send(server, cookie, "/api/upload", "multipart/form-data; boundary=x", large)
    assert (status, body["error"]["code"]) == (429, "too_many_requests")
    assert int(headers["retry-after"]) > 0
