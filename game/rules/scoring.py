"""The rules of scoring: pure functions of what happened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum, auto
from itertools import chain

from game.rules import tuning
from recognition import Prediction
from recognition.alphabets import get_look_alikes


class Pen(Enum):
    """What the pen does after the points that the model has seen."""

    DRAWING = auto()
    LIFTED = auto()
    RESTING = auto()


def is_drawn(strokes: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Return whether there is more than a tap or a slip of the pen."""
    return _measure_extent(strokes) >= tuning.LEAST_EXTENT


def is_hit(prediction: Prediction, target: str, alphabet: str, pen: Pen, strokes: int = 0) -> bool:
    """Return whether the model is sure enough that ``target`` was drawn.

    Look-alikes of the target in the alphabet count for it. While the pen is still drawing, the model must be
    surer than when it rests, since the drawing may yet become something else. A drawing that resembles no
    character of the alphabet is never a hit, even if one of them is clearly the most similar.

    Only when the pen rests can the player's hand make a hit. A hand knows finished drawings. So with it, an
    unfinished drawing too often looks like a finished one of another character.

    Args:
        prediction: what the model sees.
        target: the character asked for.
        alphabet: the alphabet in play.
        pen: what the pen does.
        strokes: how many strokes are drawn. Only a lifted pen needs it.
    """
    if prediction.plausibility < tuning.LEAST_PLAUSIBILITY:
        return False
    look_alikes = get_look_alikes(target, alphabet)
    likeness = prediction.get_probability(look_alikes)
    if pen is not Pen.RESTING:
        likeness = min(likeness, prediction.get_shared_probability(look_alikes))
    return likeness >= _find_least_probability(prediction, target, pen, strokes)


def may_hand_decide(
    prediction: Prediction, target: str, alphabet: str, strokes: Sequence[Sequence[tuple[int, int]]]
) -> bool:
    """Return whether a hit is a hit even if the player's hand has made it one.

    The hand makes no character of a dot, nor of a clear other character, whatever its player said about such
    drawings.
    """
    likeness = prediction.get_shared_probability(get_look_alikes(target, alphabet))
    if likeness >= tuning.ACCEPT_RESTING:
        return True
    return likeness >= tuning.LEAST_SHARED and _measure_extent(strokes) >= tuning.LEAST_EXTENT_BY_HAND


def is_likely(prediction: Prediction, alphabet: str) -> bool:
    """Return whether the best candidate is worth telling.

    With its look-alikes it must be likelier than all others together, and the drawing must resemble a character
    of the alphabet at all.
    """
    best = prediction.get_probability(get_look_alikes(prediction.label, alphabet))
    return prediction.plausibility >= tuning.LEAST_PLAUSIBILITY and best >= tuning.LEAST_LIKELY


def _measure_extent(strokes: Sequence[Sequence[tuple[int, int]]]) -> int:
    """Return the longer side of a drawing."""
    extents = (max(axis) - min(axis) for axis in zip(*chain.from_iterable(strokes), strict=True))
    return max(extents, default=0)


def _find_least_probability(prediction: Prediction, target: str, pen: Pen, strokes: int) -> float:
    """Return how probable the target must be for a hit. What is enough earlier is enough later."""
    if pen is Pen.RESTING:
        return tuning.ACCEPT_RESTING
    early = prediction.early_thresholds.get(target, math.inf)
    lifted = prediction.lifted_thresholds.get(target, ())[strokes - 1 : strokes] if pen is Pen.LIFTED else ()
    return min([early, *(threshold for threshold in lifted if threshold is not None)])


def score_hit(elapsed_ms: int) -> int:
    """Return the points of a hit ``elapsed_ms`` after its prompt: fewer the longer it took, but never none."""
    faded: float = 0.5 ** (max(0, elapsed_ms) / tuning.FADING_HALF_LIFE_MS)
    return tuning.BASE_POINTS + round(tuning.FADING_POINTS * faded)


def get_combo_bonus_ms(combo: int) -> int:
    """Return the time that the ``combo``-th hit in a row adds to the clock."""
    for hits, bonus_ms in tuning.COMBO_BONUS_MS:
        if combo == hits:
            return bonus_ms
    last, bonus_ms = tuning.COMBO_BONUS_MS[-1]
    beyond = combo - last
    return bonus_ms if beyond > 0 and beyond % tuning.COMBO_BONUS_EVERY == 0 else 0


def cap_bonus_ms(bonus_ms: int, left_ms: int, granted_ms: int, time_factor: int = 1) -> int:
    """Return how much of a bonus is given.

    Args:
        bonus_ms: what the combo would give.
        left_ms: time on the clock, which never shows more than at the start.
        granted_ms: the time at the start and all bonuses so far; their sum is limited for the whole game.
        time_factor: how many times as long as in a sprint everything may take.
    """
    most_shown_ms, most_granted_ms = time_factor * tuning.DURATION_MS, time_factor * tuning.LONGEST_MS
    return max(0, min(bonus_ms, most_shown_ms - left_ms, most_granted_ms - granted_ms))


def compute_accuracy(hits: int, rounds: int) -> float:
    """Return the share of rounds that were hits, 0..1, to four places; 0 if there were no rounds."""
    return round(hits / rounds, 4) if rounds else 0.0
