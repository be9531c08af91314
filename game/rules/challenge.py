"""One game from its first prompt to its last: a state machine without clock, socket or disk.

Every call that happens at a time is handed it, in milliseconds of one monotonic clock. The game's own clock
stands still between the end of a round and the next prompt: neither a slow guess nor a slow disk costs time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from game.play.protocol import SPRINT, Move, ProtocolError, Skip, Undo
from game.play.protocol import Ink as InkMessage
from game.rules import scoring, tuning
from game.rules.drawing import Drawing, LiveDrawing
from recognition import Prediction

Outcome = Literal["hit", "skip", "timeout"]


@dataclass(frozen=True, slots=True)
class GuessRequest:
    """Ink to be recognised: the first ``points`` points of a round after so many erasures.

    Attributes:
        at_ms: when the last of it arrived.
    """

    round: int
    erasures: int
    points: int
    at_ms: int
    strokes: list[list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A round that is over.

    Attributes:
        prediction: what was seen in ``drawing``, None if it is empty or was never recognised.
        drawing: ``[[x…], [y…], [t_ms…]]`` a stroke; for a hit, the ink that was understood.
        combo, score, remaining_ms: as the round left them; no clock, no time remaining.
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


@dataclass(frozen=True, slots=True)
class _End:
    outcome: Literal["skip", "timeout"]
    at_ms: int


class Challenge:
    """A game of one player.

    Rounds alternate: `begin` opens one, moves and guesses are fed in, and `settle` returns it finished, once.

    Attributes:
        number: the round, from 1; 0 before the first.
        target: the character to draw.
        ink: what is drawn in this round.
        score, hits, combo, best_combo: of the finished rounds.
    """

    def __init__(self, mode: str, alphabet: str, prompts: Iterator[str]) -> None:
        self.mode: Final = mode
        self.alphabet: Final = alphabet
        self.number = 0
        self.target = ""
        self.ink = LiveDrawing()
        self.score = self.hits = self.combo = self.best_combo = 0
        self._prompts = prompts
        self._timed = mode == SPRINT
        self._left_ms = self._granted_ms = tuning.DURATION_MS  # what the clock shows while it stands
        self._begun_ms: int | None = None  # when the round began; None between rounds
        self._inked_ms = 0
        self._latest: tuple[GuessRequest, Prediction] | None = None
        self._looked_at: tuple[int, int] = (0, 0)  # erasures and points of the newest ink that needs no guess
        self._rested_at: tuple[int, int] = (0, 0)  # erasures and points of the newest ink that was judged at rest
        self._end: _End | None = None
        self._hit: tuple[GuessRequest, Prediction] | None = None

    @property
    def duration_ms(self) -> int | None:
        """Time on the clock at the start; None without a clock."""
        return tuning.DURATION_MS if self._timed else None

    @property
    def is_running(self) -> bool:
        """Whether a round is open."""
        return self._begun_ms is not None

    @property
    def is_over(self) -> bool:
        """Whether there is no time for another round."""
        return self._timed and not self.is_running and self._left_ms <= 0

    @property
    def deadline_ms(self) -> int | None:
        """When the running round's time is up; None between rounds and without a clock."""
        return self._begun_ms + self._left_ms if self._timed and self._begun_ms is not None else None

    @property
    def wake_ms(self) -> int | None:
        """When `settle` may have something to return though nothing more arrives; None if it will not."""
        if self._end:
            return self._end.at_ms + tuning.GUESS_PATIENCE_MS
        times = [self.deadline_ms, self._inked_ms + tuning.REST_MS if self._rests_unjudged else None]
        return min((time_ms for time_ms in times if time_ms is not None), default=None)

    def remaining_ms(self, now_ms: int) -> int | None:
        """Return what the clock shows; None without a clock."""
        if not self._timed:
            return None
        deadline_ms = self.deadline_ms
        return self._left_ms if deadline_ms is None else max(0, min(self._left_ms, deadline_ms - now_ms))

    def begin(self, now_ms: int) -> None:
        """Open the next round; the game must not be over, nor a round be open."""
        self.number += 1
        self.target = next(self._prompts)
        self.ink = LiveDrawing()
        self._begun_ms = self._inked_ms = now_ms
        self._latest = self._end = self._hit = None
        self._looked_at = self._rested_at = (0, 0)

    def move(self, move: Move, at_ms: int) -> None:
        """Apply what the player did at ``at_ms``.

        Raises:
            ProtocolError: ``wrong_round`` if another round is open or none, ``time_up`` if it came too late, or as
                `LiveDrawing.add` does. Nothing has changed then.
        """
        self.advance(at_ms)
        if not self.is_running or move.round != self.number or self._hit:
            raise ProtocolError("wrong_round", f"Round {move.round} is not being played.")
        if self._end:
            if self._end.outcome == "timeout":
                raise ProtocolError("time_up", "This came after the time was up.")
            raise ProtocolError("wrong_round", f"Round {move.round} was skipped.")
        if isinstance(move, Skip):
            self._end = _End("skip", at_ms)
            return
        if isinstance(move, InkMessage):
            self.ink.add(move.stroke, move.points)
        elif isinstance(move, Undo):
            self.ink.undo()
        else:
            self.ink.clear()
        self._inked_ms = at_ms

    def advance(self, now_ms: int) -> None:
        """Let the clock reach ``now_ms``: a round whose time is up takes no more moves."""
        deadline_ms = self.deadline_ms
        if deadline_ms is not None and now_ms >= deadline_ms and not self._end and not self._hit:
            self._end = _End("timeout", deadline_ms)

    def look(self) -> GuessRequest | None:
        """Return the newest ink if there is some that still needs a guess."""
        if not self._needs_look:
            return None
        return GuessRequest(self.number, self.ink.erasures, self.ink.points, self._inked_ms, self.ink.strokes())

    def guessed(self, look: GuessRequest, prediction: Prediction | None) -> bool:
        """Take what the model saw in ``look``, or None where it failed; return whether that is still of interest.

        What was seen before something was taken back is not, nor is a guess older than the newest one.
        """
        if not self.is_running or self._hit or (look.round, look.erasures) != (self.number, self.ink.erasures):
            return False
        self._looked_at = (look.erasures, look.points)
        if prediction is None:
            return False
        self._latest = (look, prediction)
        self._judge(resting=False)
        return True

    def settle(self, now_ms: int) -> RoundResult | None:
        """Return the open round finished, if it is by ``now_ms``; none is open after that.

        A round that has ended waits a little for the guess on the ink that came before its end.
        """
        self.advance(now_ms)
        if self._rests_unjudged and (self._end or now_ms >= self._inked_ms + tuning.REST_MS):
            self._rested_at = self._inked
            self._judge(resting=True)
        if self._hit:
            look, prediction = self._hit
            return self._finish("hit", look.at_ms, prediction, self.ink.drawing(look.points))
        if self._end is None:
            return None
        if self._needs_look and now_ms < self._end.at_ms + tuning.GUESS_PATIENCE_MS:
            return None
        prediction_now = self._latest[1] if self._latest and self._sees_everything else None
        return self._finish(self._end.outcome, self._end.at_ms, prediction_now, self.ink.drawing())

    def _judge(self, *, resting: bool) -> None:
        """Make the latest guess a hit if it is sure enough of the target; a skipped round has none."""
        if self._latest is None or (self._end and self._end.outcome == "skip"):
            return
        look, prediction = self._latest
        if scoring.is_drawn(look.strokes) and scoring.is_hit(
            prediction, self.target, self.alphabet, resting=resting
        ):
            self._hit = self._latest

    @property
    def _needs_look(self) -> bool:
        return self.is_running and not self._hit and self.ink.points > 0 and self._looked_at != self._inked

    @property
    def _sees_everything(self) -> bool:
        """Whether the latest guess is on all the ink there is."""
        seen = self._latest
        return seen is not None and self.ink.points > 0 and (seen[0].erasures, seen[0].points) == self._inked

    @property
    def _rests_unjudged(self) -> bool:
        return self.is_running and not self._hit and self._sees_everything and self._rested_at != self._inked

    @property
    def _inked(self) -> tuple[int, int]:
        return self.ink.erasures, self.ink.points

    def _finish(
        self, outcome: Outcome, at_ms: int, prediction: Prediction | None, drawing: Drawing
    ) -> RoundResult:
        begun_ms = at_ms if self._begun_ms is None else self._begun_ms
        duration_ms = max(0, at_ms - begun_ms)
        self._begun_ms = self._end = self._hit = self._latest = None
        left_ms = max(0, self._left_ms - duration_ms)
        points = bonus_ms = 0
        if outcome == "hit":
            self.hits += 1
            self.combo += 1
            self.best_combo = max(self.best_combo, self.combo)
            if self._timed:
                points = scoring.hit_points(duration_ms)
                bonus_ms = scoring.capped_bonus_ms(scoring.combo_bonus_ms(self.combo), left_ms, self._granted_ms)
        elif outcome == "skip":
            self.combo = 0
            left_ms = max(0, left_ms - tuning.SKIP_COST_MS)
        self.score += points
        self._granted_ms += bonus_ms
        self._left_ms = left_ms + bonus_ms
        return RoundResult(
            number=self.number,
            target=self.target,
            outcome=outcome,
            prediction=prediction,
            drawing=drawing,
            duration_ms=duration_ms,
            points=points,
            combo=self.combo,
            score=self.score,
            bonus_ms=bonus_ms,
            remaining_ms=self._left_ms if self._timed else None,
        )
