"""A game's rules over time. The test sets the clock."""

from __future__ import annotations

from itertools import cycle

import pytest

from game.rules import scoring, tuning
from game.rules.challenge import Challenge, RoundResult
from game.rules.moves import AddPoints, ClearDrawing, Move, Refused, SkipRound, UndoStroke
from game.rules.open_round import GuessRequest
from tests.game.readings import reading

START = 1_000_000
DEADLINE = START + tuning.DURATION_MS


def sprint(targets: str = "0123456789") -> Challenge:
    challenge = Challenge("sprint", "digits", cycle(targets))
    challenge.begin(START)
    return challenge


def target(challenge: Challenge) -> str:
    assert challenge.round is not None
    return challenge.round.target


def ink(challenge: Challenge, at_ms: int, stroke: int = 0) -> GuessRequest:
    challenge.move(AddPoints(challenge.rounds_begun, stroke, [100, 100, 0, 900, 900, 50]), at_ms)
    look = challenge.request_guess()
    assert look is not None
    return look


def hit(challenge: Challenge, at_ms: int) -> RoundResult:
    assert challenge.take_guess(ink(challenge, at_ms), reading(target(challenge)))
    finished = challenge.settle(at_ms)
    assert finished is not None
    assert finished.outcome == "hit"
    return finished


def skip(challenge: Challenge, at_ms: int) -> RoundResult:
    challenge.move(SkipRound(challenge.rounds_begun), at_ms)
    finished = challenge.settle(at_ms)
    assert finished is not None
    assert finished.outcome == "skip"
    return finished


def refusal(challenge: Challenge, move: Move, at_ms: int) -> str:
    with pytest.raises(Refused) as refused:
        challenge.move(move, at_ms)
    return refused.value.code


def test_a_hit_scores_and_the_next_round_gets_the_time_that_is_left() -> None:
    challenge = sprint()
    finished = hit(challenge, START + 2000)
    assert finished.points == finished.score == scoring.score_hit(2000)
    assert (finished.number, finished.target, finished.combo, finished.bonus_ms) == (1, "0", 1, 0)
    assert finished.duration_ms == 2000
    assert finished.remaining_ms == tuning.DURATION_MS - 2000
    assert finished.drawing == [[[100, 900], [100, 900], [0, 50]]]
    challenge.begin(START + 9000)
    assert (challenge.rounds_begun, target(challenge)) == (2, "1")
    assert challenge.get_remaining_ms(START + 9000) == tuning.DURATION_MS - 2000


def test_a_slow_guess_costs_neither_points_nor_time() -> None:
    challenge = sprint()
    look = ink(challenge, START + 1000)
    challenge.take_guess(look, reading("0"))
    finished = challenge.settle(START + 1900)
    assert finished is not None
    assert finished.points == scoring.score_hit(1000)
    assert finished.remaining_ms == tuning.DURATION_MS - 1000


def test_a_round_goes_on_after_a_wrong_guess() -> None:
    challenge = sprint()
    assert challenge.take_guess(ink(challenge, START + 100), reading("7"))
    assert challenge.settle(START + 200) is None
    assert challenge.request_guess() is None
    assert hit(challenge, START + 300).duration_ms == 300


@pytest.mark.parametrize(("at_ms", "outcome"), [(-1, "hit"), (0, None), (1, None)])
def test_points_count_until_the_deadline(at_ms: int, outcome: str | None) -> None:
    challenge = sprint()
    if outcome is None:
        assert refusal(challenge, AddPoints(1, 0, [1, 1, 0]), DEADLINE + at_ms) == "time_up"
        finished = challenge.settle(DEADLINE + at_ms)
        assert finished is not None
        assert (finished.outcome, finished.remaining_ms, finished.prediction) == ("timeout", 0, None)
        assert challenge.is_over
    else:
        finished = hit(challenge, DEADLINE + at_ms)
        assert (finished.outcome, finished.remaining_ms) == ("hit", 1)
        assert not challenge.is_over


@pytest.mark.parametrize("at_ms", [-1, 0, 1])
def test_time_is_up_at_the_deadline(at_ms: int) -> None:
    challenge = sprint()
    assert challenge.get_remaining_ms(DEADLINE + at_ms) == max(0, -at_ms)
    finished = challenge.settle(DEADLINE + at_ms)
    assert (finished is None) == (at_ms < 0)
    assert challenge.is_over == (at_ms >= 0)


def test_a_late_guess_on_points_from_before_the_deadline_counts() -> None:
    challenge = sprint()
    look = ink(challenge, DEADLINE - 1)
    assert challenge.settle(DEADLINE + 300) is None
    assert challenge.wake_ms == DEADLINE + tuning.GUESS_PATIENCE_MS
    assert refusal(challenge, ClearDrawing(1), DEADLINE + 300) == "time_up"
    challenge.take_guess(look, reading("0"))
    finished = challenge.settle(DEADLINE + 400)
    assert finished is not None
    assert (finished.outcome, finished.remaining_ms) == ("hit", 1)


