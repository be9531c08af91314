"""Reads a whole picture: finds its characters, and asks the model what they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby
from typing import Final

import numpy as np

from recognition.alphabets import CLASSES
from recognition.model.calibration import ALPHABET_INDICES, IS_ALIKE, Scores
from recognition.model.network import CLEAR, Model
from recognition.page.found import FoundCharacter
from recognition.page.frames import count_frames
from recognition.page.images import Box, read_image_size
from recognition.page.judge import Certainty
from recognition.page.limits import WorkLimits
from recognition.page.line_context import measure_evidence, read_in_context
from recognition.page.outline import turn_corners_back
from recognition.page.segment import find_characters
from recognition.page.text import Place, count_words, find_breaks, join_text
from recognition.page.turn import turn_box_back
from recognition.page.weights import choose_weights
from recognition.page.window import Bounds
from recognition.prediction import Prediction
from recognition.reading import Character, ReadPage, Sign
from recognition.render import SIZE, Images, add_empty_directions

Predict = Callable[[Scores, Images, Scores | None], list[Prediction]]
"""Makes predictions of scores, float64 (N, 62), and images, uint8 (N, 28, 28).

The third are the probabilities of the alphabet's characters, float64 (N, K). If there are none, they are computed
from the scores.
"""

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

    def measure_certainty(image: Images) -> Certainty:
        return _measure_certainty(model, compute_scores(image.tobytes()), alphabet)

    def compute_all(images: Iterable[Images]) -> Scores:
        return np.array([compute_scores(image.tobytes()) for image in images]).reshape(-1, len(CLASSES))

    def measure_context(
        images: list[Images], bounds: list[Bounds], signs: list[Bounds], places: list[Place]
    ) -> float:
        alone = model.calibration.compute_probabilities(compute_all(images), alphabet)
        breaks = find_breaks(list(map(_get_box, bounds)), [0] * len(bounds), list(map(_get_box, signs)), places)
        evidence = measure_evidence(alone, alphabet, bounds, count_words(breaks))
        return evidence + len(alone) * math.log(alone.shape[1])

    width, height = read_image_size(data)
    page = find_characters(
        data,
        measure_certainty,
        limits,
        turn,
        choose_weights(alphabet),
        measure_context if alphabet != "digits" else None,
    )
    turn = page.turn
    is_found = True
    lines = [character.line for character in page.characters]
    boxes, sign_boxes = ([_get_box(mark.bounds) for mark in marks] for marks in (page.characters, page.signs))
    breaks = find_breaks(boxes, lines, sign_boxes, [character.place for character in page.characters])
    images, sign_images = _stack_images(page.characters), _stack_images(page.signs)
    scores, sign_scores = compute_all(images), compute_all(sign_images)
    alone = model.calibration.compute_probabilities(scores, alphabet)
    together = _read_lines(alone, alphabet, page.characters, count_words(breaks))
    predictions = predict(scores, images, together)
    of_signs = predict(sign_scores, sign_images, None)
    return ReadPage(
        characters=[
            Character(turn_box_back(mark.box, turn, width, height), prediction, mark.crop, mark.wholeness)
            for mark, prediction in zip(page.characters, predictions, strict=True)
        ],
        signs=[
            Sign(turn_box_back(mark.box, turn, width, height), prediction, mark.crop)
            for mark, prediction in zip(page.signs, of_signs, strict=True)
        ],
        text=join_text([prediction.label for prediction in predictions], breaks),
        width=width,
        height=height,
        turn=turn,
        frames=count_frames(data),
        outline=turn_corners_back(page.outline, turn, width, height) if page.outline else None,
        picture=page.picture,
    )


def _get_box(bounds: Bounds) -> Box:
    left, top, right, bottom = bounds
    return left, top, right - left, bottom - top


def _stack_images(marks: list[FoundCharacter]) -> Images:
    return np.array([mark.image for mark in marks], dtype=np.uint8).reshape(-1, SIZE, SIZE)


def _read_lines(alone: Scores, alphabet: str, characters: list[FoundCharacter], words: list[int]) -> Scores:
    """Return float64 (N, K), the probabilities of the characters, each in the context of its line."""
    together = alone.copy()
    for _, group in groupby(range(len(characters)), key=lambda number: characters[number].line):
        numbers = list(group)
        bounds = [characters[number].bounds for number in numbers]
        together[numbers] = read_in_context(
            alone[numbers], alphabet, bounds, [words[number] for number in numbers]
        )
    return together


def _measure_certainty(model: Model, scores: Scores, alphabet: str) -> Certainty:
    indices = ALPHABET_INDICES[alphabet]
    probabilities = model.calibration.compute_probabilities(scores, alphabet)
    is_alike = IS_ALIKE[indices[int(np.argmax(probabilities))]]
    in_play = float(probabilities[is_alike[indices]].sum())
    if alphabet == "any":
        return Certainty(in_play, in_play)
    among_all = model.calibration.compute_probabilities(scores, "any")
    return Certainty(in_play, float(among_all[is_alike].sum()))
