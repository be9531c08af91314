"""A player downloads and deletes their data."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from feedback.export import FORMATS
from feedback.importing.errors import UnusableLine
from feedback.importing.rounds_file import read_rounds
from feedback.records import Round
from game.api.me import _write_lines
from game.services import Services
from game.web.players import COOKIE
from tests.feedback.rounds import a_pictured_round
from tests.game.conftest import SEVEN, Client, error_of


async def draw(client: Client) -> str:
    answer = await client.post("/api/recognize", json={"strokes": SEVEN, "alphabet": "digits"})
    return str((await answer.get_json())["round"])


async def body_of(answer: Any) -> bytes:
    body = await answer.get_data()
    assert isinstance(body, bytes)
    return body


def read(body: bytes) -> list[Round | UnusableLine]:
    return list(read_rounds(io.BufferedReader(io.BytesIO(body))))


def cookie_of(answer: Any) -> str:
    """Return the value of the cookie that an answer sets, empty where it ends it."""
    (header,) = answer.headers.getlist("Set-Cookie")
    name, _, value = header.partition(";")[0].partition("=")
    assert name == COOKIE
    return str(value)


async def visit(client: Client) -> str:
    """Open a page, and return the id of the player that the client is from then on."""
    return cookie_of(await client.get("/")).partition(".")[0]


async def test_a_player_gets_only_their_own_rounds(client: Client, stranger: Client, services: Services) -> None:
    mine = [await draw(client) for _ in range(3)]
    await draw(stranger)
    answer = await client.get("/api/me/rounds")
    assert answer.status_code == 200
    assert answer.mimetype == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="inkrush-rounds.ndjson"'
    assert answer.headers["Cache-Control"] == "no-store"
    body = await body_of(answer)
    assert [json.loads(line)["key_id"] for line in body.splitlines()] == mine
    assert list(read_rounds(io.BufferedReader(io.BytesIO(body)))) == [
        await services.store.get_round(i) for i in mine
    ]


async def test_others_get_their_turn_during_a_long_download() -> None:
    """However fast the store and the client are: thousands of rounds are not encoded at one go."""
    number = 400
    turns = 0

    async def read_quickly() -> AsyncIterator[Round]:
        for _ in range(number):
            yield a_pictured_round()

    async def take_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    others = asyncio.create_task(take_turns())
    written = b"".join([piece async for piece in _write_lines(FORMATS["ndjson"], None, read_quickly())])
    others.cancel()
    assert written.count(b"\n") == number
    assert turns > number / 50


async def test_rounds_as_csv(client: Client) -> None:
    mine = [await draw(client) for _ in range(2)]
    answer = await client.get("/api/me/rounds?format=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="inkrush-rounds.csv"'
    body = await body_of(answer)
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert [row["key_id"] for row in rows] == mine
    assert all(isinstance(one, Round) for one in read(body))


async def test_without_a_valid_cookie_there_are_no_rounds(client: Client) -> None:
    answer = await client.get("/api/me/rounds")
    assert (answer.status_code, await answer.get_data()) == (200, b"")
    forged = await client.get("/api/me/rounds", headers={"Cookie": f"{COOKIE}={'a' * 32}.forged"})
    assert await forged.get_data() == b""
    assert await error_of(await client.get("/api/me/rounds?format=xlsx"), 422) == "invalid_query"


async def test_a_store_that_fails_gives_503_instead_of_half_a_file(client: Client, services: Services) -> None:
    await services.store.close()
    assert await error_of(await client.get("/api/me/rounds"), 503) == "store_unavailable"


async def test_deleting_removes_all_of_a_players_data_and_the_cookie(
    client: Client, stranger: Client, services: Services
) -> None:
    mine = [await draw(client) for _ in range(3)]
    theirs = await draw(stranger)
    answer = await client.delete("/api/me", headers={"Origin": "http://localhost"})
    assert answer.status_code == 200
    assert await answer.get_json() == {"rounds": 3, "games": 0}
    assert answer.headers["Cache-Control"] == "no-store"
    assert cookie_of(answer) == ""
    assert [await services.store.get_round(one) for one in mine] == [None] * 3
    assert await services.store.get_round(theirs) is not None
    assert await (await client.get("/api/me/rounds")).get_data() == b""
    assert await services.store.get_round(await draw(client)) is not None  # as somebody new


async def test_deleting_without_a_cookie_deletes_nothing(client: Client, services: Services) -> None:
    assert await (await client.delete("/api/me")).get_json() == {"rounds": 0, "games": 0}
    assert (await services.store.read_counts()).players == 0


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
async def test_pages_of_other_sites_delete_nothing(
    client: Client, services: Services, headers: dict[str, str]
) -> None:
    kept = await draw(client)
    assert await error_of(await client.delete("/api/me", headers=headers), 403) == "foreign_origin"
    assert await services.store.get_round(kept) is not None


async def test_an_old_cookie_of_a_deleted_player_is_replaced_by_the_next_page(client: Client) -> None:
    old = cookie_of(await client.get("/"))
    await client.delete("/api/me")
    headers = {"Cookie": f"{COOKIE}={old}"}
    refused = await client.post("/api/recognize", json={"strokes": SEVEN}, headers=headers)
    assert await error_of(refused, 410) == "player_deleted"
    page = await client.get("/privacy", headers=headers)
    assert page.status_code == 200
    assert cookie_of(page) not in ("", old)


async def test_the_privacy_page_says_whether_there_is_a_sheet(client: Client) -> None:
    text = " ".join((await (await client.get("/privacy")).get_data(as_text=True)).split())
    assert "No Sheet is connected now." in text
    assert "has also connected a Google Sheet" not in text
