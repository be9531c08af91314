from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from quart import Quart

from feedback.errors import StoreError
from game.app import create_app
from game.services import Services
from game.settings import Settings, read_settings
from tests.game.conftest import SEVEN, Client, error_of

POSTS = ["/api/recognize", "/api/upload", "/api/rounds/x/feedback", "/api/leaderboard", "/play", "/nothing"]


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_pages_of_other_sites_may_not_post(client: Client, address: str, headers: dict[str, str]) -> None:
    answer = await client.post(address, json={"strokes": SEVEN}, headers=headers)
    assert answer.status_code == 403
    if address.startswith("/api/"):
        assert await error_of(answer, 403) == "foreign_origin"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}],
)
async def test_own_pages_and_programs_may_post(client: Client, headers: dict[str, str]) -> None:
    answer = await client.post("/api/recognize", json={"strokes": SEVEN}, headers=headers)
    assert answer.status_code == 200


async def test_pages_of_other_sites_may_link_here(client: Client) -> None:
    answer = await client.get("/api/leaderboard", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.fixture
async def abroad(tmp_path: Path) -> AsyncIterator[Quart]:
    """Serve what is also played from elsewhere."""
    settings = read_settings({"INKRUSH_VAR": str(tmp_path), "INKRUSH_ALLOWED_ORIGINS": "https://play.example"})
    application = create_app(settings)
    async with application.test_app():
        yield application


async def test_allowed_origins_may_post(abroad: Quart) -> None:
    answer = await abroad.test_client().post(
        "/api/recognize",
        json={"strokes": SEVEN},
        headers={"Origin": "https://play.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
        ("GET", "/api/recognize", 405, "method_not_allowed"),
        ("POST", "/api/me", 405, "method_not_allowed"),
        ("DELETE", "/api/leaderboard", 405, "method_not_allowed"),
        ("PATCH", "/api/leaderboard", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
    ],
)
async def test_programs_get_their_errors_as_json(
    client: Client, method: str, address: str, status: int, code: str
) -> None:
    answer = await getattr(client, method.lower())(address)
    assert await error_of(answer, status) == code
    if status == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize(
    "part",
    ["bytes=-1", "bytes=0-1", "bytes=5-1", "bytes=-0", "bytes=0-0,2-3", "lines=1-2", "bytes=9999999-", "x"],
)
async def test_a_request_for_a_part_of_a_file_gets_the_whole(client: Client, part: str) -> None:
    whole = await client.get("/static/img/icon.svg")
    answer = await client.get("/static/img/icon.svg", headers={"Range": part})
    assert answer.status_code == 200
    assert await answer.get_data() == await whole.get_data()


async def test_every_response_has_the_security_headers(client: Client) -> None:
    for address in ("/", "/healthz", "/api/nothing", "/nothing", "/openapi.json"):
        headers = (await client.get(address)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


async def test_a_store_that_fails_gives_503(
    client: Client, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(services.store, "add_round", full)
    answer = await client.post("/api/recognize", json={"strokes": SEVEN})
    assert await error_of(answer, 503) == "store_unavailable"
    assert answer.headers["Retry-After"]
    monkeypatch.undo()
    assert (await client.post("/api/recognize", json={"strokes": SEVEN})).status_code == 200


async def test_an_unforeseen_error_gives_500_without_details(
    app: Quart, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise ZeroDivisionError("the inside")

    monkeypatch.setattr(services.store, "read_counts", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = await app.test_client().get("/api/model")
    assert await error_of(answer, 500) == "internal_error"
    assert "inside" not in await answer.get_data(as_text=True)


async def test_metrics(client: Client) -> None:
    await client.get("/healthz")
    answer = await client.get("/metrics")
    text = await answer.get_data(as_text=True)
    assert answer.mimetype == "text/plain"
    assert 'inkrush_http_requests_total{endpoint="health.healthz",status="200"}' in text
    for name in ("games_started", "games_running", "rounds", "guess_seconds", "sockets", "messages_refused"):
        assert f"inkrush_{name}" in text


async def test_the_model_and_the_counts(client: Client, services: Services) -> None:
    await client.post("/api/recognize", json={"strokes": SEVEN})
    body = await (await client.get("/api/model")).get_json()
    assert body["version"] == services.recognizer.version
    assert body["card"] == services.recognizer.card
    assert body["counts"]["rounds"] == 1


async def test_a_cookie_outlives_a_restart(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path}/inkrush.db", models=tmp_path / "models")
    first, second = create_app(settings), create_app(msgspec.structs.replace(settings))
    async with first.test_app():
        client = first.test_client()
        cookie = (await client.get("/")).headers["Set-Cookie"].split(";")[0]
    async with second.test_app():
        answer = await second.test_client().get("/", headers={"Cookie": cookie})
        assert "Set-Cookie" not in answer.headers
