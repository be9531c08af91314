"""The gates that need no model. Each says which of the labeled rounds it rejects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback.records import SYNTHETIC
from recognition.strokes import StrokeBatch
from training.retrain.rounds.labeled_round import MAX_ROUNDS_PER_PLAYER, LabeledRound, RejectReason

MAX_LINE_LENGTH: Final = 8.0
"""Longest line of a drawing, in multiples of its longer side.

Of 83,800 characters that 242 people drew, one in ten thousand exceeds 6.4.
"""

MAX_INK_SHARE: Final = 0.5
"""Largest share of an image's pixels that are ink. None of the same characters exceeds 0.38."""

_INK_LEVEL: Final = 128  # of 255: a pixel at least this dark is ink

Mask = npt.NDArray[np.bool_]
Gate = Callable[[Sequence[LabeledRound]], Mask]


def find_scribbles(rounds: Sequence[LabeledRound]) -> Mask:
    """Find drawings with far more line, or ink, than a character has."""
    return np.array([_is_scribble(round_) for round_ in rounds], dtype=bool)


def find_repeats(rounds: Sequence[LabeledRound]) -> Mask:
    """Find drawings whose image equals that of an earlier drawing, whoever sent it."""
    known: set[bytes] = set()
    repeated = []
    for round_ in rounds:
        pixels = round_.image.tobytes()
        repeated.append(pixels in known)
        known.add(pixels)
    return np.array(repeated, dtype=bool)


def find_excess(rounds: Sequence[LabeledRound], limit: int = MAX_ROUNDS_PER_PLAYER) -> Mask:
    """Find all but the newest ``limit`` rounds of each person. Rounds come oldest first."""
    counts: Counter[str] = Counter()
    rejected = []
    for round_ in reversed(rounds):
        counts[round_.player] += 1
        rejected.append(round_.player != SYNTHETIC and counts[round_.player] > limit)
    return np.array(rejected[::-1], dtype=bool)


GATES: Final[tuple[tuple[RejectReason, Gate], ...]] = (
    (RejectReason.SCRIBBLE, find_scribbles),
    (RejectReason.REPEAT, find_repeats),
)
"""In order. `find_excess` comes after the label check, so that rounds in doubt do not count toward the limit."""


def apply_gates(
    rounds: Sequence[LabeledRound], gates: Sequence[tuple[RejectReason, Gate]] = GATES
) -> tuple[list[LabeledRound], list[tuple[str, RejectReason]]]:
    """Return the rounds that pass every gate, and the ids of the others with the reason."""
    passed = list(rounds)
    rejected: list[tuple[str, RejectReason]] = []
    for reason, gate in gates:
        mask = gate(passed).tolist()
        rejected += [(round_.round_id, reason) for round_, is_out in zip(passed, mask, strict=True) if is_out]
        passed = [round_ for round_, is_out in zip(passed, mask, strict=True) if not is_out]
    return passed, rejected


def measure_line_length(drawing: StrokeBatch) -> float:
    """Return the length of one drawing's line in multiples of its longer side; 0 for a dot."""
    steps = np.hypot(*np.diff(drawing.points, axis=0, prepend=drawing.points[:1]).T)
    steps[drawing.stroke_starts] = 0
    extent = float((drawing.points.max(axis=0) - drawing.points.min(axis=0)).max())
    return float(steps.sum()) / extent if extent else 0.0


def _is_scribble(round_: LabeledRound) -> bool:
    if round_.label_by == "curator":
        return False
    if round_.strokes is not None and measure_line_length(round_.strokes) > MAX_LINE_LENGTH:
        return True
    return float((round_.image[..., 0] >= _INK_LEVEL).mean()) > MAX_INK_SHARE
