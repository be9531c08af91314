"""Whether a person can have played a game: a pure function of its hits.

Only the server's clock counts. What a drawing says about its own times is a claim, and is only compared with it.
A doubt needs many hits of one game, never one round. Bad networks and strange devices make hits later, and a doubt
is about hits that came too early, or about drawings that are exactly alike. A program that draws about as fast as
people is not told apart from them.

`python -m tests.bench.plausibility` measures how many honest games are doubted, and which ways to cheat are not.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import Final

from feedback.records import Drawing

FAST_HAND_MS: Final = {"digit": 390, "upper": 350, "lower": 330}
"""Time in which the fastest tenth of 77 people drew one character, from its first point to its last. At the median
it was 720, 700 and 580 ms. Reading the prompt takes further time, which is not included."""
FAST_HAND_SHARE: Final = 0.75
"""Share of `FAST_HAND_MS` that half of the hits must reach, counted from the prompt.

Chosen with half of the people of UNIPEN's training part, drawing at the pace of `FAST_HAND_MS`. Their median hit
came at 1.32 times that pace or later if they took 150 to 250 ms to read the prompt, and at 0.87 or later if they
took no time at all. Drawings of ordinary pace, sent three times as fast as soon as the prompt came, were at 0.51
to 0.69. The rest up to 1.32 is a margin for people who are faster than those 77.
"""
LEAST_HITS: Final = 12
"""Hits from which half of them being fast says something. Fewer may happen to ask for simple characters only."""

SOONEST_MS: Final = 150
"""Nobody has even begun to draw this soon after the prompt: people need about 200 ms to react to something they
see. A runner who starts within 100 ms of the shot is disqualified, because nobody reacts to a sound sooner."""
STAMP_ERROR_MS: Final = 100
"""The coarsest time stamps of a browser: Firefox rounds to this when it resists fingerprinting."""

SHAPE_POINTS: Final = 16
"""Points that make a drawing recognizable. Only the first ones count, because a hit may come before the last."""
LEAST_SHAPE_POINTS: Final = 6
"""A drawing with fewer points, such as a quick 1, may happen to be the same twice."""

LEAST_ODD_HITS: Final = 5
LEAST_ODD_SHARE: Final = 0.2
"""How many hits, and what share of all, must be impossible on their own."""
LEAST_REPEATED_SHARE: Final = 0.75
"""What share must repeat an earlier drawing, of the hits whose character came before."""

TOO_FAST: Final = "the characters came faster than a hand can draw them."
MORE_TIME_THAN_PASSED: Final = "the drawings claim to have taken longer than the time there was to draw them."
REPEATED: Final = "the same drawings came again and again, exactly alike to the point."


@dataclass(frozen=True, slots=True)
class HitTrace:
    """What is known of how a hit was drawn.

    Attributes:
        target: the character asked for.
        duration_ms: from the prompt to the arrival of the last point, by the server's clock.
        pen_ms: from the first point to the last, as the drawing says.
        shape: a hash of the first points, wherever the drawing stands; None if it has too few points.
    """

    target: str
    duration_ms: int
    pen_ms: int
    shape: int | None


def trace_hit(target: str, duration_ms: int, drawing: Drawing) -> HitTrace:
    """Return the trace of a hit from what is stored of its round."""
    times = [time_ms for _, _, stroke_times in drawing for time_ms in stroke_times]
    pen_ms = max(times) - min(times) if times else 0
    return HitTrace(target, duration_ms, pen_ms, _hash_shape(drawing))


def find_doubt(hits: Sequence[HitTrace]) -> str | None:
    """Return why a game with these hits is doubted, to follow "This game isn't on the leaderboard:"; else None."""
    if _are_many(sum(hit.duration_ms < SOONEST_MS for hit in hits), hits) or _is_faster_than_hands(hits):
        return TOO_FAST
    if _are_many(sum(hit.pen_ms > hit.duration_ms + STAMP_ERROR_MS for hit in hits), hits):
        return MORE_TIME_THAN_PASSED
    if _is_repeating(hits):
        return REPEATED
    return None


def get_fast_hand_ms(character: str) -> int:
    """Return the time in which a fast hand draws a character."""
    return FAST_HAND_MS["digit" if character.isdigit() else "upper" if character.isupper() else "lower"]


def _are_many(odd_hits: int, hits: Sequence[HitTrace]) -> bool:
    return odd_hits >= max(LEAST_ODD_HITS, LEAST_ODD_SHARE * len(hits))


def _is_faster_than_hands(hits: Sequence[HitTrace]) -> bool:
    if len(hits) < LEAST_HITS:
        return False
    return median(hit.duration_ms / get_fast_hand_ms(hit.target) for hit in hits) < FAST_HAND_SHARE


def _is_repeating(hits: Sequence[HitTrace]) -> bool:
    drawn = [(hit.target, hit.shape) for hit in hits if hit.shape is not None]
    repeats = _count_repeats(shape for _, shape in drawn)
    return repeats >= max(LEAST_ODD_HITS, LEAST_REPEATED_SHARE * _count_repeats(target for target, _ in drawn))


def _count_repeats(values: Iterable[str | int | None]) -> int:
    """Return how many values have come before."""
    return sum(times - 1 for times in Counter(values).values())


def _hash_shape(drawing: Drawing) -> int | None:
    points = [(number, x, y) for number, (xs, ys, _) in enumerate(drawing) for x, y in zip(xs, ys, strict=True)]
    if len(points) < LEAST_SHAPE_POINTS:
        return None
    _, left, top = points[0]
    offsets = array("i")
    for number, x, y in islice(points, SHAPE_POINTS):
        offsets.extend((number, x - left, y - top))
    return zlib.crc32(offsets.tobytes())
