"""The test by people: exact, bounded for each person, and never decided by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.retrain.bounds import FALSE_PROMOTIONS, MIN_JUDGES
from training.retrain.sign_flip import compute_p, compute_scores

scores = st.lists(st.integers(-100, 100), min_size=1, max_size=9).map(np.array)
people = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(80, 400)), min_size=1, max_size=12)


@given(scores)
def test_p_is_the_share_of_sign_choices_that_do_as_well(values: np.ndarray) -> None:
    sums = [int(np.dot(signs, values)) for signs in product((-1, 1), repeat=len(values))]
    assert compute_p(values) == pytest.approx(np.mean(np.array(sums) >= values.sum()))


@given(scores, st.floats(0, 1))
def test_p_is_no_smaller_than_it_should_be_if_signs_are_chance(values: np.ndarray, limit: float) -> None:
    p_values = [compute_p(np.array(signs) * values) for signs in product((-1, 1), repeat=len(values))]
    assert np.mean(np.array(p_values) <= limit) <= limit


@given(scores, st.data())
def test_p_falls_when_a_person_gains_more(values: np.ndarray, data: st.DataObject) -> None:
    person = data.draw(st.integers(0, len(values) - 1))
    turned = values.copy()
    turned[person] = abs(turned[person])
    assert compute_p(turned) <= compute_p(values)


@given(people)
def test_scores_have_the_sign_of_the_difference_and_a_bound(counts: list[tuple[int, int, int]]) -> None:
    gained, lost, drawings = np.array(counts, dtype=np.float64).T
    values = compute_scores(gained, lost, drawings)
    assert np.abs(values).max() <= 100
    assert (values * (gained - lost) >= 0).all()
    assert (values == -compute_scores(lost, gained, drawings)).all()


@given(people, st.integers(1, 400))
def test_one_player_alone_never_wins_a_trial(counts: list[tuple[int, int, int]], gain: int) -> None:
    # Everybody else loses or stays the same, whatever one player, who may lie, makes of it.
    gained, lost, drawings = np.array([(0, min(g, n), n) for g, _, n in counts], dtype=np.float64).T
    gained[0], lost[0], drawings[0] = gain, 0, 400
    assert compute_p(compute_scores(gained, lost, drawings)) > FALSE_PROMOTIONS


def test_fewer_judges_than_needed_can_win_nothing() -> None:
    assert compute_p(np.full(MIN_JUDGES - 1, 100)) > FALSE_PROMOTIONS >= compute_p(np.full(MIN_JUDGES, 100))
    assert compute_p(np.zeros(60, dtype=np.int64)) == 1
