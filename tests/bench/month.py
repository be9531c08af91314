"""A simulated month: people draw what they once drew for UNIPEN, and label it as players would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import numpy as np

from feedback.ids import make_id
from feedback.records import Drawing, Round
from game.rules import scoring
from game.rules.scoring import Pen
from recognition import Prediction, Recognizer, encode_png
from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from recognition.render import render
from training.augmentation.synthesize import place_on_square, to_drawings
from training.datasets.strokes import StrokeSet

VANDAL: Final = "vandal"
FIRST_DAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
DAYS: Final = 30

_FREE_SHARE: Final = 0.2  # drawings that are drawn freely; their player confirms or corrects the prediction
_CORRECTED_SHARE: Final = 0.4  # skipped drawings that their player labels after the game
_KINDS: Final = {"digits": DIGITS, "upper": UPPER, "lower": LOWER}


@dataclass(frozen=True, slots=True)
class Habits:
    """How players treat labels.

    Attributes:
        mistakes: share of a careless player's labels that are replaced by a random character, 0..1.
        careless: every how many-th player is careless.
        vandal: number of drawings that one more player labels 7, whatever they are.
    """

    mistakes: float = 0.05
    careless: int = 3
    vandal: int = 0


def simulate_month(
    drawings: StrokeSet, recognizer: Recognizer, habits: Habits, seed: int
) -> Iterator[list[Round]]:
    """Yield the rounds of each player: each drawing once, on some day, accepted or not as in the game."""
    random = np.random.default_rng(seed)
    writers = np.unique(drawings.writers)
    for number, writer in enumerate(writers.tolist()):
        (own,) = np.nonzero(drawings.writers == writer)
        mistakes = habits.mistakes if number % habits.careless == 0 else 0.0
        shuffled = drawings.take(random.permutation(own))
        yield [
            _label_as_player(round_, truth, mistakes, random)
            for round_, truth in _play_drawings(f"{writer:032x}", shuffled, recognizer, random)
        ]
    if habits.vandal:
        chosen = drawings.take(random.choice(len(drawings), habits.vandal, replace=False))
        # A little narrower than the drawing it copies, so that it does not count as a repeat.
        copies = _make_narrower(chosen)
        played = _play_drawings(VANDAL, copies, recognizer, random, free_share=1.0)
        yield [_set_label(round_, "7") for round_, _ in played]


def merge_rounds(by_player: Sequence[list[Round]]) -> list[Round]:
    """Return all rounds in the order in which they were played."""
    return sorted((round_ for rounds in by_player for round_ in rounds), key=lambda round_: round_.at)


def _play_drawings(
    player: str,
    drawings: StrokeSet,
    recognizer: Recognizer,
    random: np.random.Generator,
    free_share: float = _FREE_SHARE,
) -> list[tuple[Round, str]]:
    """Return rounds that nobody has labeled yet, each with the character that was drawn."""
    strokes = place_on_square(drawings.strokes)
    images = render(strokes)
    played = []
    for label, drawing, image in zip(drawings.labels.tolist(), to_drawings(strokes), images, strict=True):
        truth = CLASSES[label]
        is_free = bool(random.random() < free_share)
        alphabet = _choose_alphabet(truth, is_free, random)
        (prediction,) = recognizer.recognize_images(image[None], alphabet)
        played.append((_make_round(player, truth, drawing, prediction, alphabet, is_free, random), truth))
    return sorted(played, key=lambda pair: pair[0].at)


def _choose_alphabet(truth: str, is_free: bool, random: np.random.Generator) -> str:
    if is_free:
        return "any"
    (kind,) = (name for name, members in _KINDS.items() if truth in members)
    names = [kind, "any"] if kind == "digits" else [kind, "letters", "any"]
    return str(random.choice(names))


def _make_round(
    player: str,
    truth: str,
    drawing: Drawing,
    prediction: Prediction,
    alphabet: str,
    is_free: bool,
    random: np.random.Generator,
) -> Round:
    is_hit = scoring.is_hit(prediction, truth, alphabet, Pen.RESTING)
    return Round(
        id=make_id(),
        at=FIRST_DAY + timedelta(seconds=float(random.uniform(0, DAYS * 86_400))),
        player=player,
        source="draw" if is_free else "challenge",
        alphabet=alphabet,
        predicted=prediction.label,
        confidence=prediction.confidence,
        top=[(c.label, c.probability) for c in prediction.candidates[:5]],
        model=prediction.model,
        mode=None if is_free else "sprint",
        target=None if is_free else truth,
        outcome=None if is_free else "hit" if is_hit else "skip",
        drawing=drawing,
        image=encode_png(prediction.image),
    )


def _label_as_player(round_: Round, truth: str, mistakes: float, random: np.random.Generator) -> Round:
    is_labeled = round_.source == "draw" or (round_.outcome == "skip" and random.random() < _CORRECTED_SHARE)
    if not is_labeled:
        return round_
    return _set_label(round_, str(random.choice(list(CLASSES))) if random.random() < mistakes else truth)


def _set_label(round_: Round, label: str) -> Round:
    verdict = "confirmed" if label == round_.predicted else "corrected"
    return msgspec.structs.replace(round_, label=label, verdict=verdict, label_by="player")


def _make_narrower(drawings: StrokeSet) -> StrokeSet:
    points = drawings.strokes.points * np.array([0.93, 1.0])
    return replace(drawings, strokes=replace(drawings.strokes, points=points))
