"""A model is served only with the card that belongs to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recognition import Recognizer, UnfitModel
from recognition.alphabets import CLASSES
from recognition.model.card import CARD_FILE
from recognition.model.network import BUNDLED, MODEL_FILE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "model"))


def test_a_copy_of_the_bundled_model_loads(folder: Path) -> None:
    assert Recognizer.load(folder).version == Recognizer.load().version


def test_the_card_says_where_the_model_comes_from() -> None:
    card = Recognizer.load().card
    assert card["classes"] == CLASSES
    assert all(source["licence"] and source["citation"] for source in card["data"])
    assert set(card["figures"]["by_alphabet"]) == {"any", "digits", "upper", "lower", "letters"}
    assert (BUNDLED / MODEL_FILE).stat().st_size <= 4_000_000


def _without(key: str) -> Callable[[dict[str, Any]], Any]:
    return lambda card: {k: v for k, v in card.items() if k != key}


@pytest.mark.parametrize(
    "change",
    [
        _without("sha256"),
        _without("classes"),
        _without("calibration"),
        _without("version"),
        lambda card: {**card, "sha256": "0" * 64},
        lambda card: {**card, "classes": CLASSES[::-1]},
        lambda card: {**card, "calibration": {"any": 0}},
        lambda card: {**card, "calibration": {"any": "1"}},
        lambda card: {**card, "calibration": {"all": 1}},
        lambda card: {**card, "calibration": [1]},
        lambda card: {**card, "early": {"digits": 0.9}},
        lambda card: [card],
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / CARD_FILE
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(UnfitModel):
        Recognizer.load(folder)


def test_another_or_a_cut_file_is_refused(folder: Path) -> None:
    path = folder / MODEL_FILE
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UnfitModel, match="not the file"):
        Recognizer.load(folder)


def test_what_is_no_model_is_refused_even_with_its_hash(folder: Path) -> None:
    import hashlib

    content = b"this is no network"
    (folder / MODEL_FILE).write_bytes(content)
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps({**card, "sha256": hashlib.sha256(content).hexdigest()}))
    with pytest.raises(UnfitModel):
        Recognizer.load(folder)


@pytest.mark.parametrize("missing", [MODEL_FILE, CARD_FILE])
def test_a_missing_half_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(UnfitModel):
        Recognizer.load(folder)
