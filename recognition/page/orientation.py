"""Notices that a page is upside down or on its side: a sample of its characters is read the four ways.

The nearest neighbor of a character is on its line. So where lines run down, the page is on its side, and only two
ways are left. Which of them is right can be said with less evidence, since neither makes a page worse.

The usual cause is a photo whose EXIF data is missing. A character alone says too little, since a 6 is a 9 upside
down. So does a number such as 1961.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from recognition.page.binarize import PageInk
from recognition.page.window import open_window
from recognition.render import Images

_LEAST_CHARACTERS: Final = 8
_FIRST: Final = 16  # characters that are looked at on every page
_MOST: Final = 64  # characters that are read the four ways
_SIZES: Final = (0.4, 2.0)  # shortest and longest side of a character, relative to the usual one
_LONGEST: Final = 2.6  # length over width; a dash, a 1 or a letter that is joined to others tells nothing
_READS_WELL: Final = -0.03  # mean logarithm of the certainty from which a page is upright without a closer look
_LEAST_CERTAINTY: Final = 0.02  # one that fits in no way counts no more than this
_LEGIBLE: Final = -0.2  # mean logarithm of the certainty, at least: a texture reads badly in all ways
_DIFFERENT: Final = 0.1  # nats: a character that is not as clear both ways
_LEAST_GAIN: Final = 0.07  # nats a character by which another way reads better
_LEAST_TOTAL: Final = 2.0  # the same for all characters together
_LEAST_TOTAL_OF_FEW: Final = 3.0  # the same where there are fewer than the next number of characters
_FEW: Final = 12
_LEAST_SHARE: Final = 0.75  # of the characters that are not as clear both ways; with 0.65 upright pages are turned
_NEIGHBORS: Final = 128  # characters whose nearest neighbor is looked at
_NEAR: Final = 3.0  # of the usual size: how far away the nearest neighbor is, at most
_BESIDE: Final = 1.5  # how much further a neighbor is along one axis than along the other
_SHARE_OF_LINES: Final = 0.7  # of the neighbors that are along the lines, at least
_LEAST_GAIN_ON_SIDE: Final = 0.02  # nats a character, if lines run down: either way is as good as not turning
_LEAST_TOTAL_ON_SIDE: Final = 1.0
_LEAST_SHARE_ON_SIDE: Final = 0.6
_LEGIBLE_ON_SIDE: Final = -0.5
_LEAST_TOTAL_AGAINST_DOWN: Final = 3.0  # nats for all together; a list of single characters has lines down, too

Direction = Literal["across", "down", "unknown"]
"""Where the lines of a page run."""

Floats = npt.NDArray[np.float64]


def find_turn(ink: PageInk, measure_certainty: Callable[[Images], float]) -> int:
    """Return by how many quarters a page must be turned clockwise to be upright. 0 unless another way is clear.

    Args:
        ink: of the page as it is.
        measure_certainty: how certain the model is, 0 to 1, that an image, uint8 (28, 28), is a character.
    """
    images = list(_take_sample(ink))
    if len(images) < _LEAST_CHARACTERS:
        return 0
    first = [measure_certainty(image) for image in images[:_FIRST]]
    if np.log(np.maximum(first, _LEAST_CERTAINTY)).mean() >= _READS_WELL:
        return 0
    certainties = [
        [measure_certainty(np.ascontiguousarray(np.rot90(image, -turn))) for image in images] for turn in range(4)
    ]
    return choose_turn(np.array(certainties), find_direction(ink))


def find_direction(ink: PageInk) -> Direction:
    """Return where the lines of a page run: a character's nearest neighbor is on the same line."""
    blobs, usual = _choose_usual(ink)
    if len(blobs) < _LEAST_CHARACTERS:
        return "unknown"
    boxes = ink.boxes[blobs]
    some = boxes[:: -(-len(boxes) // _NEIGHBORS)]
    gaps = np.maximum(some[:, None, :2] - boxes[None, :, 2:], boxes[None, :, :2] - some[:, None, 2:]).clip(0)
    distances = np.hypot(*np.moveaxis(gaps, 2, 0))
    distances[np.arange(len(some)), np.arange(0, len(boxes), -(-len(boxes) // _NEIGHBORS))] = np.inf
    nearest = np.argmin(distances, axis=1)
    is_near = distances.min(axis=1) < _NEAR * usual
    between = (boxes[nearest] - some).astype(np.float64)
    across, down = np.abs(between[is_near, :2] + between[is_near, 2:]).T
    count_across = np.count_nonzero(across > _BESIDE * down)
    count_down = np.count_nonzero(down > _BESIDE * across)
    total = count_across + count_down
    if total >= _LEAST_CHARACTERS:
        if count_across >= _SHARE_OF_LINES * total:
            return "across"
        if count_down >= _SHARE_OF_LINES * total:
            return "down"
    return "unknown"


def choose_turn(certainties: Floats, direction: Direction = "unknown") -> int:
    """Return which of four ways to read a page is clearly the best, or 0.

    If the direction of its lines is known, only two ways are left.

    Args:
        certainties: float64 (4, N), how certain the model is of each character, 0 to 1, by quarters clockwise.
        direction: where the lines of the page run as it is.
    """
    count = certainties.shape[1]
    if count < _LEAST_CHARACTERS:
        return 0
    evidence = np.log(np.maximum(certainties, _LEAST_CERTAINTY))
    totals = evidence.sum(axis=1)
    if direction == "down":
        best, other = (1, 3) if totals[1] >= totals[3] else (3, 1)
        is_clear = (
            totals[best] >= _LEGIBLE_ON_SIDE * count
            and totals[best] - totals[0] >= _LEAST_TOTAL_AGAINST_DOWN
            and _is_better(
                evidence[best] - evidence[other], _LEAST_TOTAL_ON_SIDE, _LEAST_GAIN_ON_SIDE, _LEAST_SHARE_ON_SIDE
            )
        )
        return best if is_clear else 0
    ways = (0, 2) if direction == "across" else (0, 1, 2, 3)
    best = max(ways, key=lambda way: float(totals[way]))
    if totals[best] < _LEGIBLE * count:
        return 0
    least_total = _LEAST_TOTAL if count >= _FEW else _LEAST_TOTAL_OF_FEW
    is_clear = all(
        _is_better(evidence[best] - evidence[other], least_total, _LEAST_GAIN, _LEAST_SHARE)
        for other in ways
        if other != best
    )
    return best if is_clear else 0


def _is_better(gain: Floats, least_total: float, least_gain: float, least_share: float) -> bool:
    """Return whether one way reads better than another by ``gain``, float64 (N,), in nats."""
    return bool(
        gain.sum() >= least_total
        and gain.mean() >= least_gain
        and np.count_nonzero(gain > _DIFFERENT) >= least_share * np.count_nonzero(np.abs(gain) > _DIFFERENT)
    )


def _choose_usual(ink: PageInk) -> tuple[npt.NDArray[np.int64], float]:
    """Return the numbers of the blobs of about the usual size, and that size in pixels."""
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    longer, shorter = sides.max(axis=1), np.maximum(1, sides.min(axis=1))
    order = np.argsort(longer, kind="stable")
    weights = np.cumsum(ink.areas[order])
    usual = float(longer[order][int(np.searchsorted(weights, weights[-1] / 2))])
    is_usual = (longer >= _SIZES[0] * usual) & (longer <= _SIZES[1] * usual) & (longer <= _LONGEST * shorter)
    return np.flatnonzero(is_usual), usual


def _take_sample(ink: PageInk) -> Iterator[Images]:
    """Yield images of single blobs of about the usual size, those of the most usual size first."""
    blobs, usual = _choose_usual(ink)
    longer = (ink.boxes[blobs, 2:] - ink.boxes[blobs, :2]).max(axis=1)
    nearest = blobs[np.argsort(np.abs(np.log(longer / usual)), kind="stable")][:_MOST]
    for blob in nearest.tolist():
        yield open_window(ink, [(blob,)]).fit_image(0, 1)
