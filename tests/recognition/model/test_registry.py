"""Versions of the model: kept whole or not at all, and one of them in use whatever happens."""

from __future__ import annotations

import hashlib
import itertools
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from recognition import Recognizer, UnfitModel, UnknownVersion
from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import PROMOTIONS_FILE, ModelRegistry, find_models_folder
from tests.serving import ROOT

CONTENT = (BUNDLED / MODEL_FILE).read_bytes()
BUNDLED_VERSION = read_card(BUNDLED)["version"]


def card(version: str, content: bytes = CONTENT) -> dict[str, Any]:
    return {**read_card(BUNDLED), "version": version, "sha256": hashlib.sha256(content).hexdigest()}


def without_numbers() -> bytes:
    """Return the bundled model with weights that are no numbers, as a training that went wrong leaves them."""
    interpreter = Interpreter(model_content=CONTENT)
    interpreter.allocate_tensors()
    biases = [
        interpreter.get_tensor(one["index"])
        for one in interpreter.get_tensor_details()
        if one["dtype"] is np.float32 and tuple(one["shape"]) == (62,)
    ]
    (found,) = [bias for bias in biases if bias.tobytes() in CONTENT]
    return CONTENT.replace(found.tobytes(), np.full_like(found, np.nan).tobytes())


@pytest.fixture
def versions(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "models")


@pytest.fixture
def three(versions: ModelRegistry) -> ModelRegistry:
    for name in ("one", "two", "three"):
        versions.add(CONTENT, card(name))
    return versions


def in_use(versions: ModelRegistry) -> str:
    return Recognizer.load(versions.find_current()).version


def test_the_bundled_one_serves_until_another_is_promoted(versions: ModelRegistry) -> None:
    assert versions.find_current() == BUNDLED
    assert [(one.name, one.is_current) for one in versions.list_versions()] == [(BUNDLED_VERSION, True)]
    folder = versions.add(CONTENT, card("one"), {"report.html": b"<p>better</p>"})
    assert versions.find_current() == BUNDLED
    versions.promote("one", "better for held-out players")
    assert versions.find_current() == folder
    assert (folder / "report.html").read_bytes() == b"<p>better</p>"
    assert [(one.name, one.is_current) for one in versions.list_versions()] == [
        (BUNDLED_VERSION, False),
        ("one", True),
    ]
    (promotion,) = versions.read_history()
    assert (promotion.version, promotion.event, promotion.why) == (
        "one",
        "promoted",
        "better for held-out players",
    )


def test_rolling_back_goes_all_the_way(three: ModelRegistry) -> None:
    for name in ("one", "two", "two", "three"):
        three.promote(name)
    assert [three.rollback() for _ in range(3)] == ["two", "one", BUNDLED_VERSION]
    assert three.find_current() == BUNDLED
    with pytest.raises(UnknownVersion):
        three.rollback()
    assert [one.event for one in three.read_history()] == ["promoted"] * 3 + ["rolled back"] * 3


def test_after_rolling_back_promotions_go_on_from_there(three: ModelRegistry) -> None:
    three.promote("one")
    three.promote("two")
    three.rollback()
    three.promote("three")
    assert [three.rollback(), three.rollback()] == ["one", BUNDLED_VERSION]


def test_rolling_back_passes_over_what_no_longer_serves(three: ModelRegistry) -> None:
    for name in ("one", "two", "three"):
        three.promote(name)
    (three.folder / "two" / MODEL_FILE).write_bytes(b"")
    assert three.rollback() == "one"
    assert in_use(three) == "one"


@pytest.mark.parametrize("name", ["bundled", BUNDLED_VERSION])
def test_the_bundled_one_can_be_promoted_again(three: ModelRegistry, name: str) -> None:
    three.promote("one")
    three.promote(name)
    assert three.find_current() == BUNDLED
    assert three.rollback() == "one"


