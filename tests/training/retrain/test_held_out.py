"""Held-out players stay held out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feedback.records import SYNTHETIC
from training.retrain.bounds import JUDGING_SHARE
from training.retrain.held_out import fold_of, judges


def test_the_same_players_judge_for_ever() -> None:
    assert [judges(f"{n:032x}") for n in range(8)] == [False, True, False, False, True, True, True, False]


def test_about_so_many_judge_as_are_meant_to() -> None:
    share = sum(judges(f"{n:032x}") for n in range(4000)) / 4000
    assert abs(share - JUDGING_SHARE) < 0.03


def test_what_nobody_drew_never_judges() -> None:
    assert not judges(SYNTHETIC)


@given(st.text(), st.integers(1, 9))
def test_a_fold_is_one_of_them_and_always_the_same(player: str, folds: int) -> None:
    assert fold_of(player, folds) in range(folds)
    assert fold_of(player, folds) == fold_of(player, folds)
