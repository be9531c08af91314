"""The rules of scoring: pure functions of what happened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

from game.rules import tuning
from recognition import Prediction
from recognition.alphabets import get_look_alikes


def is_drawn(strokes: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Return whether there is more than a tap or a slip of the pen."""
    extents = (max(axis) - min(axis) for axis in zip(*chain.from_iterable(strokes), strict=True))
    return max(extents, default=0) >= tuning.LEAST_EXTENT


def is_hit(prediction: Prediction, target: str, alphabet: str, *, resting: bool) -> bool:
    """Return whether the model is sure enough that ``target`` was drawn.

    Look-alikes of the target in the alphabet count for it. While the pen is still drawing, the model must be
    surer than when it rests, since the drawing may yet become something else. A drawing that resembles no
    character of the alphabet is never a hit, even if one of them is clearly the most similar.
    """
    if prediction.plausibility < tuning.LEAST_PLAUSIBILITY:
        return False
    least = tuning.ACCEPT_RESTING if resting else prediction.early_thresholds.get(target, math.inf)
    return prediction.get_probability(get_look_alikes(target, alphabet)) >= least


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


def cap_bonus_ms(bonus_ms: int, left_ms: int, granted_ms: int) -> int:
    """Return how much of a bonus is given.

    Args:
        bonus_ms: what the combo would give.
        left_ms: time on the clock, which never shows more than at the start.
        granted_ms: the time at the start and all bonuses so far; their sum is limited for the whole game.
    """
    return max(0, min(bonus_ms, tuning.DURATION_MS - left_ms, tuning.LONGEST_MS - granted_ms))


def compute_accuracy(hits: int, rounds: int) -> float:
    """Return the share of rounds that were hits, 0..1, to four places; 0 if there were no rounds."""
    return round(hits / rounds, 4) if rounds else 0.0
