"""One game from its first prompt to its last: a state machine without clock, socket or disk.

Calls that depend on the time take it as an argument, in milliseconds of one monotonic clock. The time that is left
is kept by the game's own clock (`game.rules.clocks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from feedback.records import RANKED_MODES, Drawing, Outcome
from game.rules import scoring, tuning
from game.rules.clocks import Clock, make_clock, restore_clock
from game.rules.modes import get_time_factor
from game.rules.moves import AddPoints, Move, Refused, SkipRound, UndoStroke
from game.rules.open_round import Ending, GuessRequest, OpenRound
from game.rules.plausibility import HitTrace, trace_hit
from game.rules.prompts import Adapt, RoundTime
from game.rules.saved import SavedChallenge
from game.rules.scoring import Pen
from recognition import Prediction


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A round that is over.

    Attributes:
        prediction: what the model saw in ``drawing``; None if it is empty or was never recognized.
        drawing: in the stored form; for a hit, only what had been drawn when the model understood it.
        combo, score: after this round.
        remaining_ms: after this round; None if there is no clock.
    """

    number: int
    target: str
    outcome: Outcome
    prediction: Prediction | None
    drawing: Drawing
    duration_ms: int
    points: int
    combo: int
    score: int
    bonus_ms: int
    remaining_ms: int | None


