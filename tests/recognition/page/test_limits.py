"""The work on one picture is added up and limited."""

from __future__ import annotations

import pytest

from recognition import TextureNotWriting
from recognition.page.limits import MOST_LOOKS, MOST_RUNS_OF_LOOKS, WorkLimits


def test_a_page_of_writing_stays_within_the_limits() -> None:
    limits = WorkLimits()
    limits.count_window((0, 0, 2048, 2048))
    assert all(limits.may_look((10, 10, 40, 58)) for _ in range(2000))
    for _ in range(2400):
        limits.count_crop((0, 0, 70, 100))


def test_large_pieces_over_each_other_are_refused() -> None:
    limits = WorkLimits()
    with pytest.raises(TextureNotWriting):
        for inset in range(100):
            limits.count_window((inset, inset, 2048 - inset, 2048 - inset))
    assert not all(limits.may_look((inset, inset, 2048 - inset, 2048 - inset)) for inset in range(100))
    with pytest.raises(TextureNotWriting):
        for inset in range(100):
            limits.count_crop((inset, inset, 5000 - 2 * inset, 5000 - 2 * inset))


def test_looks_are_limited_however_small() -> None:
    limits = WorkLimits()
    assert all(limits.may_look((0, 0, 1, 1)) for _ in range(MOST_LOOKS))
    assert not limits.may_look((0, 0, 1, 1))


def test_looks_and_second_readings_leave_runs_for_reading() -> None:
    limits = WorkLimits()
    bounds = (0, 0, 10, 10)
    looks = runs = 0
    while limits.may_look(bounds) and limits.may_run():
        looks += 1
        runs += 1 + limits.may_repeat(is_look=True)
        limits.count_runs(1 + limits.may_repeat(is_look=True))
    assert runs in (MOST_RUNS_OF_LOOKS, MOST_RUNS_OF_LOOKS + 1)
    assert looks < runs
    assert limits.may_repeat(is_look=False)
    limits.count_runs(MOST_RUNS_OF_LOOKS)
    assert not limits.may_repeat(is_look=False)
