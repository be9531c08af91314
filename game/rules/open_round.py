"""The round that is being played."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from game.rules.drawing import LiveDrawing
from game.rules.saved import SavedRound
from game.rules.scoring import Pen
from recognition import Prediction


@dataclass(frozen=True, slots=True)
class GuessRequest:
    """A drawing to be recognized: the first ``points`` points of a round after ``erasures`` erasures.

    Attributes:
        at_ms: when the last of its points arrived.
    """

    round: int
    erasures: int
    points: int
    at_ms: int
    strokes: list[list[tuple[int, int]]]

    @property
    def size(self) -> tuple[int, int]:
        """Erasures and points, as `LiveDrawing.size`."""
        return self.erasures, self.points


@dataclass(frozen=True, slots=True)
class Ending:
    """How a round ended without a hit."""

    outcome: Literal["skip", "timeout"]
    at_ms: int


@dataclass(slots=True)
class OpenRound:
    """The round that is being played.

    Attributes:
        begun_ms: when its prompt was given.
        changed_ms: when the drawing last changed.
        answered: the size of the newest drawing that needs no further guess.
        checked: by what the pen does, the size of the newest drawing that was checked for a hit.
        guess: the newest guess.
        hit: the guess that was a hit.
        ending: how it ended without a hit; it may still wait for a last guess.
    """

    number: int
    target: str
    begun_ms: int
    changed_ms: int
    drawing: LiveDrawing = field(default_factory=LiveDrawing)
    answered: tuple[int, int] = (0, 0)
    checked: dict[Pen, tuple[int, int]] = field(default_factory=dict)
    guess: tuple[GuessRequest, Prediction] | None = None
    hit: tuple[GuessRequest, Prediction] | None = None
    ending: Ending | None = None

    def save(self, now_ms: int) -> SavedRound:
        """Return the round as it can be stored. Guesses are left out."""
        return SavedRound(
            target=self.target,
            elapsed_ms=now_ms - self.begun_ms,
            changed_ms=self.changed_ms - self.begun_ms,
            drawing=self.drawing.save(),
            outcome=self.ending.outcome if self.ending else None,
            ended_ms=self.ending.at_ms - self.begun_ms if self.ending else 0,
        )

    @classmethod
    def restore(cls, saved: SavedRound, number: int, now_ms: int) -> OpenRound:
        """Return the round that `save` has saved, as if that were ``now_ms``."""
        begun_ms = now_ms - saved.elapsed_ms
        return cls(
            number,
            saved.target,
            begun_ms,
            begun_ms + saved.changed_ms,
            LiveDrawing.restore(saved.drawing),
            ending=Ending(saved.outcome, begun_ms + saved.ended_ms) if saved.outcome else None,
        )

    @property
    def needs_guess(self) -> bool:
        """Whether something is drawn that no guess has seen."""
        return not self.hit and self.drawing.points > 0 and self.answered != self.drawing.size

    @property
    def guess_is_complete(self) -> bool:
        """Whether the newest guess has seen the whole drawing."""
        return self.guess is not None and self.drawing.points > 0 and self.guess[0].size == self.drawing.size

    def needs_check(self, pen: Pen) -> bool:
        """Return whether the whole drawing still has to be checked for a hit, now that the pen does this."""
        return not self.hit and self.guess_is_complete and self.checked.get(pen) != self.drawing.size
