"""The clock that a room shares. That of a game played alone is tested with the challenge."""

from __future__ import annotations

from itertools import cycle

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from game.rules import tuning
from game.rules.challenge import Challenge
from game.rules.clocks import SharedClock, restore_clock
from game.rules.moves import AddPoints, Refused, SkipRound
from tests.game.readings import reading

START = 3_000


class Race(RuleBasedStateMachine):
    """Two games of a room. Both hear of its start, late and more than once; one is stored and restored."""

    @initialize(duration_ms=st.integers(1, 20_000))
    def wait(self, duration_ms: int) -> None:
        self.now_ms = 0
        self.end_ms = START + duration_ms
        self.knows_start = False
        self.earliest_ms = [START, START]  # when the next prompt may come
        self.games = [self.make(SharedClock(duration_ms)) for _ in range(2)]

    def make(self, clock: SharedClock) -> Challenge:
        self.clocks = [*getattr(self, "clocks", []), clock]
        return Challenge("duel", "digits", cycle("31415926"), clock=clock)

    @rule(ms=st.integers(0, 4_000))
    def time_passes(self, ms: int) -> None:
        self.now_ms += ms
        self.go_on()

    @rule()
    def the_start_is_heard(self) -> None:
        self.knows_start = True
        for clock in self.clocks:
            clock.set_start(START)
        self.go_on()

    @rule(number=st.sampled_from([0, 1]), skips=st.booleans())
    def somebody_moves(self, number: int, skips: bool) -> None:
        game = self.games[number]
        points = [100, 100, 0, 900, 900, 50]
        move = SkipRound(game.rounds_begun) if skips else AddPoints(game.rounds_begun, 0, points)
        try:
            game.move(move, self.now_ms)
        except Refused as refused:
            assert (refused.code == "not_started") == (game.rounds_begun == 0)
            return
        assert START <= self.now_ms < self.end_ms
        if skips:
            self.earliest_ms[number] = self.now_ms + tuning.SKIP_COST_MS
        elif request := game.request_guess():
            game.take_guess(request, reading(game.round.target if game.round else "0"))
        self.go_on()

    @rule()
    def one_is_restored(self) -> None:
        saved = self.games[1].save(self.now_ms)
        clock = restore_clock(saved, self.now_ms)
        assert isinstance(clock, SharedClock)
        if self.knows_start:
            clock.set_start(START)
        self.clocks[1] = clock
        self.games[1] = Challenge.restore(saved, cycle("31415926"), self.now_ms, clock=clock)
        self.go_on()

    def go_on(self) -> None:
        for number, game in enumerate(self.games):
            result = game.settle(self.now_ms)
            assert result is None or result.bonus_ms == 0
            game.advance(self.now_ms)
            if (next_ms := game.next_round_ms) is not None and next_ms <= self.now_ms:
                assert self.earliest_ms[number] <= self.now_ms < self.end_ms
                game.begin(self.now_ms)

    @invariant()
    def both_clocks_show_the_same(self) -> None:
        shown = {game.get_remaining_ms(self.now_ms) for game in self.games}
        left_ms = self.end_ms - max(START, self.now_ms) if self.knows_start else self.end_ms - START
        assert shown == {max(0, left_ms)}

    @invariant()
    def both_play_from_the_start_to_the_end(self) -> None:
        for number, game in enumerate(self.games):
            plays = game.round is not None and not game.round.ending
            waits = not self.knows_start or self.now_ms < self.earliest_ms[number]
            assert plays == (not waits and self.now_ms < self.end_ms)
            if game.is_over:
                assert self.now_ms >= self.end_ms


Race.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestRace = Race.TestCase