class Challenge:
    """A game of one player.

    One round at a time: `begin` opens it, moves and guesses are fed in, and `settle` returns its result, once.

    Attributes:
        round: the open round; None between rounds.
        rounds_begun: how many rounds were opened so far, the open one included.
        score, hits, combo, best_combo: of the rounds that are over.
        traces: how each hit was drawn, in games that can be ranked.
        round_times: how the rounds that are over went, for later prompts.

    Args:
        prompts: the targets, one for each round.
        adapt: if given, is told the next target and all rounds that are over, and returns the target to take.
        clock: the time that is left; the mode's own clock if left out.
    """

    def __init__(
        self,
        mode: str,
        alphabet: str,
        prompts: Iterator[str],
        adapt: Adapt | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.mode: Final = mode
        self.alphabet: Final = alphabet
        self.round: OpenRound | None = None
        self.rounds_begun = 0
        self.score = self.hits = self.combo = self.best_combo = 0
        self.traces: list[HitTrace] = []
        self.round_times: list[RoundTime] = []
        self._prompts = prompts
        self._adapt = adapt
        self._clock = clock or make_clock(mode)
        self._countdown_end_ms: int | None = None

    @classmethod
    def restore(
        cls,
        saved: SavedChallenge,
        prompts: Iterator[str],
        now_ms: int,
        adapt: Adapt | None = None,
        clock: Clock | None = None,
    ) -> Challenge:
        """Return the challenge that `save` has saved, as if that were ``now_ms``. It has no traces of hits.

        The caller adds these, and the rounds that are over.

        Args:
            saved: the state.
            prompts: those that come after the first ``saved.rounds_begun``.
            now_ms: the moment on the clock of this challenge.
            adapt: as for a new challenge.
            clock: that of ``saved``, if it was restored already.
        """
        challenge = cls(saved.mode, saved.alphabet, prompts, adapt, clock or restore_clock(saved, now_ms))
        challenge.rounds_begun = saved.rounds_begun
        challenge.score, challenge.hits = saved.score, saved.hits
        challenge.combo, challenge.best_combo = saved.combo, saved.best_combo
        if saved.round:
            challenge.round = OpenRound.restore(saved.round, saved.rounds_begun, now_ms)
            if saved.round.elapsed_ms < 0:
                challenge._countdown_end_ms = challenge.round.begun_ms
        return challenge

    def save(self, now_ms: int) -> SavedChallenge:
        """Return the challenge as it can be stored; guesses are left out, so that the model is asked again."""
        return SavedChallenge(
            mode=self.mode,
            alphabet=self.alphabet,
            rounds_begun=self.rounds_begun,
            score=self.score,
            hits=self.hits,
            combo=self.combo,
            best_combo=self.best_combo,
            round=self.round.save(now_ms) if self.round else None,
            **self._clock.save(now_ms),
        )

    @property
    def duration_ms(self) -> int | None:
        """Time on the clock at the start; None without a clock."""
        return self._clock.duration_ms

    @property
    def is_over(self) -> bool:
        """Whether no time is left for another round, or the game has as many as it may."""
        return self.round is None and (self._clock.is_up or self.rounds_begun >= tuning.MOST_ROUNDS)

    @property
    def start_ms(self) -> int | None:
        """When the countdown before the first round ends or has ended; None without one, or if it is not known."""
        return self._countdown_end_ms if self.rounds_begun else self._clock.next_round_ms

    @property
    def next_round_ms(self) -> int | None:
        """When `begin` may open the next round; None while one is open, after the game, or if it is not known."""
        return None if self.round or self.is_over else self._clock.next_round_ms

    @property
    def deadline_ms(self) -> int | None:
        """When the open round's time is up; None between rounds and without a clock."""
        return self._clock.deadline_ms if self.round else None

    @property
    def wake_ms(self) -> int | None:
        """When a round may end or begin even if nothing more arrives; None if it cannot."""
        if self.round is None:
            return self.next_round_ms
        if self.round.ending:
            return self.round.ending.at_ms + tuning.GUESS_PATIENCE_MS
        rested_ms = self.round.changed_ms + tuning.REST_MS if self.round.needs_check(Pen.RESTING) else None
        return min((time_ms for time_ms in (self.deadline_ms, rested_ms) if time_ms is not None), default=None)

    def get_remaining_ms(self, now_ms: int) -> int | None:
        """Return what the clock shows; None without a clock."""
        return self._clock.get_remaining_ms(now_ms)

    def begin(self, now_ms: int, countdown_ms: int = 0) -> OpenRound:
        """Open the next round and return it. The game must not be over, and no round may be open.

        With a countdown, the round begins when that ends. Until then, its prompt can be seen, but no move counts.
        """
        begun_ms = now_ms + countdown_ms
        if countdown_ms:
            self._countdown_end_ms = begun_ms
        self._clock.begin_round(begun_ms)
        self.rounds_begun += 1
        target = next(self._prompts)
        if self._adapt:
            target = self._adapt(target, self.round_times)
        self.round = OpenRound(self.rounds_begun, target, begun_ms=begun_ms, changed_ms=begun_ms)
        return self.round

    def move(self, move: Move, at_ms: int) -> None:
        """Apply what the player did at ``at_ms``.

        Raises:
            Refused: ``not_started`` before the countdown is over, ``wrong_round`` if the move's round is not open,
                ``time_up`` if the move came too late, or as `LiveDrawing.add` does. Nothing changes then.
        """
        self.advance(at_ms)
        round_ = self.round
        if not self.rounds_begun or (self._countdown_end_ms is not None and at_ms < self._countdown_end_ms):
            raise Refused("not_started", "The game has not started yet.")
        if round_ is None or move.round != round_.number or round_.hit:
            raise Refused("wrong_round", f"Round {move.round} is not being played.")
        if round_.ending:
            if round_.ending.outcome == "timeout":
                raise Refused("time_up", "This came after the time was up.")
            raise Refused("wrong_round", f"Round {move.round} was skipped.")
        if isinstance(move, SkipRound):
            round_.ending = Ending("skip", at_ms)
            return
        if isinstance(move, AddPoints):
            round_.drawing.add(move.stroke, move.points, is_lifted=move.up)
            if not move.points:
                return  # the drawing is the same as before
        elif isinstance(move, UndoStroke):
            round_.drawing.undo()
        else:
            round_.drawing.clear()
        round_.changed_ms = at_ms

    def stop(self) -> None:
        """End the game now. The open round is dropped."""
        self.round = None
        self._clock.stop()

    def advance(self, now_ms: int) -> None:
        """Let the clock reach ``now_ms``: a round whose time is up takes no more moves."""
        round_, deadline_ms = self.round, self.deadline_ms
        if round_ is None:
            self._clock.advance(now_ms)
        elif deadline_ms is not None and now_ms >= deadline_ms and not (round_.ending or round_.hit):
            round_.ending = Ending("timeout", deadline_ms)

    def request_guess(self) -> GuessRequest | None:
        """Return the drawing as it is now, if it still needs a guess."""
        if self.round is None or not self.round.needs_guess:
            return None
        drawing = self.round.drawing
        return GuessRequest(
            self.round.number, drawing.erasures, drawing.points, self.round.changed_ms, drawing.get_strokes()
        )

    def take_guess(self, request: GuessRequest, prediction: Prediction | None) -> bool:
        """Take what the model saw, None if it failed, and return whether to tell the player.

        A guess on a drawing that has been undone or cleared since is ignored.
        """
        round_ = self.round
        if round_ is None or round_.hit:
            return False
        if (request.round, request.erasures) != (round_.number, round_.drawing.erasures):
            return False
        round_.answered = request.size
        if prediction is None:
            return False
        round_.guess = (request, prediction)
        self._check_hit(round_, Pen.DRAWING)
        return True

    def settle(self, now_ms: int) -> RoundResult | None:
        """Return the result of the open round if it is over by ``now_ms``; no round is open after that.

        A round that has ended waits a little for the guess on what was drawn before its end.
        """
        self.advance(now_ms)
        round_ = self.round
        if round_ is None:
            return None
        if round_.drawing.is_lifted:
            self._check_whole(round_, Pen.LIFTED)
        if round_.ending or now_ms >= round_.changed_ms + tuning.REST_MS:
            self._check_whole(round_, Pen.RESTING)
        if round_.hit:
            request, prediction = round_.hit
            return self._close(round_, "hit", request.at_ms, prediction, round_.drawing.to_drawing(request.points))
        if round_.ending is None:
            return None
        if round_.needs_guess and now_ms < round_.ending.at_ms + tuning.GUESS_PATIENCE_MS:
            return None
        last = round_.guess[1] if round_.guess and round_.guess_is_complete else None
        return self._close(round_, round_.ending.outcome, round_.ending.at_ms, last, round_.drawing.to_drawing())

    def _check_whole(self, round_: OpenRound, pen: Pen) -> None:
        """Check once whether the whole drawing is a hit, now that the pen does this."""
        if round_.needs_check(pen):
            round_.checked[pen] = round_.drawing.size
            self._check_hit(round_, pen)

    def _check_hit(self, round_: OpenRound, pen: Pen) -> None:
        """Make the newest guess the hit if it is sure enough of the target. A skipped round has no hit."""
        if round_.guess is None or (round_.ending and round_.ending.outcome == "skip"):
            return
        request, prediction = round_.guess
        if (
            scoring.is_drawn(request.strokes)
            and scoring.is_hit(prediction, round_.target, self.alphabet, pen, len(request.strokes))
            and scoring.may_hand_decide(prediction, round_.target, self.alphabet, request.strokes)
        ):
            round_.hit = round_.guess

    def _close(
        self, round_: OpenRound, outcome: Outcome, at_ms: int, prediction: Prediction | None, drawing: Drawing
    ) -> RoundResult:
        self.round = None
        duration_ms = max(0, at_ms - round_.begun_ms)
        self.round_times.append(RoundTime(round_.target, outcome, duration_ms))
        points = 0
        if outcome == "hit":
            self.hits += 1
            self.combo += 1
            self.best_combo = max(self.best_combo, self.combo)
            if self.mode in RANKED_MODES:
                self.traces.append(trace_hit(round_.target, duration_ms, drawing))
            if self.duration_ms is not None:
                points = scoring.score_hit(duration_ms // get_time_factor(self.mode))
        elif outcome == "skip":
            self.combo = 0
        self.score += points
        bonus_ms = self._clock.end_round(at_ms, outcome, self.combo)
        return RoundResult(
            number=round_.number,
            target=round_.target,
            outcome=outcome,
            prediction=prediction,
            drawing=drawing,
            duration_ms=duration_ms,
            points=points,
            combo=self.combo,
            score=self.score,
            bonus_ms=bonus_ms,
            remaining_ms=self._clock.get_remaining_ms(at_ms),
        )
