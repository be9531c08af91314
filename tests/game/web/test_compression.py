from __future__ import annotations

import gzip

import pytest
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from game.web.compression import accepts_gzip
from tests.game.conftest import SEVEN, Client


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate, br, zstd", True),
        ("*", True),
        ("gzip;q=0.5", True),
        ("br;q=1, gzip;q=0.1", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("identity, gzip;q=0.5", False),
        ("identity;q=0.5, gzip", True),
        ("nonsense;;;", False),
    ],
)
def test_who_accepts_gzip(header: str, accepts: bool) -> None:
    assert accepts_gzip(parse_accept_header(header, MIMEAccept)) is accepts


@pytest.mark.parametrize("address", ["/play", "/openapi.json"])
async def test_long_text_is_compressed_for_those_who_take_it(client: Client, address: str) -> None:
    await client.get("/")  # for the cookie: then the page is the same each time
    plain = await client.get(address)
    packed = await client.get(address, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    body = await plain.get_data(as_text=False)
    assert gzip.decompress(await packed.get_data(as_text=False)) == body
    head = await client.head(address, headers={"Accept-Encoding": "gzip"})
    assert head.headers["Content-Encoding"] == "gzip"


async def test_short_answers_are_left_as_they_are(client: Client) -> None:
    answer = await client.post(
        "/api/recognize", json={"strokes": SEVEN, "alphabet": "digits"}, headers={"Accept-Encoding": "gzip"}
    )
    assert "Content-Encoding" not in answer.headers


async def test_what_holds_a_players_own_data_is_not_compressed(client: Client) -> None:
    for _ in range(4):
        await client.post("/api/recognize", json={"strokes": SEVEN})
    answer = await client.get("/api/me/rounds", headers={"Accept-Encoding": "gzip"})
    assert len(await answer.get_data(as_text=False)) > 2048
    assert "Content-Encoding" not in answer.headers


async def test_a_compressed_page_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    headers = {"Accept-Encoding": "gzip"}
    await client.get("/play")
    etag = (await client.get("/play", headers=headers)).headers["ETag"]
    again = await client.get("/play", headers=headers | {"If-None-Match": etag})
    assert again.status_code == 304
    assert again.headers["ETag"] == etag
