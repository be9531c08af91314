"""The model in service and those before it."""

from __future__ import annotations

import pytest

from game.services import Services
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import PROMOTIONS_FILE, REPORT_FILE, ModelRegistry
from tests.game.conftest import Client

BUNDLED_VERSION = read_card(BUNDLED)["version"]
REPORT = b"<!doctype html><title>Better</title><p>Better.</p>"


@pytest.fixture
def versions(services: Services) -> ModelRegistry:
    content, card = (BUNDLED / MODEL_FILE).read_bytes(), read_card(BUNDLED)
    services.model_registry.add(content, {**card, "version": "one"}, {REPORT_FILE: REPORT})
    services.model_registry.add(content, {**card, "version": "two"})
    return services.model_registry


async def test_the_history_is_newest_first(client: Client, services: Services, versions: ModelRegistry) -> None:
    assert (await (await client.get("/api/model")).get_json())["history"] == []
    versions.promote("one", "better for held-out players")
    versions.promote("two")
    versions.rollback("by hand")
    versions.rollback()
    services.current_model.refresh()
    body = await (await client.get("/api/model")).get_json()
    assert body["version"] == BUNDLED_VERSION
    assert [(use["version"], use["event"], use["why"]) for use in body["history"]] == [
        (BUNDLED_VERSION, "rolled back", ""),
        ("one", "rolled back", "by hand"),
        ("two", "promoted", ""),
        ("one", "promoted", "better for held-out players"),
    ]
    assert [use["report"] is not None for use in body["history"]] == [False, True, False, True]


async def test_a_broken_history_does_not_hide_the_model(client: Client, versions: ModelRegistry) -> None:
    (versions.folder / PROMOTIONS_FILE).write_bytes(b"[")
    body = await (await client.get("/api/model")).get_json()
    assert body["version"] == BUNDLED_VERSION
    assert body["history"] == []


async def test_a_report_is_shown_and_runs_no_script(client: Client, versions: ModelRegistry) -> None:
    versions.promote("one")
    (use,) = (await (await client.get("/api/model")).get_json())["history"]
    answer = await client.get(use["report"])
    assert await answer.get_data() == REPORT
    assert answer.mimetype == "text/html"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("version", ["two", "three", "..", "%2e%2e", "..%2fone", BUNDLED_VERSION, "a%00b"])
async def test_a_missing_report_gives_404(client: Client, versions: ModelRegistry, version: str) -> None:
    assert versions.list_versions()
    assert (await client.get(f"/model/{version}/report")).status_code == 404
