"""Reads a whole picture: finds its characters, and asks the model what they are."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from recognition.model.calibration import ALPHABET_INDICES, IS_ALIKE, Scores
from recognition.model.network import CLEAR, Model
from recognition.page.images import read_image_size
from recognition.page.limits import WorkLimits
from recognition.page.segment import FoundCharacter, find_characters
from recognition.page.text import compose_text
from recognition.page.turn import turn_box_back
from recognition.prediction import Prediction
from recognition.reading import Character, ReadPage, Sign
from recognition.render import SIZE, Images, add_empty_directions

Predict = Callable[[Scores, Images], list[Prediction]]
"""Makes predictions of scores, float64 (N, 62), and images, uint8 (N, 28, 28)."""

_CLEAR_SCORE: Final = math.log(CLEAR)


def read_page(model: Model, predict: Predict, data: bytes, alphabet: str, turn: int | None) -> ReadPage:
    """Read a picture. See `recognition.recognizer.Recognizer.read_page`."""
    limits = WorkLimits()
    is_found = False

    @cache  # the same image is scored while characters are separated and when they are read
    def compute_scores(image: bytes) -> Scores:
        line = np.frombuffer(image, np.uint8).reshape(1, SIZE, SIZE)
        may_repeat = limits.may_repeat(is_look=not is_found)
        scores = model.compute_scores(add_empty_directions(line)[0], may_repeat=may_repeat)
        limits.count_runs(1 if scores.max() >= _CLEAR_SCORE else 2)
        return scores

    def measure_certainty(image: Images) -> float:
        return _measure_certainty(model, compute_scores(image.tobytes()), alphabet)

    def predict_marks(marks: list[FoundCharacter]) -> list[Prediction]:
        if not marks:
            return []
        scores = np.array([compute_scores(mark.image.tobytes()) for mark in marks])
        return predict(scores, np.array([mark.image for mark in marks]))

    turn = turn or 0
    width, height = read_image_size(data)
    page = find_characters(data, measure_certainty, limits, turn)
    is_found = True
    predictions = predict_marks(page.characters)
    return ReadPage(
        characters=[
            Character(turn_box_back(mark.box, turn, width, height), prediction, mark.crop)
            for mark, prediction in zip(page.characters, predictions, strict=True)
        ],
        signs=[
            Sign(turn_box_back(mark.box, turn, width, height), prediction, mark.crop)
            for mark, prediction in zip(page.signs, predict_marks(page.signs), strict=True)
        ],
        text=compose_text(
            [prediction.label for prediction in predictions], [mark.box for mark in page.characters]
        ),
        width=width,
        height=height,
        turn=turn,
        frames=1,
    )


def _measure_certainty(model: Model, scores: Scores, alphabet: str) -> float:
    """Return the probability of the best candidate together with its look-alikes."""
    indices = ALPHABET_INDICES[alphabet]
    probabilities = model.calibration.compute_probabilities(scores, alphabet)
    return float(probabilities[IS_ALIKE[indices[int(np.argmax(probabilities))], indices]].sum())
