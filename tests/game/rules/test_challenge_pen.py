"""When a pen that is lifted, rests or goes on makes a hit. The test sets the clock."""

from __future__ import annotations

import pytest

from game.rules import tuning
from game.rules.challenge import Challenge
from game.rules.moves import AddPoints
from tests.game.readings import LIFTED, reading
from tests.game.rules.test_challenge import DEADLINE, START, ink, sprint


@pytest.mark.parametrize(("at_ms", "outcome"), [(-1, None), (0, "hit"), (1, "hit")])
def test_a_resting_drawing_needs_less_certainty(at_ms: int, outcome: str | None) -> None:
    challenge = sprint()
    challenge.take_guess(ink(challenge, START + 1000), reading("0", 0.5))
    assert challenge.settle(START + 1000) is None
    assert challenge.wake_ms == START + 1000 + tuning.REST_MS
    finished = challenge.settle(START + 1000 + tuning.REST_MS + at_ms)
    assert (finished and finished.outcome) == outcome
    # Waiting for the pen to rest costs neither points nor time.
    assert finished is None or finished.duration_ms == 1000


def lift(challenge: Challenge, stroke: int = 0, points: tuple[int, ...] = ()) -> None:
    challenge.move(AddPoints(challenge.rounds_begun, stroke, points, up=True), START + 1000)


@pytest.mark.parametrize("guess_is_first", [True, False])
def test_a_lifted_pen_makes_a_hit_at_once(guess_is_first: bool) -> None:
    challenge = sprint()
    look = ink(challenge, START + 1000)
    if guess_is_first:
        challenge.take_guess(look, reading("0", LIFTED))
        assert challenge.settle(START + 1000) is None
    lift(challenge)
    if not guess_is_first:
        assert challenge.settle(START + 1000) is None
        challenge.take_guess(look, reading("0", LIFTED))
    finished = challenge.settle(START + 1000)
    assert finished is not None
    assert (finished.outcome, finished.duration_ms) == ("hit", 1000)


def test_a_lifted_pen_waits_where_others_would_go_on() -> None:
    challenge = sprint()
    challenge.take_guess(ink(challenge, START + 900), reading("7"))
    lift(challenge, 1, (500, 500, 0))
    look = challenge.request_guess()
    assert look is not None
    challenge.take_guess(look, reading("0", LIFTED))  # two strokes: see `tests.game.readings`
    assert challenge.settle(START + 999 + tuning.REST_MS) is None
    assert challenge.settle(START + 1000 + tuning.REST_MS) is not None


def test_a_lift_makes_the_pen_rest_no_later() -> None:
    challenge = sprint()
    challenge.take_guess(ink(challenge, START + 900), reading("0", 0.5))
    lift(challenge)
    assert challenge.wake_ms == START + 900 + tuning.REST_MS


def test_a_pen_that_goes_on_is_not_lifted() -> None:
    challenge = sprint()
    look = ink(challenge, START + 900)
    lift(challenge)
    challenge.move(AddPoints(1, 1, [500, 500, 0]), START + 1001)
    challenge.take_guess(look, reading("0", LIFTED))
    assert challenge.settle(START + 1001) is None


def test_new_points_mean_that_the_pen_is_not_resting() -> None:
    challenge = sprint()
    challenge.take_guess(ink(challenge, START + 1000), reading("0", 0.5))
    look = ink(challenge, START + 1200, stroke=1)
    assert challenge.settle(START + 1000 + tuning.REST_MS) is None
    challenge.take_guess(look, reading("8", 0.9))
    assert challenge.settle(START + 1200 + tuning.REST_MS) is None
    assert challenge.wake_ms == challenge.deadline_ms


def test_a_guess_that_comes_after_the_pen_rests_counts_at_once() -> None:
    challenge = sprint()
    look = ink(challenge, START + 1000)
    late = START + 1000 + 2 * tuning.REST_MS
    assert challenge.settle(late) is None
    challenge.take_guess(look, reading("0", 0.5))
    finished = challenge.settle(late)
    assert finished is not None
    assert finished.outcome == "hit"


def test_the_drawing_at_the_deadline_is_checked_as_it_is() -> None:
    challenge = sprint()
    challenge.take_guess(ink(challenge, DEADLINE - 1), reading("0", 0.5))
    finished = challenge.settle(DEADLINE)
    assert finished is not None
    assert (finished.outcome, finished.remaining_ms) == ("hit", 1)


def test_a_tap_is_never_a_hit() -> None:
    challenge = sprint("1")
    challenge.move(AddPoints(1, 0, [500, 500, 0, 502, 503, 9]), START + 10)
    look = challenge.request_guess()
    assert look is not None
    challenge.take_guess(look, reading("1"))
    assert challenge.settle(START + 10 + tuning.REST_MS) is None
