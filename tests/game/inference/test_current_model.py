"""What is promoted is taken while games run; what is broken is not."""

from __future__ import annotations

import asyncio
import logging
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from game.inference.current_model import CurrentModel
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import PROMOTIONS_FILE, ModelRegistry
from tests.bench.swap import BROKEN, prepare_registry, promote_by_hand
from tests.game.hosting import Client, Host
from tests.strokes import Samples

BUNDLED_VERSION = read_card(BUNDLED)["version"]


@pytest.fixture
def versions(tmp_path: Path) -> ModelRegistry:
    return prepare_registry(tmp_path / "models")


def in_use(current: CurrentModel) -> str:
    current.refresh()
    return current.recognizer.version


def test_each_promotion_is_taken(versions: ModelRegistry) -> None:
    current = CurrentModel(versions)
    assert current.recognizer.version == BUNDLED_VERSION
    versions.promote("first")
    assert in_use(current) == "first"
    versions.promote("second")
    assert in_use(current) == "second"
    assert CurrentModel(versions).recognizer.version == "second"
    versions.rollback()
    versions.rollback()
    assert in_use(current) == BUNDLED_VERSION


def test_a_broken_one_is_refused_once_and_taken_when_mended(
    versions: ModelRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    versions.promote("first")
    current = CurrentModel(versions)
    promote_by_hand(versions, BROKEN)
    caplog.clear()
    assert [in_use(current) for _ in range(3)] == ["first"] * 3
    (told,) = caplog.records
    assert told.levelno == logging.ERROR
    assert BROKEN in told.getMessage()
    (versions.folder / BROKEN / MODEL_FILE).write_bytes((BUNDLED / MODEL_FILE).read_bytes())
    assert in_use(current) == BROKEN


@pytest.mark.parametrize("promotions", [b"", b"[", b'{"version": "first"}', b"\xff", b'[{"version": "../x"}]'])
def test_nonsense_among_the_promotions_changes_nothing(versions: ModelRegistry, promotions: bytes) -> None:
    versions.promote("first")
    current = CurrentModel(versions)
    (versions.folder / PROMOTIONS_FILE).write_bytes(promotions)
    assert in_use(current) == "first"
    assert CurrentModel(versions).recognizer.version == BUNDLED_VERSION


def test_what_was_exchanged_is_freed(versions: ModelRegistry, samples: Samples) -> None:
    current = CurrentModel(versions)
    drawing = samples.get("7")[0].strokes
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: current.recognizer.recognize(drawing), range(16)))
        before = weakref.ref(current.recognizer)
        versions.promote("first")
        assert in_use(current) == "first"
        assert before() is None
        seen = threads.map(lambda _: current.recognizer.recognize(drawing).model, range(16))
        assert set(seen) == {"first"}


@pytest.mark.slow
async def test_a_game_goes_on_with_the_new_one(
    host: Host, client: Client, versions: ModelRegistry, samples: Samples
) -> None:
    assert (await client.join("practice"))["model"] == BUNDLED_VERSION
    prompt = await client.next("prompt")
    # A tap gets a guess but is never a hit, whatever the target is.
    await client.send(type="ink", round=prompt["round"], stroke=0, points=[10, 10, 0, 20, 20, 9])
    assert (await client.next("guess"))["model"] == BUNDLED_VERSION

    versions.promote("first")
    async with asyncio.timeout(60):  # nobody calls the server: it looks by itself
        while host.services.recognizer.version != "first":
            await asyncio.sleep(0.05)
    await client.send(type="clear", round=prompt["round"])
    await client.ink(prompt["round"], samples.get(prompt["target"])[0].place())
    verdict = await client.next("verdict")
    assert verdict["model"] == "first"
    kept = await host.services.store.get_round(verdict["id"])
    assert kept is not None
    assert kept.model == "first"
