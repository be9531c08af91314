"""A model is loaded only if its file is complete and fits its card."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from recognition import Recognizer, UnfitModel
from recognition.model.card import CARD_FILE
from recognition.model.network import BUNDLED, MODEL_FILE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "model"))


def test_a_copy_of_the_bundled_model_loads(folder: Path) -> None:
    assert Recognizer.load(folder).version == Recognizer.load().version


def test_a_truncated_model_file_is_refused(folder: Path) -> None:
    path = folder / MODEL_FILE
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UnfitModel, match="not the file"):
        Recognizer.load(folder)


def test_a_file_that_is_not_a_model_is_refused_even_if_its_hash_fits(folder: Path) -> None:
    content = b"this is no network"
    (folder / MODEL_FILE).write_bytes(content)
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps({**card, "sha256": hashlib.sha256(content).hexdigest()}))
    with pytest.raises(UnfitModel):
        Recognizer.load(folder)


@pytest.mark.parametrize("missing", [MODEL_FILE, CARD_FILE])
def test_a_missing_file_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(UnfitModel):
        Recognizer.load(folder)
