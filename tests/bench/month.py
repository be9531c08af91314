"""A simulated month: people draw what they once drew for UNIPEN, and say of it what players would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import numpy as np

from feedback.ids import make_id
from feedback.records import Round
from game.rules import scoring
from recognition import Prediction, Recognizer, encode_png
from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from recognition.render import render
from training.augmentation.synthesize import place_on_square, to_drawings
from training.datasets.strokes import StrokeSet

VANDAL: Final = "vandal"
FIRST_DAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
DAYS: Final = 30

_FREE: Final = 0.2  # of the drawings are drawn freely, and their reader's guess confirmed or corrected
_CORRECTING: Final = 0.4  # of what was asked for and not understood is corrected after the game
_KINDS: Final = {"digits": DIGITS, "upper": UPPER, "lower": LOWER}


@dataclass(frozen=True, slots=True)
class Habits:
    """How players treat labels; shares of 1.

    Attributes:
        mistakes: of what a careless player says that is wrong, any character.
        careless: every how many-th player is careless.
        vandal: drawings that one more player labels 7, whatever they are.
    """

    mistakes: float = 0.05
    careless: int = 3
    vandal: int = 0


def simulate_month(
    drawings: StrokeSet, recognizer: Recognizer, habits: Habits, seed: int
) -> Iterator[list[Round]]:
    """Yield the rounds of each player: every drawing once, on some day, judged by the model as the game does."""
    random = np.random.default_rng(seed)
    writers = np.unique(drawings.writers)
    for number, writer in enumerate(writers.tolist()):
        (mine,) = np.nonzero(drawings.writers == writer)
        mistakes = habits.mistakes if number % habits.careless == 0 else 0.0
        own = drawings.take(random.permutation(mine))
        yield [
            _label_as_player(one, truth, mistakes, random)
            for one, truth in _play_drawings(f"{writer:032x}", own, recognizer, random)
        ]
    if habits.vandal:
        some = drawings.take(random.choice(len(drawings), habits.vandal, replace=False))
        # A little narrower than the drawing it was copied from, so that none comes a second time.
        yield [
            _set_label(one, "7")
            for one, _ in _play_drawings(VANDAL, _make_narrower(some), recognizer, random, free=1.0)
        ]


def _play_drawings(
    player: str, drawings: StrokeSet, recognizer: Recognizer, random: np.random.Generator, free: float = _FREE
) -> list[tuple[Round, str]]:
    """Return rounds, without what their player says of them, and what was drawn."""
    ink = place_on_square(drawings.strokes)
    images = render(ink)
    played = []
    for label, drawing, image in zip(drawings.labels.tolist(), to_drawings(ink), images, strict=True):
        truth = CLASSES[label]
        is_free = bool(random.random() < free)
        alphabet = _choose_alphabet(truth, is_free, random)
        (seen,) = recognizer.recognize_images(image[None], alphabet)
        played.append((_make_round(player, truth, drawing, seen, alphabet, is_free, random), truth))
    return sorted(played, key=lambda pair: pair[0].at)


def _choose_alphabet(truth: str, is_free: bool, random: np.random.Generator) -> str:
    if is_free:
        return "any"
    (own,) = (name for name, members in _KINDS.items() if truth in members)
    names = [own, "any"] if own == "digits" else [own, "letters", "any"]
    return str(random.choice(names))


def _make_round(
    player: str,
    truth: str,
    drawing: list[list[list[int]]],
    seen: Prediction,
    alphabet: str,
    is_free: bool,
    random: np.random.Generator,
) -> Round:
    is_hit = scoring.is_hit(seen, truth, alphabet, resting=True)
    return Round(
        id=make_id(),
        at=FIRST_DAY + timedelta(seconds=float(random.uniform(0, DAYS * 86_400))),
        player=player,
        source="draw" if is_free else "challenge",
        alphabet=alphabet,
        predicted=seen.label,
        confidence=seen.confidence,
        top=[(c.label, c.probability) for c in seen.candidates[:5]],
        model=seen.model,
        mode=None if is_free else "sprint",
        target=None if is_free else truth,
        outcome=None if is_free else "hit" if is_hit else "skip",
        drawing=drawing,
        image=encode_png(seen.image),
    )


def _label_as_player(one: Round, truth: str, mistakes: float, random: np.random.Generator) -> Round:
    says = one.source == "draw" or (one.outcome == "skip" and random.random() < _CORRECTING)
    if not says:
        return one
    return _set_label(one, str(random.choice(list(CLASSES))) if random.random() < mistakes else truth)


def _set_label(one: Round, label: str) -> Round:
    verdict = "confirmed" if label == one.predicted else "corrected"
    return msgspec.structs.replace(one, label=label, verdict=verdict, label_by="player")


def _make_narrower(drawings: StrokeSet) -> StrokeSet:
    narrower = drawings.strokes.points * np.array([0.93, 1.0])
    return replace(drawings, strokes=replace(drawings.strokes, points=narrower))


def merge_rounds(rounds: Sequence[list[Round]]) -> list[Round]:
    """Return all rounds in the order in which they were played."""
    return sorted((one for of_player in rounds for one in of_player), key=lambda one: one.at)