def test_a_round_does_not_wait_forever_for_a_guess() -> None:
    challenge = sprint()
    look = ink(challenge, DEADLINE - 1)
    assert challenge.settle(DEADLINE + tuning.GUESS_PATIENCE_MS - 1) is None
    finished = challenge.settle(DEADLINE + tuning.GUESS_PATIENCE_MS)
    assert finished is not None
    assert (finished.outcome, finished.duration_ms, finished.prediction) == ("timeout", tuning.DURATION_MS, None)
    assert not challenge.take_guess(look, reading("0"))
    assert challenge.settle(DEADLINE + 5000) is None


def test_a_round_is_settled_only_once() -> None:
    challenge = sprint()
    look = ink(challenge, START + 100)
    challenge.take_guess(look, reading("0"))
    assert refusal(challenge, SkipRound(1), START + 110) == "wrong_round"
    assert not challenge.take_guess(look, reading("3"))
    finished = challenge.settle(START + 120)
    assert finished is not None
    assert finished.outcome == "hit"
    assert challenge.settle(START + 130) is None


def test_a_hit_stores_what_was_drawn_when_it_was_understood() -> None:
    challenge = sprint()
    look = ink(challenge, START + 100)
    challenge.move(AddPoints(1, 1, [5, 5, 9]), START + 200)
    challenge.take_guess(look, reading("0"))
    finished = challenge.settle(START + 210)
    assert finished is not None
    assert finished.drawing == [[[100, 900], [100, 900], [0, 50]]]
    assert finished.duration_ms == 100


@pytest.mark.parametrize("erase", [UndoStroke(1), ClearDrawing(1)])
def test_a_guess_on_an_erased_drawing_is_dropped(erase: Move) -> None:
    challenge = sprint()
    look = ink(challenge, START + 100)
    challenge.move(erase, START + 150)
    assert not challenge.take_guess(look, reading("0"))
    assert challenge.settle(START + 160) is None
    assert challenge.request_guess() is None
    assert hit(challenge, START + 500).duration_ms == 500


def test_an_undo_asks_for_a_new_guess() -> None:
    challenge = sprint()
    challenge.take_guess(ink(challenge, START + 100), reading("7"))
    challenge.take_guess(ink(challenge, START + 200, stroke=1), reading("8"))
    challenge.move(UndoStroke(1), START + 300)
    look = challenge.request_guess()
    assert look is not None
    assert (look.points, look.at_ms) == (2, START + 300)
    challenge.take_guess(look, reading("0"))
    finished = challenge.settle(START + 310)
    assert finished is not None
    assert finished.duration_ms == 300


def test_a_guess_on_an_earlier_round_is_dropped() -> None:
    challenge = sprint()
    look = ink(challenge, START + 100)
    skip_after_patience(challenge)
    challenge.begin(START + 5000)
    assert not challenge.take_guess(look, reading("1"))
    assert challenge.settle(START + 5001) is None


def skip_after_patience(challenge: Challenge) -> None:
    challenge.move(SkipRound(1), START + 200)
    assert challenge.settle(START + 200 + tuning.GUESS_PATIENCE_MS) is not None


def test_a_skip_costs_time_and_the_combo() -> None:
    challenge = sprint()
    hit(challenge, START + 100)
    challenge.begin(START + 100)
    finished = skip(challenge, START + 1100)
    assert (finished.points, finished.combo, finished.prediction, finished.drawing) == (0, 0, None, [])
    assert finished.remaining_ms == tuning.DURATION_MS - 1100 - tuning.SKIP_COST_MS
    assert challenge.best_combo == 1


def test_a_skip_waits_for_the_last_guess_but_stays_a_skip() -> None:
    challenge = sprint()
    look = ink(challenge, START + 100)
    challenge.move(SkipRound(1), START + 150)
    assert challenge.settle(START + 200) is None
    assert refusal(challenge, SkipRound(1), START + 200) == "wrong_round"
    assert refusal(challenge, AddPoints(1, 0, [1, 1, 0]), START + 200) == "wrong_round"
    challenge.take_guess(look, reading("0"))
    finished = challenge.settle(START + 250)
    assert finished is not None
    assert (finished.outcome, finished.duration_ms) == ("skip", 150)
    assert finished.prediction is not None
    assert finished.prediction.label == "0"


def test_a_failed_guess_leaves_the_round_without_a_prediction() -> None:
    challenge = sprint()
    assert not challenge.take_guess(ink(challenge, START + 100), None)
    finished = skip(challenge, START + 200)
    assert finished.prediction is None
    assert finished.drawing != []


def test_a_skip_that_costs_all_the_time_ends_the_game() -> None:
    challenge = sprint()
    finished = skip(challenge, DEADLINE - tuning.SKIP_COST_MS)
    assert finished.remaining_ms == 0
    assert challenge.is_over
    assert challenge.settle(DEADLINE) is None
    assert refusal(challenge, SkipRound(1), DEADLINE) == "wrong_round"


