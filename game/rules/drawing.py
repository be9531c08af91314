"""The ink of one round, as it arrives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from game.play.protocol import ProtocolError
from game.rules import tuning

Drawing = list[list[list[int]]]


class LiveDrawing:
    """Strokes that grow and can be taken back.

    Attributes:
        points: how many there are in all strokes.
        erasures: how often something was taken back. Between two erasures ink only grows at its end, so the
            first ``points`` points after the same number of erasures are always the same drawing.
    """

    def __init__(self) -> None:
        self.points = 0
        self.erasures = 0
        self._numbers: list[int] = []
        self._strokes: list[tuple[list[int], list[int], list[int]]] = []  # x, y and time of each point
        self._now_ms = 0

    def add(self, number: int, points: Sequence[int]) -> None:
        """Add points ``[x, y, dt, …]`` to the stroke ``number``, the newest one or one after it.

        Raises:
            ProtocolError: if the number is older than the newest stroke's (``bad_stroke``), or the drawing
                would have too many points or strokes (``too_much_ink``). Nothing is added then.
        """
        newest = self._numbers[-1] if self._numbers else None
        if number < 0 or (newest is not None and number < newest):
            raise ProtocolError("bad_stroke", "A stroke may only be followed by itself or by a higher number.")
        starts = number != newest
        if self.points + len(points) // 3 > tuning.MAX_POINTS:
            raise ProtocolError("too_much_ink", f"A drawing may have at most {tuning.MAX_POINTS} points.")
        if starts and len(self._strokes) >= tuning.MAX_STROKES:
            raise ProtocolError("too_much_ink", f"A drawing may have at most {tuning.MAX_STROKES} strokes.")
        if starts:
            self._numbers.append(number)
            self._strokes.append(([], [], []))
        xs, ys, times = self._strokes[-1]
        xs.extend(points[::3])
        ys.extend(points[1::3])
        for pause in points[2::3]:
            self._now_ms += pause
            times.append(self._now_ms)
        self.points += len(points) // 3

    def undo(self) -> None:
        """Take the newest stroke back, if there is one."""
        if self._strokes:
            self._numbers.pop()
            self.points -= len(self._strokes.pop()[0])
            self.erasures += 1

    def clear(self) -> None:
        """Take all strokes back."""
        if self._strokes:
            self._numbers.clear()
            self._strokes.clear()
            self.points = 0
            self.erasures += 1

    def strokes(self) -> list[list[tuple[int, int]]]:
        """Return the strokes as the recogniser takes them."""
        return [list(zip(xs, ys, strict=True)) for xs, ys, _ in self._strokes]

    def drawing(self, points: int | None = None) -> Drawing:
        """Return the first ``points`` points, or all, as drawings are kept: ``[[x…], [y…], [t_ms…]]`` a stroke.

        Times count from the first point.
        """
        start = self._strokes[0][2][0] if self._strokes else 0
        return [[xs, ys, [time - start for time in times]] for xs, ys, times in self._first(points)]

    def on_the_wire(self) -> list[list[int]]:
        """Return each stroke as ``[x, y, dt, …]``."""
        flat = []
        before = None
        for xs, ys, times in self._strokes:
            stroke: list[int] = []
            for x, y, time in zip(xs, ys, times, strict=True):
                stroke += (x, y, 0 if before is None else time - before)
                before = time
            flat.append(stroke)
        return flat

    def _first(self, points: int | None) -> Iterator[tuple[list[int], list[int], list[int]]]:
        left = self.points if points is None else points
        for xs, ys, times in self._strokes:
            if left <= 0:
                return
            yield xs[:left], ys[:left], times[:left]
            left -= len(xs)