def test_a_version_is_never_replaced(versions: ModelRegistry) -> None:
    folder = versions.add(CONTENT, card("one"))
    assert versions.add(CONTENT, card("one")) == folder
    other = CONTENT + b"\0"
    with pytest.raises(UnfitModel, match="another model"):
        versions.add(other, card("one", other))
    assert in_use(versions) == BUNDLED_VERSION
    versions.promote("one")
    assert in_use(versions) == "one"


@pytest.mark.parametrize(
    "content", [CONTENT[:-1], b"", b"no network", without_numbers()], ids=["cut", "empty", "text", "nan"]
)
def test_a_broken_model_is_not_kept(versions: ModelRegistry, content: bytes) -> None:
    with pytest.raises(UnfitModel):
        versions.add(content, card("broken", content))
    assert [one.name for one in versions.list_versions()] == [BUNDLED_VERSION]
    assert not list(versions.folder.glob(".new-*"))


@pytest.mark.parametrize("name", ["", "..", "../outside", "a/b", ".hidden", "bundled", "a\n", "x" * 101])
def test_a_version_cannot_be_called_that(versions: ModelRegistry, name: str) -> None:
    with pytest.raises(UnfitModel):
        versions.add(CONTENT, card(name))


@pytest.mark.parametrize("name", ["", "..", "nothing", "../one", "one/../two", PROMOTIONS_FILE])
def test_what_is_not_there_is_not_promoted(three: ModelRegistry, name: str) -> None:
    with pytest.raises(UnknownVersion):
        three.promote(name)
    assert three.read_history() == ()


@pytest.mark.parametrize("file", [MODEL_FILE, CARD_FILE])
def test_what_broke_since_is_not_promoted(three: ModelRegistry, file: str) -> None:
    (three.folder / "one" / file).write_bytes(b"{}")
    with pytest.raises(UnfitModel):
        three.promote("one")
    assert three.find_current() == BUNDLED


def test_what_is_loaded_is_the_current_one(three: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKRUSH_MODELS", str(three.folder))
    assert Recognizer.load().version == BUNDLED_VERSION
    three.promote("two")
    assert Recognizer.load().version == "two"


@pytest.mark.parametrize("broken", ["two/model.tflite", "two/model.json", PROMOTIONS_FILE])
def test_where_the_current_one_is_broken_the_bundled_one_serves_and_that_is_said(
    three: ModelRegistry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    monkeypatch.setenv("INKRUSH_MODELS", str(three.folder))
    three.promote("two")
    (three.folder / broken).write_bytes(b"[")
    with caplog.at_level(logging.WARNING):
        assert Recognizer.load().version == BUNDLED_VERSION
    assert Path(broken).parts[0] in caplog.text


def test_a_promotion_written_by_hand_leads_nowhere_else(three: ModelRegistry) -> None:
    three.promote("one")
    path = three.folder / PROMOTIONS_FILE
    path.write_text(path.read_text().replace("one", "../../elsewhere"))
    with pytest.raises(UnfitModel):
        three.find_current()


def test_promotions_at_the_same_time_are_all_kept(three: ModelRegistry) -> None:
    names = ["one", "two", "three"] * 4
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ModelRegistry(three.folder).promote, names))
    history = [one.version for one in three.read_history()]
    assert set(history) == {"one", "two", "three"}
    assert all(one != other for one, other in itertools.pairwise(history))
    assert in_use(three) == history[-1]


def test_a_process_killed_at_any_step_leaves_a_folder_that_serves(versions: ModelRegistry) -> None:
    versions.add(CONTENT, card("first"))
    versions.promote("first")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.recognition.model.dying", str(versions.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 10  # steps at which it died


def test_where_they_are() -> None:
    assert find_models_folder({}) == Path("var/models")
    assert find_models_folder({"INKRUSH_VAR": "/srv/ink", "INKRUSH_MODELS": " "}) == Path("/srv/ink/models")
    assert find_models_folder({"INKRUSH_VAR": "/srv/ink", "INKRUSH_MODELS": "/m"}) == Path("/m")
