"""Scoring."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rules import scoring, tuning
from game.rules.scoring import Pen
from recognition import Candidate, Prediction
from recognition.alphabets import get_characters
from tests.game.readings import reading

times = st.integers(0, 10 * tuning.LONGEST_MS)


def seen(**probabilities: float) -> Prediction:
    candidates = sorted(
        (Candidate(label[-1], p) for label, p in probabilities.items()), key=lambda c: -c.probability
    )
    return Prediction(
        tuple(candidates),
        np.zeros((28, 28), np.uint8),
        "model-1",
        early_thresholds={"7": 0.95, "O": 0.9},
        lifted_thresholds={"7": [None, 0.8]},
    )


@pytest.mark.parametrize(
    ("pen", "strokes", "least"),
    [
        (Pen.DRAWING, 2, 0.95),
        (Pen.LIFTED, 1, 0.95),
        (Pen.LIFTED, 2, 0.8),
        (Pen.LIFTED, 3, 0.95),
        (Pen.RESTING, 1, tuning.ACCEPT_RESTING),
    ],
)
def test_a_hit_needs_the_model_to_be_sure_enough(pen: Pen, strokes: int, least: float) -> None:
    assert scoring.is_hit(seen(_7=least, _1=0.01), "7", "digits", pen, strokes)
    assert not scoring.is_hit(seen(_7=least - 0.001, _1=0.01), "7", "digits", pen, strokes)
    assert not scoring.is_hit(seen(_7=0.99, _1=0.01), "1", "digits", pen, strokes)


@pytest.mark.parametrize("pen", [Pen.DRAWING, Pen.LIFTED])
def test_a_possible_beginning_of_another_character_waits_for_the_pen_to_rest(pen: Pen) -> None:
    assert not scoring.is_hit(seen(_1=1.0), "1", "digits", pen, 1)
    assert scoring.is_hit(seen(_1=1.0), "1", "digits", Pen.RESTING)


@given(st.floats(0, 1), st.sampled_from("17O"), st.integers(0, tuning.MAX_STROKES))
def test_what_is_sure_enough_earlier_is_sure_enough_later(sure: float, target: str, strokes: int) -> None:
    prediction = seen(**{f"_{target}": sure, "_x": 1 - sure})
    hits = [scoring.is_hit(prediction, target, "any", pen, strokes) for pen in Pen]
    assert hits == sorted(hits)


def test_a_drawing_unlike_the_whole_alphabet_is_no_hit() -> None:
    foreign = dataclasses.replace(seen(_9=1.0), plausibility=tuning.LEAST_PLAUSIBILITY / 2)
    assert not scoring.is_hit(foreign, "9", "digits", Pen.RESTING)


def test_look_alikes_in_play_count_together() -> None:
    assert scoring.is_hit(seen(o=0.4, O=0.3, _0=0.3), "O", "any", Pen.DRAWING)
    assert scoring.is_hit(seen(l=0.2, I=0.1, x=0.7), "I", "letters", Pen.RESTING)
    assert not scoring.is_hit(seen(l=0.9, O=0.1), "O", "letters", Pen.RESTING)


@pytest.mark.parametrize(
    ("prediction", "likely"),
    [
        (seen(_7=0.5, _1=0.3, _2=0.2), True),
        (seen(_7=0.49, _1=0.31, _2=0.2), False),
        (seen(o=0.35, O=0.1, _0=0.1, x=0.3, y=0.15), True),
        (dataclasses.replace(seen(_9=1.0), plausibility=tuning.LEAST_PLAUSIBILITY / 2), False),
    ],
)
def test_a_guess_is_told_if_it_is_likelier_than_all_others(prediction: Prediction, likely: bool) -> None:
    assert scoring.is_likely(prediction, "any") == likely


@pytest.mark.parametrize(
    ("strokes", "drawn"),
    [
        ([[(5, 5)]], False),
        ([[(5, 5), (6, 7)], [(20, 20)]], False),
        ([[(5, 5), (5, 5 + tuning.LEAST_EXTENT)]], True),
        ([[(5, 5)], [(5 + tuning.LEAST_EXTENT, 5)]], True),
    ],
)
def test_a_tap_is_no_drawing(strokes: list[list[tuple[int, int]]], drawn: bool) -> None:
    assert scoring.is_drawn(strokes) == drawn


def test_points_fade_from_a_hundred_to_ten() -> None:
    assert scoring.score_hit(0) == tuning.BASE_POINTS + tuning.FADING_POINTS
    half = tuning.BASE_POINTS + tuning.FADING_POINTS / 2
    assert scoring.score_hit(tuning.FADING_HALF_LIFE_MS) == pytest.approx(half, abs=1)
    assert scoring.score_hit(tuning.LONGEST_MS) == tuning.BASE_POINTS


@given(times, times)
def test_sooner_is_never_worth_less(one: int, other: int) -> None:
    sooner, later = sorted((one, other))
    assert scoring.score_hit(sooner) >= scoring.score_hit(later) >= tuning.BASE_POINTS


def test_combos_add_time_at_their_thresholds() -> None:
    given_at = {combo: bonus for combo in range(61) if (bonus := scoring.get_combo_bonus_ms(combo))}
    assert given_at == {5: 3000, 12: 5000, 20: 7000, 30: 10000, 40: 10000, 50: 10000, 60: 10000}


@given(st.integers(0, 20_000), st.integers(0, tuning.DURATION_MS), st.integers(0, tuning.LONGEST_MS))
def test_a_bonus_never_takes_time_nor_fills_the_clock_beyond_its_start(
    bonus: int, left: int, granted: int
) -> None:
    capped = scoring.cap_bonus_ms(bonus, left, granted)
    assert 0 <= capped <= bonus
    assert left + capped <= tuning.DURATION_MS
    assert granted + capped <= tuning.LONGEST_MS


@given(st.integers(0, 500), st.integers(0, 500))
def test_accuracy_is_a_share(hits: int, misses: int) -> None:
    share = scoring.compute_accuracy(hits, hits + misses)
    assert 0 <= share <= 1
    assert (share == 0) == (hits == 0)


def test_every_target_can_be_hit() -> None:
    for target in get_characters("any"):
        assert scoring.is_hit(seen(**{f"_{target}": 1.0}), target, "any", Pen.RESTING)


def with_hand(shared: float, target: str = "4") -> Prediction:
    """Return a prediction that the player's hand has made, which was less sure without it."""
    return dataclasses.replace(reading(target), shared_probabilities={target: shared})


