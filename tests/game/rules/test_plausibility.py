"""Games that no person can have played, and all others."""

from __future__ import annotations

import dataclasses
from itertools import cycle, islice
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.records import Drawing
from game.rules import plausibility
from game.rules.plausibility import HitTrace, find_doubt, trace_hit
from recognition import Recognizer
from recognition.alphabets import CLASSES
from tests.bench.cheats import OUT_OF_REACH
from tests.bench.fast_hand import Person, read_people
from tests.bench.plausibility import CONDITIONS, list_players, measure_honest
from tests.strokes import load_fixture

TARGETS = "3141592653589793238462643383"


def play(
    duration_ms: int | list[int], pen_ms: int = 0, shapes: list[int] | None = None, hits: int = 28
) -> list[HitTrace]:
    durations = duration_ms if isinstance(duration_ms, list) else [duration_ms]
    columns = zip(cycle(TARGETS), cycle(durations), cycle(shapes or range(999)), strict=False)
    return [HitTrace(target, ms, pen_ms, shape) for target, ms, shape in islice(columns, hits)]


def test_drawings_sent_at_once_are_too_fast() -> None:
    assert find_doubt(play(5)) == plausibility.TOO_FAST
    assert find_doubt(play(5, hits=5)) == plausibility.TOO_FAST
    assert find_doubt(play(5, hits=4)) is None


def test_some_hits_at_once_among_honest_ones_are_enough() -> None:
    assert find_doubt(play([5, 700, 700])) == plausibility.TOO_FAST
    assert find_doubt(play([5, *[700] * 9])) is None


def test_hits_faster_than_any_hand_are_too_fast() -> None:
    assert find_doubt(play(250)) == plausibility.TOO_FAST
    assert find_doubt(play(390)) is None
    assert find_doubt(play(250, hits=plausibility.LEAST_HITS - 1)) is None


def test_a_drawing_cannot_have_taken_longer_than_its_round() -> None:
    assert find_doubt(play(500, pen_ms=900)) == plausibility.MORE_TIME_THAN_PASSED
    assert find_doubt(play(500, pen_ms=590)) is None


def test_the_same_drawing_again_and_again_is_a_repeat_wherever_it_stands() -> None:
    assert find_doubt(play(900, pen_ms=600, shapes=[1, 2, 3])) == plausibility.REPEATED
    assert find_doubt(play(900, pen_ms=600, shapes=[*range(27), 1])) is None


def test_one_of_many_drawings_coming_again_now_and_then_is_no_repeat() -> None:
    rng = Random(3)  # noqa: S311
    shapes = [100 * int(target) + rng.randrange(6) for target in islice(cycle(TARGETS), 28)]
    assert len(set(shapes)) < 25
    assert find_doubt(play(900, pen_ms=600, shapes=shapes)) is None


@given(st.lists(st.builds(HitTrace, st.sampled_from(CLASSES), st.integers(450, 9000), st.just(0), st.none())))
def test_time_stamps_that_say_nothing_are_no_reason_for_doubt(hits: list[HitTrace]) -> None:
    assert find_doubt(hits) is None


def move(drawing: Drawing, x: int, y: int) -> Drawing:
    return [[[x + value for value in xs], [y + value for value in ys], times] for xs, ys, times in drawing]


def test_a_shape_is_the_same_wherever_and_whenever_it_is_drawn() -> None:
    drawing: Drawing = [[list(range(10)), [5] * 10, list(range(0, 100, 10))]]
    trace = trace_hit("7", 500, drawing)
    assert (trace.pen_ms, trace.duration_ms) == (90, 500)
    assert trace_hit("7", 500, move(drawing, 40, 2)).shape == trace.shape
    assert trace_hit("7", 500, [[*drawing[0][:2], [0] * 10]]).shape == trace.shape
    other = [[drawing[0][0], [5] * 9 + [6], drawing[0][2]]]
    assert trace_hit("7", 500, other).shape != trace.shape


def test_two_strokes_are_another_shape_than_one() -> None:
    xs, times = list(range(8)), [0] * 8
    one = trace_hit("7", 500, [[xs, xs, times]])
    two = trace_hit("7", 500, [[xs[:4], xs[:4], times[:4]], [xs[4:], xs[4:], times[4:]]])
    assert one.shape != two.shape


def test_a_drawing_of_few_points_has_no_shape() -> None:
    assert trace_hit("1", 500, [[[5, 5], [0, 90], [0, 80]]]).shape is None
    assert trace_hit("1", 500, []) == HitTrace("1", 500, 0, None)


@pytest.fixture(scope="module")
def players() -> list[Person]:
    """One person, who draws as the bundled drawings are, in each alphabet."""
    samples = [dataclasses.replace(sample, writer=0) for sample in load_fixture()]
    return list_players(read_people(samples, Recognizer.load(), per_character=3))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_honest_game_is_doubted(players: list[Person], condition: str) -> None:
    assert measure_honest(condition, CONDITIONS[condition], players, games=40, seed=7).doubted == 0


@pytest.mark.parametrize("cheat", OUT_OF_REACH)
def test_a_game_that_no_person_could_have_played_is_noticed(players: list[Person], cheat: str) -> None:
    rng = np.random.default_rng(7)
    for player in players:
        for _ in range(5):
            assert find_doubt(OUT_OF_REACH[cheat](player, rng)) is not None
