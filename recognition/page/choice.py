"""Chooses between ways to split ink among characters by how well the characters of a line go together.

A k can be read as lc, and rn as m. The shapes alone often say too little. The line says more: how tall its
characters are, and which letters follow each other in words (`line_context.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

MOST_CHOICES: Final = 6
"""Ways to split a row of units that are looked at."""

MARGIN: Final = 3.0
"""Nats by which they may cost more than the cheapest one."""

_MOST_TRIED: Final = 40  # on a page, for each of which a line is read again; the closest ones come first

Mark = TypeVar("Mark")


class Choice(NamedTuple, Generic[Mark]):
    """A way to split a row of units.

    Attributes:
        cost: in nats, without regard to the line.
        weighted: the same, with weights for a comparison that regards the line.
        marks: the characters and signs.
    """

    cost: float
    weighted: float
    marks: Sequence[Mark]


def choose_marks(
    rows: Sequence[Sequence[Choice[Mark]]], lines: Sequence[int], measure_line: Callable[[list[Mark]], float]
) -> list[Mark]:
    """Return the marks of the choices that go together best. Rows are changed one by one, the closest call first.

    Args:
        rows: the choices of each row on a page, in reading order, the cheapest first.
        lines: the number of the line that each row is on.
        measure_line: returns how well the marks of one line go together, in nats.
    """
    chosen = [row[0] for row in rows]
    others = sorted(
        (choice.cost - row[0].cost, number, place)
        for number, row in enumerate(rows)
        for place, choice in enumerate(row[1:], 1)
    )
    measures: dict[int, float] = {}

    def measure(line: int) -> float:
        return measure_line(
            [mark for at, row in zip(lines, chosen, strict=True) if at == line for mark in row.marks]
        )

    for _, number, place in others[:_MOST_TRIED]:
        line, before = lines[number], chosen[number]
        if line not in measures:
            measures[line] = measure(line)
        chosen[number] = rows[number][place]
        after = measure(line)
        if after - chosen[number].weighted > measures[line] - before.weighted:
            measures[line] = after
        else:
            chosen[number] = before
    return [mark for row in chosen for mark in row.marks]