@pytest.mark.parametrize(
    ("alone", "hits"),
    [(0.2, [False, False, True]), (0.85, [False, True, True]), (0.97, [True, True, True])],
)
def test_a_hand_makes_no_hit_before_the_pen_rests(alone: float, hits: list[bool]) -> None:
    prediction = dataclasses.replace(seen(_7=0.99, _1=0.01), shared_probabilities={"7": alone, "1": 1 - alone})
    assert [scoring.is_hit(prediction, "7", "digits", pen, 2) for pen in Pen] == hits


def square(side: int) -> list[list[tuple[int, int]]]:
    return [[(0, 0), (side, 0), (side, side), (0, side), (0, 0)]]


@pytest.mark.parametrize(
    ("shared", "side", "may_decide"),
    [
        (0.01, 300, True),
        (0.01, 40, False),  # a dot
        (0.009, 300, False),  # clearly something else
        (0.9, 40, True),  # the model needs no hand for it
    ],
)
def test_a_hand_makes_no_character_of_a_dot_nor_of_another_character(
    shared: float, side: int, may_decide: bool
) -> None:
    assert scoring.may_hand_decide(with_hand(shared), "4", "digits", square(side)) is may_decide


def test_without_a_hand_there_is_nothing_to_decide() -> None:
    assert scoring.may_hand_decide(reading("4"), "4", "digits", square(30))
