"""A card names what is needed to run its model, or it is refused."""

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


def test_the_card_names_data_and_figures() -> None:
    card = Recognizer.load().card
    assert card["classes"] == CLASSES
    assert all(source["licence"] and source["citation"] for source in card["data"])
    assert set(card["figures"]["by_alphabet"]) == {"any", "digits", "upper", "lower", "letters"}
    assert (BUNDLED / MODEL_FILE).stat().st_size <= 4_000_000


def remove_key(key: str) -> Callable[[dict[str, Any]], Any]:
    return lambda card: {k: v for k, v in card.items() if k != key}


@pytest.mark.parametrize(
    "change",
    [
        remove_key("sha256"),
        remove_key("classes"),
        remove_key("calibration"),
        remove_key("version"),
        lambda card: {**card, "sha256": "0" * 64},
        lambda card: {**card, "classes": CLASSES[::-1]},
        lambda card: {**card, "calibration": {"any": 0}},
        lambda card: {**card, "calibration": {"any": "1"}},
        lambda card: {**card, "calibration": {"all": 1}},
        lambda card: {**card, "calibration": [1]},
        lambda card: {**card, "early": {"digits": 0.9}},
        lambda card: {**card, "lifted": {"digits": {"7": 0.9}}},
        lambda card: {**card, "hand": 0.7},
        lambda card: {**card, "hand": {"same": 0.5, "other": 0.5}},
        lambda card: [card],
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / CARD_FILE
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(UnfitModel):
        Recognizer.load(folder)
