"""The streak of days with a daily."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rules.streak import Streak, compute_streak

START = date(2026, 11, 1)
histories = st.lists(st.booleans() | st.just(True), max_size=60)


def list_days(history: list[bool]) -> list[date]:
    return [START + timedelta(days=number) for number, was_played in enumerate(history) if was_played]


def compute(marks: str) -> Streak:
    """Return the streak of a history such as ``xx.x``, whose last mark is today's."""
    return compute_streak(list_days([mark == "x" for mark in marks]), START + timedelta(days=len(marks) - 1))


@given(histories)
def test_it_is_what_counting_day_by_day_gives(history: list[bool]) -> None:
    run = longest = 0
    forgiven = -7
    streaks = []
    for number, was_played in enumerate(history):
        if was_played:
            run += 1
        elif run and number - forgiven >= 7:
            forgiven = number
        else:
            run, forgiven = 0, -7
        longest = max(longest, run)
        streaks.append(run)
    for number, streak in enumerate(streaks):
        day = START + timedelta(days=number)
        # Until today is over, it cannot end the streak.
        lasting = streak if history[number] or number == 0 else streaks[number - 1]
        computed = compute_streak(list_days(history), day)
        assert (computed.days, computed.has_played_today) == (lasting, history[number])
    if history:
        assert compute_streak(list_days(history), START + timedelta(days=len(history))).longest == longest


@given(histories)
def test_a_forgiving_streak_outlives_a_missed_day_and_another_does_not(history: list[bool]) -> None:
    days = list_days(history)
    streak = compute_streak(days, START + timedelta(days=len(history) - 1))
    after = compute_streak(days, START + timedelta(days=len(history) + streak.has_played_today))
    assert after.days == (streak.days if streak.is_forgiving else 0)


@pytest.mark.parametrize(
    ("marks", "streak"),
    [
        (".", Streak(0, 0, has_played_today=False, is_forgiving=True)),
        ("x", Streak(1, 1, has_played_today=True, is_forgiving=True)),
        ("xxx.", Streak(3, 3, has_played_today=False, is_forgiving=True)),
        ("xx.x", Streak(3, 3, has_played_today=True, is_forgiving=False)),
        ("xx..", Streak(2, 2, has_played_today=False, is_forgiving=False)),
        ("xx...", Streak(0, 2, has_played_today=False, is_forgiving=True)),
        ("xx.xx.xx", Streak(2, 4, has_played_today=True, is_forgiving=True)),
        ("xx.xxxxxx.x", Streak(9, 9, has_played_today=True, is_forgiving=False)),
    ],
)
def test_one_missed_day_a_week_is_forgiven(marks: str, streak: Streak) -> None:
    assert compute(marks) == streak
