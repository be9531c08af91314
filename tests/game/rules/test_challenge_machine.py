"""What holds for every game, whatever its player, its model and its clock do."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from feedback.records import Drawing
from game.rules import tuning
from game.rules.challenge import Challenge, RoundResult
from game.rules.moves import AddPoints, ClearDrawing, Refused, SkipRound, UndoStroke
from game.rules.open_round import GuessRequest
from tests.game.readings import reading

rounds = st.integers(-1, 1)
pauses = st.integers(0, 3000) | st.sampled_from(
    [0, 1, tuning.REST_MS, tuning.GUESS_PATIENCE_MS, tuning.DURATION_MS]
)


class Game(RuleBasedStateMachine):
    """Moves, guesses in any order and at any delay, and time passing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.finished: list[RoundResult] = []
        self.looks: list[GuessRequest] = []

    @initialize(mode=st.sampled_from(["sprint", "sprint", "practice"]), countdown_ms=st.sampled_from([0, 3000]))
    def start(self, mode: str, countdown_ms: int) -> None:
        self.challenge = Challenge(mode, "digits", cycle("31415926"))
        self.starts_at = self.now + countdown_ms
        self.challenge.begin(self.now, countdown_ms)

    def drawn(self) -> Drawing | None:
        return self.challenge.round.drawing.to_drawing() if self.challenge.round else None

    def settle(self) -> None:
        score = self.challenge.score
        finished = self.challenge.settle(self.now)
        if finished is None:
            return
        assert finished.number == len(self.finished) + 1
        assert finished.score == self.challenge.score == score + finished.points
        assert (finished.points > 0) == (finished.outcome == "hit" and self.challenge.mode != "practice")
        assert finished.duration_ms >= 0
        if finished.outcome == "hit":
            assert finished.prediction is not None
            assert finished.prediction.label == finished.target
        self.finished.append(finished)
        assert self.challenge.settle(self.now) is None
        self.go_on()

    def go_on(self) -> None:
        next_ms = self.challenge.next_round_ms
        if next_ms is not None and next_ms <= self.now and not self.challenge.is_over:
            self.challenge.begin(self.now)

    @rule(ms=pauses)
    def time_passes(self, ms: int) -> None:
        self.now += ms
        self.settle()

    @rule(of=rounds, kind=st.sampled_from([UndoStroke, ClearDrawing, SkipRound]))
    def moves(self, of: int, kind: Any) -> None:
        self.try_move(kind(max(0, self.challenge.rounds_begun + of)))

    @rule(of=rounds, stroke=st.integers(0, 3), size=st.integers(0, 3), up=st.booleans())
    def inks(self, of: int, stroke: int, size: int, up: bool) -> None:
        points = [1, 2, 3, 900, 900, 3] * size
        self.try_move(AddPoints(max(0, self.challenge.rounds_begun + of), stroke, points, up or not size))

    def try_move(self, move: Any) -> None:
        before = self.drawn()
        try:
            self.challenge.move(move, self.now)
        except Refused as error:
            assert error.code in {"wrong_round", "time_up", "bad_stroke", "not_started"}
            assert (error.code == "not_started") == (self.now < self.starts_at)
            assert self.drawn() == before
        self.settle()

    @precondition(lambda self: self.challenge.request_guess())
    @rule()
    def looks_are_taken(self) -> None:
        look = self.challenge.request_guess()
        assert look is not None
        self.looks.append(look)

    @precondition(lambda self: self.looks)
    @rule(data=st.data(), right=st.booleans(), fails=st.booleans())
    def guesses_come(self, data: st.DataObject, right: bool, fails: bool) -> None:
        look = self.looks.pop(data.draw(st.integers(0, len(self.looks) - 1)))
        round_ = self.challenge.round
        target = round_.target if round_ else "1"
        label = target if right else "0" if target != "0" else "1"
        confidence = data.draw(st.sampled_from([0.5, 0.99]))
        is_current = round_ and (look.round, look.erasures) == (round_.number, round_.drawing.erasures)
        taken = self.challenge.take_guess(look, None if fails else reading(label, confidence))
        assert not taken or is_current
        self.settle()

    @invariant()
    def the_clock_is_within_its_bounds(self) -> None:
        remaining = self.challenge.get_remaining_ms(self.now)
        if self.challenge.mode == "practice":
            assert remaining is None
            assert not self.challenge.is_over
        else:
            assert remaining is not None
            assert 0 <= remaining <= tuning.DURATION_MS
            assert not (self.challenge.is_over and remaining)
            if self.now < self.starts_at:
                assert remaining == self.challenge.duration_ms

    @invariant()
    def the_books_balance(self) -> None:
        hits = [finished for finished in self.finished if finished.outcome == "hit"]
        assert self.challenge.hits == len(hits)
        assert self.challenge.score == sum(finished.points for finished in self.finished)
        assert 0 <= self.challenge.combo <= self.challenge.best_combo <= self.challenge.hits
        if self.challenge.mode == "sprint":
            played = sum(finished.duration_ms for finished in self.finished)
            assert played <= tuning.LONGEST_MS


Game.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestGame = Game.TestCase
