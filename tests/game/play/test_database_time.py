"""The time of the database on a clock that differs from it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from game.play.database_time import DatabaseTime
from tests.game.conftest import TestClock

DIFFERENCE_MS = 1_700_000_000_000


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 2_000)), min_size=1))
def test_the_error_is_at_most_half_of_the_fastest_answer(answers: list[tuple[int, int, int]]) -> None:
    clock = TestClock()
    time = DatabaseTime(clock)
    fastest_ms = 10**9
    for there_ms, back_ms, pause_ms in answers:
        asked_ms = clock.now_ms
        clock.now_ms += there_ms
        database_ms = clock.now_ms + DIFFERENCE_MS
        clock.now_ms += back_ms
        time.note(database_ms, asked_ms)
        fastest_ms = min(fastest_ms, there_ms + back_ms)
        assert abs(time.read() - clock.now_ms - DIFFERENCE_MS) <= fastest_ms // 2 + 1
        clock.now_ms += pause_ms
    assert time.find_local_ms(time.read()) == clock.now_ms


def test_after_a_standstill_only_the_newest_answer_counts() -> None:
    clock = TestClock()
    time = DatabaseTime(clock)
    time.note(DIFFERENCE_MS, 0)
    clock.now_ms = 1_000
    time.note(DIFFERENCE_MS + 61_000, 990)  # the local clock stood still for a minute
    assert abs(time.read() - DIFFERENCE_MS - 61_000) <= 10
