"""GET /healthz tells whether the store works; GET /livez, that the process is alive."""

from __future__ import annotations

import asyncio
from pathlib import Path

from quart import Quart

from game.services import Services
from tests.feedback.sqlite.inside import get_path
from tests.game.conftest import Client


async def test_a_server_that_works(client: Client, services: Services) -> None:
    answer = await client.get("/healthz")
    assert answer.status_code == 200
    assert await answer.get_json() == {"status": "ok", "store": "ok", "model": services.recognizer.version}
    alive = await client.get("/livez")
    assert (alive.status_code, await alive.get_json()) == (200, {"status": "ok"})


async def test_a_server_whose_database_was_removed(client: Client, services: Services) -> None:
    get_path(services.store).unlink()
    answer = await client.get("/healthz")
    assert answer.status_code == 503
    assert await answer.get_json() == {
        "status": "failing",
        "store": "the file was removed",
        "model": services.recognizer.version,
    }
    assert answer.headers["Cache-Control"] == "no-store"
    alive = await client.get("/livez")
    assert (alive.status_code, await alive.get_json()) == (200, {"status": "ok"})
    metrics = await (await client.get("/metrics")).get_data(as_text=True)
    assert "inkrush_store_failing 1.0" in metrics


async def test_a_flood_of_checks_is_answered(app: Quart) -> None:
    client = app.test_client()
    answers = await asyncio.gather(*(client.get("/healthz") for _ in range(200)))
    assert {answer.status_code for answer in answers} == {200}


async def test_the_reason_names_no_path(client: Client, services: Services, tmp_path: Path) -> None:
    get_path(services.store).write_bytes(b"")
    assert str(tmp_path) not in await (await client.get("/healthz")).get_data(as_text=True)
