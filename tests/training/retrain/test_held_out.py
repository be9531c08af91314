"""Held-out players stay held out, and there are enough of them in every group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.records import SYNTHETIC
from training.retrain.bounds import MIN_JUDGES, MIN_REGULAR_ROUNDS
from training.retrain.held_out import NEVER_TRAINED, Judges, assign_fold, choose_judges, get_trained_from

groups = st.sets(st.text(max_size=8), min_size=1, max_size=40)


def make_rounds(players: set[str], rounds: int = MIN_REGULAR_ROUNDS) -> list[str]:
    return [player for player in sorted(players) for _ in range(rounds)]


def list_judges(judges: Judges, players: set[str]) -> set[str]:
    return {player for player in players if judges.is_judge(player)}


def test_a_player_always_has_the_same_number() -> None:
    judges = Judges(below=0.25)
    assert [judges.is_judge(f"{n:032x}") for n in range(8)] == [False, True, False, False, True, True, True, False]


@given(st.sets(st.text(max_size=8), min_size=8, max_size=30))
def test_a_class_has_enough_judges_and_enough_others(players: set[str]) -> None:
    judges = list_judges(choose_judges(make_rounds(players)), players)
    assert len(judges) >= max(MIN_JUDGES, len(players) / 2)
    assert len(players) - len(judges) >= max(2, len(players) // 4)
    assert len(judges) >= min(9, len(players) - 3)


@given(groups, groups)
def test_nobody_who_was_trained_on_ever_judges(players: set[str], newcomers: set[str]) -> None:
    first = choose_judges(make_rounds(players))
    card = {"learned": {"rounds": 100, "trained_from": first.below}}
    second = choose_judges(make_rounds(players | newcomers), get_trained_from(card))
    trained_on = players - list_judges(first, players)
    assert not list_judges(second, trained_on)
    third = choose_judges(make_rounds(newcomers), second.below)
    assert not list_judges(third, trained_on | (newcomers - list_judges(second, newcomers)))


@given(groups, groups)
def test_visitors_who_draw_little_do_not_take_the_places_of_judges(players: set[str], visitors: set[str]) -> None:
    alone = choose_judges(make_rounds(players))
    assert choose_judges(make_rounds(players) + make_rounds(visitors - players, rounds=2)) == alone


@pytest.mark.parametrize(
    ("card", "trained_from"),
    [
        ({}, NEVER_TRAINED),
        ({"learned": {}}, NEVER_TRAINED),
        ({"learned": {"rounds": 900, "players": 4}}, 0.25),  # of a version that held out the lowest quarter
        ({"learned": {"rounds": 900, "players": 4, "trained_from": 0.1}}, 0.1),
    ],
)
def test_the_card_tells_who_was_trained_on(card: dict[str, object], trained_from: float) -> None:
    assert get_trained_from(card) == trained_from


def test_generated_rounds_never_judge() -> None:
    assert not Judges(below=1.0).is_judge(SYNTHETIC)
    assert choose_judges([SYNTHETIC] * 100) == choose_judges([])


@given(st.text(), st.integers(1, 9))
def test_a_player_is_always_in_the_same_fold(player: str, folds: int) -> None:
    assert assign_fold(player, folds) in range(folds)
    assert assign_fold(player, folds) == assign_fold(player, folds)
