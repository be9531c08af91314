"""What a trial can show: the smallest gain that it would notice, and how many more drawings or people it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import harmonic_mean
from typing import Final

from scipy.stats import t as student

from training.retrain.bounds import JUDGE_SHARE, MAX_DRAWINGS_BETWEEN_TRIALS, PEOPLE_SPREAD, POWER
from training.retrain.evidence import compute_spent

_TARGETS: Final = (0.05, 0.02, 0.01, 0.005)  # gains that a report speaks of
_LARGE_TARGET: Final = 0.02  # the one of a group that is too small to show any
_MIN_CHANGED_SHARE: Final = 0.01  # of the drawings: two models never read all of them alike
_STEP: Final = 1.1
_MAX_FACTOR: Final = 50.0  # more drawings or people than so many times today's are as good as never


@dataclass(frozen=True, slots=True)
class Power:
    """What a trial can show. The names of the fields are keys in ``report.json``.

    Attributes:
        smallest_gain: the smallest gain, as a share of the drawings, that such a trial shows four times in five;
            None if the people are too few to show any gain so often.
        target: a smaller gain, for which the next two say what is needed; None if smaller ones hardly matter.
        more_drawings: how many more drawings of the same people would show the target; None if no number would.
        more_players: how many more players would show the target if they draw as much; None if no number would.
            About half of them judge.
    """

    smallest_gain: float | None
    target: float | None
    more_drawings: int | None
    more_players: int | None


def compute_power(counts: Sequence[int], changed: float, drawings: int, limit: float) -> Power:
    """Return what a trial can show.

    Args:
        counts: the number of drawings of each judge.
        changed: share of the drawings that only one of the two models reads.
        drawings: how many drawings of judges there have been for all trials, this one included.
        limit: what p may be at most.
    """
    people, each = len(counts), harmonic_mean(counts)
    changed = max(changed, _MIN_CHANGED_SHARE)
    smallest = compute_smallest_gain(people, each, changed, limit)
    target = _LARGE_TARGET if smallest is None else next((gain for gain in _TARGETS if gain < smallest), None)
    if target is None:
        return Power(smallest, None, None, None)

    def shows_target(people_factor: float, drawings_factor: float) -> bool:
        """Return whether a trial shows the target with so many times as many people, and drawings of each."""
        added = (people_factor * drawings_factor - 1) * sum(counts)
        total = drawings + max(added, min(drawings, MAX_DRAWINGS_BETWEEN_TRIALS))
        later_limit = compute_spent(total) - compute_spent(drawings)
        gain = compute_smallest_gain(round(people_factor * people), drawings_factor * each, changed, later_limit)
        return gain is not None and gain <= target

    factors = [_STEP**k for k in range(1, math.floor(math.log(_MAX_FACTOR, _STEP)))]
    drawings_factor = next((factor for factor in factors if shows_target(1, factor)), None)
    people_factor = next((factor for factor in factors if shows_target(factor, 1)), None)
    return Power(
        smallest,
        target,
        None if drawings_factor is None else _round_up((drawings_factor - 1) * sum(counts)),
        None if people_factor is None else _round_up((people_factor - 1) * people / JUDGE_SHARE),
    )


def compute_smallest_gain(people: int, each: float, changed: float, limit: float) -> float | None:
    """Return the smallest gain that a trial shows with probability `POWER`, or None if there is none.

    The formula is that of a t-test of the people's gains. Their variance has two sources: a person's drawings are
    a sample, and people gain differently, the more the larger the gain is (`PEOPLE_SPREAD`).

    Args:
        people: the number of judges.
        each: the number of drawings of each, or the harmonic mean.
        changed: share of the drawings that only one of the two models reads.
        limit: what p may be at most.
    """
    if 0.5**people > limit:
        return None
    quantiles = student.ppf(1 - limit, people - 1) + student.ppf(POWER, people - 1)
    left = people / quantiles**2 - PEOPLE_SPREAD**2
    return math.sqrt(changed / each / left) if left > 0 else None


def _round_up(number: float) -> int:
    """Return a number that is at least as large and has at most two digits other than 0."""
    unit: int = 10 ** max(0, len(str(math.ceil(number))) - 2)
    return math.ceil(number / unit) * unit
