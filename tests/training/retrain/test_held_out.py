"""Held-out players stay held out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feedback.records import SYNTHETIC
from training.retrain.bounds import JUDGE_SHARE
from training.retrain.held_out import assign_fold, is_judge


def test_the_same_players_always_judge() -> None:
    assert [is_judge(f"{n:032x}") for n in range(8)] == [False, True, False, False, True, True, True, False]


def test_the_share_of_judges_is_about_right() -> None:
    share = sum(is_judge(f"{n:032x}") for n in range(4000)) / 4000
    assert abs(share - JUDGE_SHARE) < 0.03


def test_generated_rounds_never_judge() -> None:
    assert not is_judge(SYNTHETIC)


@given(st.text(), st.integers(1, 9))
def test_a_player_is_always_in_the_same_fold(player: str, folds: int) -> None:
    assert assign_fold(player, folds) in range(folds)
    assert assign_fold(player, folds) == assign_fold(player, folds)
