"""When a challenger is promoted, and what people are told if it is not."""

from __future__ import annotations

import numpy as np
import pytest

from training.retrain.bounds import MAX_LOST_SHARE
from training.retrain.compare import Comparison, compare, compare_people
from training.retrain.decide import decide
from training.retrain.power import compute_power
from training.retrain.trial import Trial

LIMIT = 0.02


def make_comparison(gained: int, lost: int, samples: int = 1000) -> Comparison:
    return compare("drawings", *make_masks([(gained, lost)], samples))


def make_masks(people: list[tuple[int, int]], samples: int) -> tuple[np.ndarray, np.ndarray]:
    champion = np.tile(np.arange(samples) < samples // 2, len(people))
    challenger = champion.copy()
    for number, (gained, lost) in enumerate(people):
        start = number * samples
        challenger[start : start + lost] = False
        challenger[start + samples // 2 : start + samples // 2 + gained] = True
    return champion, challenger


def hold(people: list[tuple[int, int]], samples: int = 100) -> tuple[Comparison, Trial]:
    """Return a trial of people who each drew so many samples, with so many gained and lost."""
    players = [str(number) for number in range(len(people)) for _ in range(samples)]
    comparison, scores = compare_people("drawings", *make_masks(people, samples), players)
    power = compute_power([samples] * len(people), 0.05, len(players), LIMIT)
    gaining, losing = int((scores > 0).sum()), int((scores < 0).sum())
    return comparison, Trial(len(people), gaining, losing, comparison.p, LIMIT, 1, len(players), power)


BETTER, SAME = make_comparison(40, 10), make_comparison(3, 3)
ALL_GAIN = [(5, 1), (3, 0), (4, 2), (1, 0), (9, 4), (2, 1)]
TWO_LOSE = [*ALL_GAIN[:4], (4, 9), (1, 2)]
ONE_GAINS = [(45, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("people", "base", "promoted"),
    [
        (ALL_GAIN, [SAME], True),
        (ALL_GAIN, [], True),
        (ALL_GAIN, [SAME, make_comparison(0, round(MAX_LOST_SHARE * 1000))], False),
        (TWO_LOSE, [SAME], False),
        (ONE_GAINS, [], False),
        ([(0, 0)] * 6, [BETTER], False),
        ([(lost, gained) for gained, lost in ALL_GAIN], [], False),
        ([*[(1, 0)] * 10, (0, 40)], [], False),  # most people gain a little, but less is read in all
    ],
)
def test_only_a_better_challenger_is_promoted(
    people: list[tuple[int, int]], base: list[Comparison], promoted: bool
) -> None:
    decision = decide(*hold(people), base)
    assert decision.promoted is promoted
    assert all(reason.endswith(".") for reason in decision.reasons)


def test_what_many_people_can_show_is_said() -> None:
    reasons = " ".join(decide(*hold([(1, 1), (2, 2), (2, 0), (0, 1)] * 6), []).reasons)
    assert "With so many people and drawings, only a gain above about " in reasons
    assert "To show a gain of 1 %, about " in reasons


def test_a_small_gain_is_explained() -> None:
    reasons = " ".join(decide(*hold(TWO_LOSE), []).reasons)
    assert "read 18 more and 14 fewer of 600 drawings by 6 people that no model was trained on" in reasons
    assert "That may be chance." in reasons
    assert "With so few people, a gain would show only if nearly all of them gained." in reasons
    assert "more players, half of whom judge, would be enough." in reasons
    assert "The next trial takes place when people who judge have drawn 600 more." in reasons
