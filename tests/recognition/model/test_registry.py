"""The model registry: versions are complete or absent, and one of them is always in service."""

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


def make_card(version: str, content: bytes = CONTENT) -> dict[str, Any]:
    return {**read_card(BUNDLED), "version": version, "sha256": hashlib.sha256(content).hexdigest()}


def make_model_with_nan() -> bytes:
    """Return the bundled model with weights that are NaN, as after a failed training."""
    interpreter = Interpreter(model_content=CONTENT)
    interpreter.allocate_tensors()
    biases = [
        interpreter.get_tensor(tensor["index"])
        for tensor in interpreter.get_tensor_details()
        if tensor["dtype"] is np.float32 and tuple(tensor["shape"]) == (62,)
    ]
    (bias,) = [bias for bias in biases if bias.tobytes() in CONTENT]
    return CONTENT.replace(bias.tobytes(), np.full_like(bias, np.nan).tobytes())


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "models")


@pytest.fixture
def filled_registry(registry: ModelRegistry) -> ModelRegistry:
    for name in ("one", "two", "three"):
        registry.add(CONTENT, make_card(name))
    return registry


def read_version_in_use(registry: ModelRegistry) -> str:
    return Recognizer.load(registry.find_current()).version


def test_the_bundled_version_is_in_use_until_another_is_promoted(registry: ModelRegistry) -> None:
    assert registry.find_current() == BUNDLED
    assert [(version.name, version.is_current) for version in registry.list_versions()] == [
        (BUNDLED_VERSION, True)
    ]
    folder = registry.add(CONTENT, make_card("one"), {"report.html": b"<p>better</p>"})
    assert registry.find_current() == BUNDLED
    registry.promote("one", "better for held-out players")
    assert registry.find_current() == folder
    assert (folder / "report.html").read_bytes() == b"<p>better</p>"
    assert [(version.name, version.is_current) for version in registry.list_versions()] == [
        (BUNDLED_VERSION, False),
        ("one", True),
    ]
    (promotion,) = registry.read_history()
    assert (promotion.version, promotion.event, promotion.why) == (
        "one",
        "promoted",
        "better for held-out players",
    )


def test_rollbacks_go_back_to_the_bundled_version(filled_registry: ModelRegistry) -> None:
    for name in ("one", "two", "two", "three"):
        filled_registry.promote(name)
    assert [filled_registry.rollback() for _ in range(3)] == ["two", "one", BUNDLED_VERSION]
    assert filled_registry.find_current() == BUNDLED
    with pytest.raises(UnknownVersion):
        filled_registry.rollback()
    assert [promotion.event for promotion in filled_registry.read_history()] == ["promoted"] * 3 + [
        "rolled back"
    ] * 3


def test_a_promotion_after_a_rollback_replaces_what_was_rolled_back(filled_registry: ModelRegistry) -> None:
    filled_registry.promote("one")
    filled_registry.promote("two")
    filled_registry.rollback()
    filled_registry.promote("three")
    assert [filled_registry.rollback(), filled_registry.rollback()] == ["one", BUNDLED_VERSION]


def test_a_rollback_skips_versions_that_no_longer_serve(filled_registry: ModelRegistry) -> None:
    for name in ("one", "two", "three"):
        filled_registry.promote(name)
    (filled_registry.folder / "two" / MODEL_FILE).write_bytes(b"")
    assert filled_registry.rollback() == "one"
    assert read_version_in_use(filled_registry) == "one"


@pytest.mark.parametrize("name", ["bundled", BUNDLED_VERSION])
def test_the_bundled_version_can_be_promoted_again(filled_registry: ModelRegistry, name: str) -> None:
    filled_registry.promote("one")
    filled_registry.promote(name)
    assert filled_registry.find_current() == BUNDLED
    assert filled_registry.rollback() == "one"


def test_a_version_is_never_replaced(registry: ModelRegistry) -> None:
    folder = registry.add(CONTENT, make_card("one"))
    assert registry.add(CONTENT, make_card("one")) == folder
    other = CONTENT + b"\0"
    with pytest.raises(UnfitModel, match="another model"):
        registry.add(other, make_card("one", other))
    assert read_version_in_use(registry) == BUNDLED_VERSION
    registry.promote("one")
    assert read_version_in_use(registry) == "one"


