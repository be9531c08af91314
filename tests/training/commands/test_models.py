"""The commands that put a version of the model to use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import PROMOTIONS_FILE, WEIGHTS_FILE, ModelRegistry
from training.__main__ import main

WITHOUT_TENSORFLOW = """
import runpy, sys
for name in ("tensorflow", "keras", "emnist"):
    sys.modules[name] = None
runpy.run_module("training", run_name="__main__", alter_sys=True)
"""
BUNDLED_VERSION = read_card(BUNDLED)["version"]


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelRegistry:
    kept = ModelRegistry(tmp_path / "models")
    monkeypatch.setenv("INKRUSH_MODELS", str(kept.folder))
    content, card = (BUNDLED / MODEL_FILE).read_bytes(), read_card(BUNDLED)
    kept.add(content, {**card, "version": "one"})
    kept.add(content, {**card, "version": "two", "learned": {"rounds": 1204, "players": 29}})
    return kept


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what a command that fails says, without the breaks of its lines."""
    capsys.readouterr()
    assert main(arguments) == 1
    said = capsys.readouterr()
    return said.err.replace("\n", "")


def test_promote_and_roll_back(versions: ModelRegistry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["promote", "two", "--why", "it was better"]) == 0
    assert versions.find_current() == versions.folder / "two"

    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    (in_use,) = [line.split() for line in listed.splitlines() if "→" in line]
    assert in_use[:2] == ["→", "two"]
    assert "1,204 rounds of 29" in listed
    assert "promoted two (it was better)" in listed

    assert main(["rollback"]) == 0
    assert BUNDLED_VERSION in capsys.readouterr().out
    assert versions.find_current() == BUNDLED
    assert "nothing to go back to" in refusal(capsys, "rollback")


def test_a_folder_that_train_has_left_is_put_to_use(
    versions: ModelRegistry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "mine"
    shutil.copytree(BUNDLED, made)
    card = {**read_card(BUNDLED), "version": "mine-1"}
    (made / CARD_FILE).write_text(json.dumps(card))
    for _ in range(2):  # the second time it is there already
        assert main(["promote", str(made)]) == 0
    assert "mine-1 is in use" in capsys.readouterr().out
    assert versions.find_current() == versions.folder / "mine-1"
    assert (versions.find_current() / WEIGHTS_FILE).read_bytes() == (made / WEIGHTS_FILE).read_bytes()

    (made / MODEL_FILE).write_bytes(b"")
    assert "not the file" in refusal(capsys, "promote", str(made))
    assert versions.find_current() == versions.folder / "mine-1"


def test_what_cannot_be_done_is_told_and_changes_nothing(
    versions: ModelRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    versions.promote("one")
    (versions.folder / "two" / MODEL_FILE).write_bytes(b"")
    assert "not the file" in refusal(capsys, "promote", "two")
    assert "no version 'three'" in refusal(capsys, "promote", "three")
    assert versions.find_current() == versions.folder / "one"
    assert main(["models"]) == 0
    assert "two cannot be used" in capsys.readouterr().out
    for wrong in (["promote"], ["rollback", "one"]):
        with pytest.raises(SystemExit) as ended:
            main(wrong)
        assert ended.value.code == 2


def test_a_broken_list_of_promotions_is_named(versions: ModelRegistry, capsys: pytest.CaptureFixture[str]) -> None:
    (versions.folder / PROMOTIONS_FILE).write_text("{")
    for arguments in (["models"], ["promote", "one"], ["rollback"]):
        assert PROMOTIONS_FILE in refusal(capsys, *arguments)


def test_tensorflow_is_not_needed(versions: ModelRegistry) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_TENSORFLOW, "promote", "one"], env=os.environ, check=False, timeout=60
    )
    assert ended.returncode == 0
    assert versions.find_current() == versions.folder / "one"
