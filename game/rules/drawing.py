"""The drawing of the open round, as it arrives point by point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from feedback.records import Drawing
from game.rules import tuning
from game.rules.moves import Refused
from game.rules.saved import SavedDrawing


class LiveDrawing:
    """Strokes that grow and can be taken back.

    Attributes:
        points: how many points all strokes have together.
        erasures: how often something was taken back. Between two erasures the drawing only grows at its end, so
            the first ``points`` points after the same number of erasures are always the same drawing.
        is_lifted: whether the pen was lifted after the last point.
    """

    def __init__(self) -> None:
        self.points = 0
        self.erasures = 0
        self.is_lifted = False
        self._numbers: list[int] = []
        self._strokes: list[tuple[list[int], list[int], list[int]]] = []  # x, y and time of each point
        self._now_ms = 0

    @classmethod
    def restore(cls, saved: SavedDrawing) -> LiveDrawing:
        """Return the drawing that `save` has saved."""
        drawing = cls()
        drawing.points = sum(len(xs) for xs, _, _ in saved.strokes)
        drawing.erasures = saved.erasures
        drawing.is_lifted = saved.is_lifted
        drawing._numbers = list(saved.numbers)
        drawing._strokes = [(list(xs), list(ys), list(times)) for xs, ys, times in saved.strokes]
        drawing._now_ms = saved.pen_ms
        return drawing

    @property
    def size(self) -> tuple[int, int]:
        """Erasures and points: equal sizes mean the same drawing."""
        return self.erasures, self.points

    def add(self, number: int, points: Sequence[int], *, is_lifted: bool = False) -> None:
        """Add points ``[x, y, dt, …]`` to the stroke ``number``, which is the newest stroke or a new one.

        Args:
            number: the stroke.
            points: none if the pen was only lifted.
            is_lifted: whether the pen was lifted after these points.

        Raises:
            Refused: ``bad_stroke`` if the number is lower than the newest stroke's, or higher and there are no
                points; ``too_much_ink`` if the drawing would have too many points or strokes. Nothing changes
                then.
        """
        newest = self._numbers[-1] if self._numbers else None
        if number < 0 or (newest is not None and number < newest):
            raise Refused("bad_stroke", "Stroke numbers may only stay the same or go up.")
        is_new = number != newest
        if is_new and not points:
            raise Refused("bad_stroke", "A new stroke must have points.")
        if self.points + len(points) // 3 > tuning.MAX_POINTS:
            raise Refused("too_much_ink", f"A drawing may have at most {tuning.MAX_POINTS} points.")
        if is_new and len(self._strokes) >= tuning.MAX_STROKES:
            raise Refused("too_much_ink", f"A drawing may have at most {tuning.MAX_STROKES} strokes.")
        if is_new:
            self._numbers.append(number)
            self._strokes.append(([], [], []))
        xs, ys, times = self._strokes[-1]
        xs.extend(points[::3])
        ys.extend(points[1::3])
        for pause in points[2::3]:
            self._now_ms += pause
            times.append(self._now_ms)
        self.points += len(points) // 3
        self.is_lifted = is_lifted

    def undo(self) -> None:
        """Take the newest stroke back, if there is one."""
        if self._strokes:
            self._numbers.pop()
            self.points -= len(self._strokes.pop()[0])
            self._count_erasure()

    def clear(self) -> None:
        """Take all strokes back."""
        if self._strokes:
            self._numbers.clear()
            self._strokes.clear()
            self.points = 0
            self._count_erasure()

    def get_strokes(self) -> list[list[tuple[int, int]]]:
        """Return the strokes as the recognizer takes them."""
        return [list(zip(xs, ys, strict=True)) for xs, ys, _ in self._strokes]

    def to_drawing(self, points: int | None = None) -> Drawing:
        """Return the first ``points`` points, or all, in the stored form. Times count from the first point."""
        start = self._strokes[0][2][0] if self._strokes else 0
        return [[xs, ys, [time - start for time in times]] for xs, ys, times in self._take_first(points)]

    def to_flat_strokes(self) -> list[list[int]]:
        """Return each stroke as flat points ``[x, y, dt, …]``, as a player sends them."""
        return flatten_strokes(self._strokes)

    def save(self) -> SavedDrawing:
        """Return the drawing as it can be stored."""
        strokes = [[list(xs), list(ys), list(times)] for xs, ys, times in self._strokes]
        return SavedDrawing(
            numbers=list(self._numbers),
            strokes=strokes,
            erasures=self.erasures,
            pen_ms=self._now_ms,
            is_lifted=self.is_lifted,
        )

    def _count_erasure(self) -> None:
        self.erasures += 1
        self.is_lifted = False

    def _take_first(self, points: int | None) -> Iterator[tuple[list[int], list[int], list[int]]]:
        left = self.points if points is None else points
        for xs, ys, times in self._strokes:
            if left <= 0:
                return
            yield xs[:left], ys[:left], times[:left]
            left -= len(xs)


def flatten_strokes(strokes: Iterable[Sequence[Sequence[int]]]) -> list[list[int]]:
    """Return strokes, each of which is a list of x, of y and of times, as flat points ``[x, y, dt, …]`` each."""
    flat_strokes = []
    last_ms = None
    for xs, ys, times in strokes:
        flat: list[int] = []
        for x, y, time_ms in zip(xs, ys, times, strict=True):
            flat += (x, y, 0 if last_ms is None else time_ms - last_ms)
            last_ms = time_ms
        flat_strokes.append(flat)
    return flat_strokes