@pytest.mark.parametrize(
    "content", [CONTENT[:-1], b"", b"no network", make_model_with_nan()], ids=["cut", "empty", "text", "nan"]
)
def test_a_broken_model_is_not_added(registry: ModelRegistry, content: bytes) -> None:
    with pytest.raises(UnfitModel):
        registry.add(content, make_card("broken", content))
    assert [version.name for version in registry.list_versions()] == [BUNDLED_VERSION]
    assert not list(registry.folder.glob(".new-*"))


@pytest.mark.parametrize("name", ["", "..", "../outside", "a/b", ".hidden", "bundled", "a\n", "x" * 101])
def test_invalid_version_names_are_refused(registry: ModelRegistry, name: str) -> None:
    with pytest.raises(UnfitModel):
        registry.add(CONTENT, make_card(name))


@pytest.mark.parametrize("name", ["", "..", "nothing", "../one", "one/../two", PROMOTIONS_FILE])
def test_an_unknown_version_is_not_promoted(filled_registry: ModelRegistry, name: str) -> None:
    with pytest.raises(UnknownVersion):
        filled_registry.promote(name)
    assert filled_registry.read_history() == ()


@pytest.mark.parametrize("file", [MODEL_FILE, CARD_FILE])
def test_a_version_that_broke_is_not_promoted(filled_registry: ModelRegistry, file: str) -> None:
    (filled_registry.folder / "one" / file).write_bytes(b"{}")
    with pytest.raises(UnfitModel):
        filled_registry.promote("one")
    assert filled_registry.find_current() == BUNDLED


def test_the_recognizer_loads_the_version_in_use(
    filled_registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKRUSH_MODELS", str(filled_registry.folder))
    assert Recognizer.load().version == BUNDLED_VERSION
    filled_registry.promote("two")
    assert Recognizer.load().version == "two"


@pytest.mark.parametrize("broken", ["two/model.tflite", "two/model.json", PROMOTIONS_FILE])
def test_if_the_version_in_use_is_broken_the_bundled_one_serves_with_a_warning(
    filled_registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    monkeypatch.setenv("INKRUSH_MODELS", str(filled_registry.folder))
    filled_registry.promote("two")
    (filled_registry.folder / broken).write_bytes(b"[")
    with caplog.at_level(logging.WARNING):
        assert Recognizer.load().version == BUNDLED_VERSION
    assert Path(broken).parts[0] in caplog.text


def test_an_edited_promotion_cannot_name_another_folder(filled_registry: ModelRegistry) -> None:
    filled_registry.promote("one")
    path = filled_registry.folder / PROMOTIONS_FILE
    path.write_text(path.read_text().replace("one", "../../elsewhere"))
    with pytest.raises(UnfitModel):
        filled_registry.find_current()


def test_concurrent_promotions_are_all_recorded(filled_registry: ModelRegistry) -> None:
    names = ["one", "two", "three"] * 4
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ModelRegistry(filled_registry.folder).promote, names))
    history = [promotion.version for promotion in filled_registry.read_history()]
    assert set(history) == {"one", "two", "three"}
    assert all(before != after for before, after in itertools.pairwise(history))
    assert read_version_in_use(filled_registry) == history[-1]


@pytest.mark.slow
def test_a_process_killed_at_any_step_leaves_a_version_that_serves(registry: ModelRegistry) -> None:
    registry.add(CONTENT, make_card("first"))
    registry.promote("first")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.recognition.model.kill_at_each_step", str(registry.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 10  # steps at which a process was killed


def test_the_models_folder_follows_the_environment() -> None:
    assert find_models_folder({}) == Path("var/models")
    assert find_models_folder({"INKRUSH_VAR": "/srv/ink", "INKRUSH_MODELS": " "}) == Path("/srv/ink/models")
    assert find_models_folder({"INKRUSH_VAR": "/srv/ink", "INKRUSH_MODELS": "/m"}) == Path("/m")
