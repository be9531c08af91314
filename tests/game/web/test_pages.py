from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from quart import Quart

from feedback.names.generated import generate_name
from game.app import CLIENT
from game.web.pages import PAGES
from tests.game.conftest import Client

KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_gives_its_visitor_a_cookie_once(client: Client, address: str) -> None:
    first = await client.get(address)
    assert first.status_code == 200
    assert first.content_type == "text/html; charset=utf-8"
    assert "inkrush_player=" in first.headers["Set-Cookie"]
    again = await client.get(address)
    assert "Set-Cookie" not in again.headers


async def test_the_play_page_shows_the_name_of_a_player_who_chooses_none(client: Client) -> None:
    first = await client.get("/play")
    player = first.headers["Set-Cookie"].partition("=")[2].partition(".")[0]
    page = await (await client.get("/play")).get_data(as_text=True)
    assert f'placeholder="{generate_name(player)}"' in page


@pytest.mark.parametrize("address", PAGES)
async def test_an_unchanged_page_is_not_sent_again(client: Client, address: str) -> None:
    first = await client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = await client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert await again.get_data() == b""


@pytest.mark.parametrize("address", [*PAGES, "/no/such/page"])
async def test_the_policy_allows_every_script_of_a_page(client: Client, address: str) -> None:
    answer = await client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    page = await answer.get_data(as_text=True)
    assert "unsafe" not in policy
    inline = re.findall(r'<script(?![^>]*\s(?:src=|type="application/json"))[^>]*>(.*?)</script>', page, re.DOTALL)
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]+\son\w+=", page), "a handler in an attribute would not run"
    assert not re.search(r"<[^>]+\sstyle=", page), "a style in an attribute would not apply"
    assert "<style" not in page


@pytest.mark.parametrize("address", PAGES)
async def test_everything_a_page_links_to_exists(client: Client, address: str) -> None:
    page = await (await client.get(address)).get_data(as_text=True)
    for named in set(re.findall(r'(?:src|href)="(/[^"#]*)"', page)):
        assert (await client.get(named)).status_code == 200, named


async def test_files_have_their_type_and_are_cached_for_a_short_time(client: Client) -> None:
    for path in (CLIENT / "static").rglob("*.*"):
        address = "/" + path.relative_to(CLIENT).as_posix()
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert answer.mimetype == KINDS.get(path.suffix, answer.mimetype), address
        assert answer.cache_control.max_age is not None
        assert 0 < answer.cache_control.max_age <= 300
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        again = await client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/static/../templates/index.html",
        "/static/%2e%2e/templates/index.html",
        "/static/..%2ftemplates/index.html",
        "/static/..%5ctemplates/index.html",
        "/static/%2fetc/passwd",
        "/static//etc/passwd",
        "/static/",
        "/static/css",
        "/static/css/",
        "/static/css/base.css/",
        "/static/css/base.css/more",
        "/static/css/base.css%00",
        "/static/%00",
        "/static/%ff",
        "/static/" + "a" * 256,
        "/static/" + "a" * 5000,
        "/static/" + "a/" * 3000,
        "/static/" + "%C3%A4" * 200,
        f"/model/{'a' * 5000}/report",
        "/model/..%2f..%2fbundled/report",
        "/model/%00/report",
    ],
)
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    assert (await client.get(path, follow_redirects=True)).status_code == 404


@given(st.text(max_size=300))
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_path_of_a_file_breaks_anything(client: Client, name: str) -> None:
    answer = await client.get("/static/" + quote(name.encode("utf-8", "surrogatepass")))
    assert answer.status_code in (200, 308, 404)


async def test_an_unknown_path_gives_a_page_that_says_so(client: Client) -> None:
    answer = await client.get("/no/such/<script>page")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    page = await answer.get_data(as_text=True)
    assert "<script>page" not in page
    assert "There is nothing at this address." in page


async def test_over_https_the_cookie_is_secure(app: Quart) -> None:
    answer = await app.test_client().get("/", scheme="https")
    assert "Secure" in answer.headers["Set-Cookie"]
