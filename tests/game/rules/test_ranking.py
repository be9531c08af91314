"""Games that are left off the leaderboards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.play.rate_limit import Caller, CallLimits, TooManyCalls
from game.rules import plausibility, tuning
from game.rules.plausibility import HitTrace
from game.rules.ranking import CROWD, find_unranked_reason, get_unranked_code

CLASS = 60


def hit(duration_ms: int) -> HitTrace:
    return HitTrace("7", duration_ms, duration_ms, None)


@pytest.mark.parametrize("hits", range(tuning.LEAST_RANKED_HITS))
def test_too_few_hits(hits: int) -> None:
    reason = find_unranked_reason([hit(900)] * hits)
    assert reason == f"5 hits are needed, and this game has {hits}."


def test_five_hits_of_a_fast_hand_are_ranked() -> None:
    reading_ms = 200
    for pace_ms in plausibility.FAST_HAND_MS.values():
        assert find_unranked_reason([hit(reading_ms + pace_ms)] * 5) is None


@given(
    st.lists(st.integers(0, 500), max_size=60).filter(lambda durations: sum(durations) < tuning.LEAST_RANKED_MS)
)
def test_nobody_fills_a_board_in_a_moment(durations: list[int]) -> None:
    assert find_unranked_reason([hit(duration) for duration in durations]) is not None


def test_a_doubt_is_a_reason() -> None:
    assert find_unranked_reason([hit(100)] * 30) == plausibility.TOO_FAST


def test_a_class_behind_one_address_is_ranked_and_an_endless_crowd_is_not() -> None:
    now_ms = 0
    limits = CallLimits(lambda: now_ms)
    address = Caller(None, "192.0.2.1")
    for _ in range(2 * CLASS):
        limits.count(tuning.NEWCOMERS, address)
    with pytest.raises(TooManyCalls):
        limits.count(tuning.NEWCOMERS, address)
    limits.count(tuning.NEWCOMERS, Caller(None, "192.0.2.2"))
    now_ms = 2000 * CLASS  # a new class comes
    for _ in range(CLASS):
        limits.count(tuning.NEWCOMERS, address)


def test_each_reason_has_a_code() -> None:
    reasons = [CROWD, plausibility.TOO_FAST, plausibility.MORE_TIME_THAN_PASSED, plausibility.REPEATED]
    reasons.append(find_unranked_reason([hit(900)]) or "")
    codes = [get_unranked_code(reason) for reason in reasons]
    assert codes == ["crowd", "too_fast", "impossible_times", "repeated", "too_few_hits"]
    assert get_unranked_code(None) is None
