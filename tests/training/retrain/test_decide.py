"""When a challenger is promoted."""

from __future__ import annotations

import numpy as np
import pytest

from training.retrain.bounds import MAX_LOST_SHARE
from training.retrain.compare import Comparison, compare
from training.retrain.decide import decide


def make_comparison(gained: int, lost: int, samples: int = 1000) -> Comparison:
    champion = np.arange(samples) < samples // 2
    challenger = champion.copy()
    challenger[:lost] = False
    challenger[samples // 2 : samples // 2 + gained] = True
    return compare("drawings", champion, challenger)


BETTER, SAME = make_comparison(40, 10), make_comparison(3, 3)


@pytest.mark.parametrize(
    ("players", "base", "promoted"),
    [
        (BETTER, [SAME], True),
        (BETTER, [], True),
        (BETTER, [make_comparison(0, round(MAX_LOST_SHARE * 1000))], True),  # may be chance
        (BETTER, [make_comparison(0, round(MAX_LOST_SHARE * 1000) + 1)], False),
        (BETTER, [SAME, make_comparison(0, 8, 10_000)], False),  # little, but not chance
        (make_comparison(12, 10), [SAME], False),
        (SAME, [BETTER], False),
        (make_comparison(10, 40), [], False),
    ],
)
def test_only_a_better_challenger_is_promoted(players: Comparison, base: list[Comparison], promoted: bool) -> None:
    decision = decide(players, base)
    assert decision.promoted is promoted
    assert all(reason.endswith(".") for reason in decision.reasons)


def test_a_promotion_claims_no_more_than_was_tested() -> None:
    within_bounds = "lost nothing beyond the bounds on the"
    assert f"{within_bounds} 2 base sets it was tested on" in decide(BETTER, [SAME, SAME]).reasons[0]
    assert f"{within_bounds} one base set it was tested on" in decide(BETTER, [SAME]).reasons[0]
    assert "no base set to test it on" in decide(BETTER, []).reasons[0]
