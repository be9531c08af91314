"""Rounds of players, made of the drawings that come with the tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import numpy as np

from feedback.records import Round
from tests.feedback.making import MONDAY, a_round
from tests.strokes import Sample, Samples
from training.retrain.held_out import Judges, count_judges

_SECONDS = count()


def make_drawing(sample: Sample, *, narrower: float = 1.0) -> list[list[list[int]]]:
    """Return a sample in stored form, its width scaled by ``narrower``."""
    strokes = [np.array(stroke) * np.array([narrower, 1.0]) for stroke in sample.place()]
    return [[*np.rint(stroke).astype(int).T.tolist(), list(range(0, 16 * len(stroke), 16))] for stroke in strokes]


def make_drawn_round(sample: Sample, **fields: Any) -> Round:
    """Return a round of free drawing: the player drew a sample and labeled it correctly."""
    defaults = {
        "at": MONDAY + timedelta(seconds=next(_SECONDS)),
        "source": "draw",
        "alphabet": "any",
        "drawing": make_drawing(sample),
        "label": sample.label,
        "label_by": "player",
        "image": None,
    }
    return a_round(**{**defaults, **fields})


def list_player_ids(*, judges: bool) -> Iterator[str]:
    """Yield the ids of players who judge beside others of these, or of those who are trained on."""
    lower_half = Judges(below=0.5)
    return (f"player-{n}" for n in count() if lower_half.is_judge(f"player-{n}") == judges)


def make_month(samples: Samples, trainers: int, judges: int) -> list[Round]:
    """Return the rounds of players who each drew all samples, each player a little narrower than the one before.

    Args:
        samples: what they drew.
        trainers: how many players there are whose rounds are trained on.
        judges: how many players there are who judge, which must be as many as of such a group do.
    """
    assert judges == count_judges(trainers + judges)
    players = [player for player, _ in zip(list_player_ids(judges=False), range(trainers), strict=False)]
    players += [player for player, _ in zip(list_player_ids(judges=True), range(judges), strict=False)]
    return [
        make_drawn_round(sample, player=player, drawing=make_drawing(sample, narrower=0.9 - 0.04 * number))
        for number, player in enumerate(players)
        for sample in samples
    ]
