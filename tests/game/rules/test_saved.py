"""A game that is saved and restored at any point plays on like one that was not."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from game.rules import tuning
from game.rules.challenge import Challenge, RoundResult
from game.rules.moves import AddPoints, ClearDrawing, Refused, SkipRound, UndoStroke
from game.rules.open_round import GuessRequest
from game.rules.saved import SavedChallenge
from recognition import Prediction
from tests.game.readings import reading

PROMPTS = "31415926"
pauses = st.integers(0, 3000) | st.sampled_from(
    [0, 1, tuning.REST_MS, tuning.GUESS_PATIENCE_MS, tuning.DURATION_MS]
)


def read(request: GuessRequest) -> Prediction:
    """Return the same prediction for the same drawing, of any character with any confidence."""
    number = request.points + 3 * len(request.strokes)
    return reading(str(number % 10), (0.5, 0.99)[number % 2])


class Player:
    """Plays a challenge on a clock that shows another time than the test's."""

    def __init__(self, mode: str) -> None:
        self.challenge = Challenge(mode, "digits", cycle(PROMPTS))
        self.offset_ms = 0
        self.challenge.begin(0)

    def restore(self, offset_ms: int, now_ms: int) -> None:
        """Store the challenge as JSON, and go on from that on another clock."""
        stored = msgspec.json.encode(self.challenge.save(now_ms + self.offset_ms))
        saved = msgspec.json.decode(stored, type=SavedChallenge)
        prompts = islice(cycle(PROMPTS), saved.rounds_begun, None)
        self.offset_ms = offset_ms
        self.challenge = Challenge.restore(saved, prompts, now_ms + offset_ms)

    def move(self, move: Any, now_ms: int) -> str:
        try:
            self.challenge.move(move, now_ms + self.offset_ms)
        except Refused as refused:
            return refused.code
        return ""

    def guess(self) -> None:
        if request := self.challenge.request_guess():
            self.challenge.take_guess(request, read(request))

    def settle(self, now_ms: int) -> tuple[Any, ...] | None:
        result = self.challenge.settle(now_ms + self.offset_ms)
        if result and not self.challenge.is_over:
            self.challenge.begin(now_ms + self.offset_ms)
        return describe(result) if result else None


def describe(result: RoundResult) -> tuple[Any, ...]:
    label = result.prediction and result.prediction.label
    fields = (getattr(result, name) for name in result.__slots__ if name != "prediction")
    return (label, *fields)


class Twins(RuleBasedStateMachine):
    """Two games with the same moves, of which one is restored again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = 0

    @initialize(mode=st.sampled_from(["sprint", "sprint", "practice"]))
    def start(self, mode: str) -> None:
        self.one, self.other = Player(mode), Player(mode)

    @rule(ms=pauses)
    def time_passes(self, ms: int) -> None:
        self.now_ms += ms

    @rule(offset_ms=st.integers(-(10**9), 10**9))
    def other_is_restored(self, offset_ms: int) -> None:
        self.other.restore(offset_ms, self.now_ms)
        round_ = self.one.challenge.round
        if round_ and round_.answered == round_.drawing.size:
            self.other.guess()  # what the model had seen is not saved, so it is asked again

    @rule(kind=st.sampled_from([UndoStroke, ClearDrawing, SkipRound]))
    def both_move(self, kind: Any) -> None:
        self.move(kind(self.one.challenge.rounds_begun))

    @rule(stroke=st.integers(0, 3), size=st.integers(0, 4), up=st.booleans())
    def both_draw(self, stroke: int, size: int, up: bool) -> None:
        points = [1, 2, 3, 900, 900, 3] * size
        self.move(AddPoints(self.one.challenge.rounds_begun, stroke, points, up or not size))

    def move(self, move: Any) -> None:
        assert self.one.move(move, self.now_ms) == self.other.move(move, self.now_ms)

    @rule()
    def both_guess(self) -> None:
        self.one.guess()
        self.other.guess()

    @invariant()
    def they_are_the_same(self) -> None:
        assert self.one.settle(self.now_ms) == self.other.settle(self.now_ms)
        assert self.one.challenge.save(self.now_ms) == self.other.challenge.save(
            self.now_ms + self.other.offset_ms
        )
        clock = self.one.challenge.get_remaining_ms(self.now_ms)
        assert clock == self.other.challenge.get_remaining_ms(self.now_ms + self.other.offset_ms)


Twins.TestCase.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)
TestTwins = Twins.TestCase


def test_a_state_with_unknown_fields_and_without_optional_ones_is_read() -> None:
    stored = b'{"mode":"sprint","alphabet":"digits","left_ms":5000,"granted_ms":60000,"tail":[1]}'
    saved = msgspec.json.decode(stored, type=SavedChallenge)
    challenge = Challenge.restore(saved, cycle(PROMPTS), 0)
    assert (challenge.score, challenge.round, challenge.get_remaining_ms(0)) == (0, None, 5000)
