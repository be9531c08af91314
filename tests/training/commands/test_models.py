"""``python -m training models``, ``promote`` and ``rollback``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import PROMOTIONS_FILE, WEIGHTS_FILE, ModelRegistry
from tests.training.command import run_without_tensorflow
from training.__main__ import main

BUNDLED_VERSION = read_card(BUNDLED)["version"]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelRegistry:
    registry = ModelRegistry(tmp_path / "models")
    monkeypatch.setenv("INKRUSH_MODELS", str(registry.folder))
    content, card = (BUNDLED / MODEL_FILE).read_bytes(), read_card(BUNDLED)
    registry.add(content, {**card, "version": "one"})
    registry.add(content, {**card, "version": "two", "learned": {"rounds": 1204, "players": 29}})
    return registry


def run_failing(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a command that fails prints on standard error."""
    capsys.readouterr()
    assert main(arguments) == 1
    return capsys.readouterr().err


def test_promote_and_rollback(registry: ModelRegistry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["promote", "two", "--why", "it was better"]) == 0
    assert registry.find_current() == registry.folder / "two"

    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    (in_use,) = [line.split() for line in listed.splitlines() if "→" in line]
    assert in_use[:2] == ["→", "two"]
    assert "1,204 rounds of 29" in listed
    assert "promoted two (it was better)" in listed

    assert main(["rollback"]) == 0
    assert BUNDLED_VERSION in capsys.readouterr().out
    assert registry.find_current() == BUNDLED
    assert "nothing to go back to" in run_failing(capsys, "rollback")


def test_a_folder_that_train_wrote_is_promoted(
    registry: ModelRegistry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "mine"
    shutil.copytree(BUNDLED, made)
    card = {**read_card(BUNDLED), "version": "mine-1"}
    (made / CARD_FILE).write_text(json.dumps(card))
    for _ in range(2):  # the second time, it is in the registry already
        assert main(["promote", str(made)]) == 0
    assert "mine-1 is in service" in capsys.readouterr().out
    assert registry.find_current() == registry.folder / "mine-1"
    assert (registry.find_current() / WEIGHTS_FILE).read_bytes() == (made / WEIGHTS_FILE).read_bytes()

    (made / MODEL_FILE).write_bytes(b"")
    assert "not the file" in run_failing(capsys, "promote", str(made))
    assert registry.find_current() == registry.folder / "mine-1"


def test_what_cannot_be_promoted_changes_nothing(
    registry: ModelRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.promote("one")
    (registry.folder / "two" / MODEL_FILE).write_bytes(b"")
    assert "not the file" in run_failing(capsys, "promote", "two")
    assert "no version 'three'" in run_failing(capsys, "promote", "three")
    assert registry.find_current() == registry.folder / "one"
    assert main(["models"]) == 0
    assert "two cannot be used" in capsys.readouterr().out
    for wrong in (["promote"], ["rollback", "one"]):
        with pytest.raises(SystemExit) as ended:
            main(wrong)
        assert ended.value.code == 2


def test_a_broken_list_of_promotions_is_reported(
    registry: ModelRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    (registry.folder / PROMOTIONS_FILE).write_text("{")
    for arguments in (["models"], ["promote", "one"], ["rollback"]):
        assert PROMOTIONS_FILE in run_failing(capsys, *arguments)


def test_tensorflow_is_not_needed(registry: ModelRegistry) -> None:
    ended = run_without_tensorflow("promote", "one")
    assert ended.returncode == 0, ended.stderr
    assert registry.find_current() == registry.folder / "one"
