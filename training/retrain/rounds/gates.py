"""The gates that need no model: each says which of the candidates it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback.records import SYNTHETIC
from recognition.strokes import StrokeBatch
from training.retrain.rounds.samples import MOST_OF_A_PLAYER, Candidate, Refused

MOST_LINE: Final = 8.0
"""Times the longer side of a drawing that its line is long, at most.

Of 83,800 characters that 242 people drew, one in ten thousand has more than 6.4.
"""

MOST_INK: Final = 0.5
"""Share of a picture's pixels that are ink, at most; of the same characters none has more than 0.38."""

_INK: Final = 128  # of 255, from which a pixel counts as ink

Mask = npt.NDArray[np.bool_]
Gate = Callable[[Sequence[Candidate]], Mask]


def scribbles(found: Sequence[Candidate]) -> Mask:
    """Refuse what has far more line, or ink, than a character."""
    return np.array([_is_scribble(candidate) for candidate in found], dtype=bool)


def repeats(found: Sequence[Candidate]) -> Mask:
    """Refuse all but the first of the drawings that look exactly the same to a model, whoever sent them."""
    known: set[bytes] = set()
    again = []
    for candidate in found:
        looks = candidate.seen.tobytes()
        again.append(looks in known)
        known.add(looks)
    return np.array(again, dtype=bool)


def too_many(found: Sequence[Candidate], most: int = MOST_OF_A_PLAYER) -> Mask:
    """Refuse all but the newest ``most`` of each person; candidates are in the order in which they were drawn."""
    counts: Counter[str] = Counter()
    refused = []
    for candidate in reversed(found):
        counts[candidate.player] += 1
        refused.append(candidate.player != SYNTHETIC and counts[candidate.player] > most)
    return np.array(refused[::-1], dtype=bool)


GATES: Final[tuple[tuple[Refused, Gate], ...]] = (
    (Refused.SCRIBBLE, scribbles),
    (Refused.REPEAT, repeats),
)
"""In order. `too_many` comes last of all, when what is in doubt is known: that takes nobody's place."""


def passed(
    found: Sequence[Candidate], gates: Sequence[tuple[Refused, Gate]] = GATES
) -> tuple[list[Candidate], list[tuple[str, Refused]]]:
    """Return the candidates that every gate lets pass, and the rounds of the others with the reason."""
    left = list(found)
    refused: list[tuple[str, Refused]] = []
    for reason, gate in gates:
        stopped = gate(left)
        refused += [(one.round, reason) for one, is_stopped in zip(left, stopped, strict=True) if is_stopped]
        left = [one for one, is_stopped in zip(left, stopped, strict=True) if not is_stopped]
    return left, refused


def line_length(ink: StrokeBatch) -> float:
    """Return how long the line of one drawing is, in its longer sides; 0 for a dot."""
    step = np.hypot(*np.diff(ink.points, axis=0, prepend=ink.points[:1]).T)
    step[ink.stroke_starts] = 0
    extent = float((ink.points.max(axis=0) - ink.points.min(axis=0)).max())
    return float(step.sum()) / extent if extent else 0.0


def _is_scribble(candidate: Candidate) -> bool:
    if candidate.said_by == "curator":
        return False
    if candidate.ink is not None and line_length(candidate.ink) > MOST_LINE:
        return True
    return float((candidate.seen[..., 0] >= _INK).mean()) > MOST_INK
