"""Players made of the drawings that come with the tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import numpy as np

from feedback.records import Round
from tests.feedback.making import MONDAY, a_round
from tests.strokes import Sample, Samples
from training.retrain.held_out import judges

_TIMES = count()


def drawing_of(sample: Sample, *, narrower: float = 1.0) -> list[list[list[int]]]:
    """Return a sample as rounds keep it."""
    strokes = [np.array(stroke) * np.array([narrower, 1.0]) for stroke in sample.place()]
    return [[*np.rint(stroke).astype(int).T.tolist(), list(range(0, 16 * len(stroke), 16))] for stroke in strokes]


def drawn(sample: Sample, **fields: Any) -> Round:
    """Return a round in which a sample was drawn freely and labelled rightly by its player."""
    usual = {
        "at": MONDAY + timedelta(seconds=next(_TIMES)),
        "source": "draw",
        "alphabet": "any",
        "drawing": drawing_of(sample),
        "label": sample.label,
        "label_by": "player",
        "image": None,
    }
    return a_round(**{**usual, **fields})


def players(*, judging: bool) -> Iterator[str]:
    """Yield the ids of players who judge, or who teach."""
    return (f"player-{n}" for n in count() if judges(f"player-{n}") == judging)


def month(samples: Samples, teaching: int, judging: int) -> list[Round]:
    """Return rounds of so many players of either kind, who each drew all samples a little narrower."""
    rounds = []
    who = [(p, n) for n, p in zip(range(teaching), players(judging=False), strict=False)]
    who += [(p, n + teaching) for n, p in zip(range(judging), players(judging=True), strict=False)]
    for player, number in who:
        rounds += [
            drawn(sample, player=player, drawing=drawing_of(sample, narrower=0.9 - 0.05 * number))
            for sample in samples
        ]
    return rounds
