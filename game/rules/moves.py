"""The moves of a round, and the error that refuses one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class Refused(Exception):
    """A move, a name or a join is refused, with a stable ``code`` for programs and a sentence for people.

    Attributes:
        game: the id of the game that is the reason; None if there is none.
    """

    def __init__(self, code: str, text: str, game: str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.game = game


@dataclass(frozen=True, slots=True)
class AddPoints:
    """Add points to the drawing.

    Attributes:
        round: the round's number.
        stroke: which stroke the points belong to; a higher number than the newest starts a new stroke.
        points: flat ``[x, y, dt, x, y, dt, …]``: whole numbers on the 0-1023 square, and milliseconds since the
            previous point. Only a lifted pen may come without points.
        up: whether the pen was lifted after these points.
    """

    round: int
    stroke: int
    points: Sequence[int]
    up: bool = False


@dataclass(frozen=True, slots=True)
class UndoStroke:
    """Take the newest stroke back."""

    round: int


@dataclass(frozen=True, slots=True)
class ClearDrawing:
    """Take all strokes back."""

    round: int


@dataclass(frozen=True, slots=True)
class SkipRound:
    """Give the round up."""

    round: int


Move = AddPoints | UndoStroke | ClearDrawing | SkipRound