def test_moves_of_another_round_are_refused() -> None:
    challenge = sprint()
    for number in (0, 2, 2**53):
        assert refusal(challenge, SkipRound(number), START + 1) == "wrong_round"
    skip(challenge, START + 2)
    assert refusal(challenge, SkipRound(1), START + 3) == "wrong_round"


def test_five_in_a_row_add_time() -> None:
    challenge = sprint()
    for number in range(1, 6):
        finished = hit(challenge, START + 1000 * number)
        challenge.begin(START + 1000 * number)
    assert (finished.combo, finished.bonus_ms) == (5, 3000)
    assert finished.remaining_ms == tuning.DURATION_MS - 5000 + 3000


@pytest.mark.parametrize(("mode", "times"), [("sprint", 1), ("extra", 2), ("keys", 4)])
def test_no_game_is_longer_than_the_longest(mode: str, times: int) -> None:
    challenge = Challenge(mode, "digits", cycle("0123456789"))
    challenge.begin(START)
    now = START
    while not challenge.is_over:
        now += 1000
        challenge.advance(now)
        if challenge.settle(now) is None:
            hit(challenge, now)
        if not challenge.is_over:
            challenge.begin(now)
        assert now - START <= times * tuning.LONGEST_MS
        challenge = Challenge.restore(challenge.save(now), cycle("0123456789"), now)
    assert challenge.hits > times * tuning.DURATION_MS // 1000


def test_with_more_time_points_fade_more_slowly() -> None:
    points = []
    for mode, times in (("sprint", 1), ("extra", 2), ("keys", 4)):
        challenge = Challenge(mode, "digits", cycle("07"))
        challenge.begin(START)
        assert challenge.get_remaining_ms(START) == times * tuning.DURATION_MS
        points.append(hit(challenge, START + times * 2000).points)
    assert points == [scoring.score_hit(2000)] * 3


def test_practice_ends_after_very_many_rounds_and_needs_no_traces() -> None:
    challenge = Challenge("practice", "digits", cycle("07"))
    for number in range(tuning.MOST_ROUNDS):
        assert not challenge.is_over
        challenge.begin(1_000 * number)
        assert hit(challenge, 1_000 * number + 500).outcome == "hit"
    assert challenge.is_over
    assert challenge.traces == []


def test_practice_has_no_clock_and_no_score() -> None:
    challenge = Challenge("practice", "digits", cycle("07"))
    challenge.begin(START)
    later = START + 10 * tuning.LONGEST_MS
    assert challenge.settle(later) is None
    assert (challenge.duration_ms, challenge.deadline_ms, challenge.wake_ms) == (None, None, None)
    assert challenge.get_remaining_ms(later) is None
    finished = hit(challenge, later)
    assert (finished.points, finished.score, finished.bonus_ms, finished.remaining_ms) == (0, 0, 0, None)
    challenge.begin(later)
    skip(challenge, later)
    assert not challenge.is_over


def play_hits(challenge: Challenge, round_ms: int, pause_ms: int) -> tuple[int, int]:
    """Play hits until the game is over. Return how long that took, and what of it the clock counted."""
    now_ms, counted_ms = START, 0
    while True:
        now_ms += round_ms
        challenge.advance(now_ms)
        if challenge.round is not None and challenge.round.ending:
            result = challenge.settle(now_ms)
            assert result is not None
        else:
            result = hit(challenge, now_ms)
        counted_ms += result.duration_ms
        if challenge.is_over:
            return now_ms - START, counted_ms
        now_ms += pause_ms
        challenge.begin(now_ms)


@pytest.mark.parametrize("pause_ms", [30, 160, tuning.COUNTED_PAUSE_MS])
def test_a_client_that_sends_finished_drawings_cannot_play_on_and_on_between_the_rounds(pause_ms: int) -> None:
    took_ms, _ = play_hits(sprint(), 1, pause_ms)
    assert took_ms <= tuning.LONGEST_PLAY_MS + tuning.COUNTED_PAUSE_MS


@pytest.mark.parametrize("pause_ms", [0, 300, tuning.COUNTED_PAUSE_MS, 5_000])
def test_a_fast_hand_gets_its_whole_time_however_slow_the_server_is(pause_ms: int) -> None:
    _, counted_ms = play_hits(sprint(), 520, pause_ms)
    assert counted_ms == tuning.LONGEST_MS


def test_a_store_that_fails_for_long_costs_no_time() -> None:
    challenge = sprint()
    for number in range(20):
        before = challenge.get_remaining_ms(START + number * 60_000)
        result = hit(challenge, START + number * 60_000 + 600)
        assert before is not None
        assert result.remaining_ms == before - 600 + result.bonus_ms
        challenge.begin(START + (number + 1) * 60_000)


def test_the_trace_of_each_hit_is_kept() -> None:
    challenge = sprint()
    hit(challenge, START + 400)
    challenge.begin(START + 500)
    skip(challenge, START + 600)
    challenge.begin(START + 700)
    hit(challenge, START + 1_000)
    assert [(trace.target, trace.duration_ms, trace.pen_ms) for trace in challenge.traces] == [
        ("0", 400, 50),
        ("2", 300, 50),
    ]
