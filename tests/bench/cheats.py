"""Ways to cheat, as the traces of the hits that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from game.rules.plausibility import HitTrace
from tests.bench.fast_hand import Device, Floats, Hand, KnownDrawing, Network, Person, draw_pen_times, play_games

Cheat = Callable[[Person, np.random.Generator], list[HitTrace]]

ORDINARY_PACE: Final = 1.8
"""Pen times of an ordinary hand, relative to a fast one: 720 to 390 ms, 700 to 350 and 580 to 330."""
HITS: Final = 100
_AT_ONCE_MS: Final = (1, 30)


def _pick(
    person: Person, rng: np.random.Generator, *, count: int = HITS, is_fresh: bool = True
) -> list[KnownDrawing]:
    """Return real drawings: each with a shape of its own, or always the same one of a character."""
    characters = list(rng.permutation(list(person)))
    drawn = [person[characters[index % len(characters)]][0] for index in range(count)]
    if not is_fresh:
        return drawn
    return [drawing.take_shape(shape) for shape, drawing in enumerate(drawn)]


def _trace(drawn: Sequence[KnownDrawing], duration_ms: Floats, pen_ms: Floats) -> list[HitTrace]:
    return [
        HitTrace(drawing.label, int(duration), int(pen), drawing.shapes[1024])
        for drawing, duration, pen in zip(drawn, duration_ms, pen_ms, strict=True)
    ]


def _send_at_once(person: Person, rng: np.random.Generator) -> list[HitTrace]:
    return _trace(_pick(person, rng), rng.uniform(*_AT_ONCE_MS, HITS), np.zeros(HITS))


def _send_at_once_with_true_times(person: Person, rng: np.random.Generator) -> list[HitTrace]:
    drawn = _pick(person, rng)
    return _trace(drawn, rng.uniform(*_AT_ONCE_MS, HITS), draw_pen_times(drawn, ORDINARY_PACE, rng))


def _wait_and_send_true_times(person: Person, rng: np.random.Generator) -> list[HitTrace]:
    drawn = _pick(person, rng)
    return _trace(drawn, rng.uniform(330, 430, HITS), draw_pen_times(drawn, ORDINARY_PACE, rng))


def _replay_at(pace: float, reading_ms: tuple[float, float]) -> Cheat:
    def play(person: Person, rng: np.random.Generator) -> list[HitTrace]:
        hand = Hand(pace=pace, reading_ms=reading_ms)
        return next(play_games(person, 1, hand, Device(), Network(), rng))

    return play


def _repeat(person: Person, rng: np.random.Generator, *, is_moved: bool) -> list[HitTrace]:
    drawn = _pick(person, rng, is_fresh=is_moved)
    pen_ms = draw_pen_times(drawn, ORDINARY_PACE, rng)
    return _trace(drawn, pen_ms + rng.uniform(150, 250, HITS), pen_ms)


def _send_after(low_ms: float, high_ms: float) -> Cheat:
    def play(person: Person, rng: np.random.Generator) -> list[HitTrace]:
        duration_ms = rng.uniform(low_ms, high_ms, HITS)
        return _trace(_pick(person, rng), duration_ms, 0.8 * duration_ms)

    return play


def _mix(instant_share: float) -> Cheat:
    def play(person: Person, rng: np.random.Generator) -> list[HitTrace]:
        honest = next(play_games(person, 1, Hand(), Device(), Network(), rng))
        return [replace(hit, duration_ms=20, pen_ms=0) if rng.random() < instant_share else hit for hit in honest]

    return play


OUT_OF_REACH: Final[dict[str, Cheat]] = {
    "stored drawings at once, dt 0": _send_at_once,
    "stored drawings at once, true times": _send_at_once_with_true_times,
    "stored drawings after 0.4 s, true times": _wait_and_send_true_times,
    "an ordinary hand, 3 times as fast, no time to read": _replay_at(ORDINARY_PACE / 3, (0, 5)),
    "a fast hand, twice as fast, no time to read": _replay_at(1 / 2, (0, 5)),
    "drawings at once every 0.2 s, times to match": _send_after(180, 220),
    "half of the hits at once": _mix(0.5),
    "one drawing a character, time varied": lambda person, rng: _repeat(person, rng, is_moved=False),
}
"""Games that no person could have played. They must be noticed."""

WITHIN_REACH: Final[dict[str, Cheat]] = {
    "one drawing a character, points moved": lambda person, rng: _repeat(person, rng, is_moved=True),
    "an ordinary hand, 3 times as fast, 0.2 s to read": _replay_at(ORDINARY_PACE / 3, (150, 250)),
    "drawings at once every 0.4 s, times to match": _send_after(380, 420),
    "an ordinary hand, no time to read": _replay_at(ORDINARY_PACE, (0, 5)),
    "one in ten hits at once": _mix(0.1),
}
"""Games that look as if a person had played them. They are not told apart."""
