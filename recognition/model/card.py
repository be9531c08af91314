"""Reads a model's card, ``model.json``: its version, classes and calibration, its training data and evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import msgspec

from recognition.alphabets import CLASSES
from recognition.errors import UnfitModel
from recognition.model.calibration import Calibration
from recognition.model.similarity import SimilarityScale

CARD_FILE: Final = "model.json"

_THRESHOLDS: Final[dict[str, Any]] = {
    "early": dict[str, dict[str, float]],
    "lifted": dict[str, dict[str, list[float | None]]],
}
"""The entries with thresholds, as `Model` describes them. Each may be missing."""


def read_card(folder: Path) -> dict[str, Any]:
    """Return the card of the model in ``folder``.

    Raises:
        UnfitModel: if there is no card, or an entry that is needed to run the model is missing or wrong.
    """
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnfitModel(f"There is no readable model in {folder}: {error}") from error
    if not isinstance(card, dict):
        raise UnfitModel(f"{folder / CARD_FILE} is not a model card.")
    missing = [key for key in ("version", "classes", "sha256", "calibration") if key not in card]
    if missing:
        raise UnfitModel(f"{folder / CARD_FILE} lacks {', '.join(missing)}.")
    classes = card["classes"]
    if not isinstance(classes, str) or not classes or classes != "".join(c for c in CLASSES if c in classes):
        raise UnfitModel(f"{folder / CARD_FILE} must name some of the classes {CLASSES}, in that order.")
    try:
        Calibration.from_card(card["calibration"])
        SimilarityScale.from_card(card.get("hand", {}))
    except ValueError as error:
        raise UnfitModel(f"{folder / CARD_FILE}: {error}") from error
    for key, kind in _THRESHOLDS.items():
        try:
            msgspec.convert(card.get(key, {}), kind)
        except msgspec.ValidationError as error:
            raise UnfitModel(f"{folder / CARD_FILE} has a wrong entry {key!r}: {error}") from error
    return card
