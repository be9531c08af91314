"""Notices that a page is upside down or on its side: a sample of its characters is read the four ways.

The usual cause is a photo whose EXIF data is missing. A character alone says too little, since a 6 is a 9 upside
down. So does a number such as 1961.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

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
_LEAST_GAIN: Final = 0.07  # nats a character by which another way reads better
_LEAST_TOTAL: Final = 2.0  # the same for all characters together
_LEAST_TOTAL_OF_FEW: Final = 3.0  # the same where there are fewer than the next number of characters
_FEW: Final = 12
_LEAST_SHARE: Final = 0.75  # of the characters that are not as clear both ways; with 0.65 upright pages are turned

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
    return choose_turn(
        np.array(
            [
                [measure_certainty(np.ascontiguousarray(np.rot90(image, -turn))) for image in images]
                for turn in range(4)
            ]
        )
    )


def choose_turn(certainties: Floats) -> int:
    """Return which of four ways to read a page is clearly the best, or 0.

    Args:
        certainties: float64 (4, N), how certain the model is of each character, 0 to 1, by quarters clockwise.
    """
    if certainties.shape[1] < _LEAST_CHARACTERS:
        return 0
    evidence = np.log(np.maximum(certainties, _LEAST_CERTAINTY))
    best = int(np.argmax(evidence.sum(axis=1)))
    least_total = _LEAST_TOTAL if evidence.shape[1] >= _FEW else _LEAST_TOTAL_OF_FEW
    if evidence[best].mean() < _LEGIBLE:
        return 0
    for other in range(4):
        gain = evidence[best] - evidence[other]
        if other == best:
            continue
        is_different = np.abs(gain) > 0.1
        if (
            gain.sum() < least_total
            or gain.mean() < _LEAST_GAIN
            or np.count_nonzero(gain > 0.1) < _LEAST_SHARE * np.count_nonzero(is_different)
        ):
            return 0
    return best


def _take_sample(ink: PageInk) -> Iterator[Images]:
    """Yield images of single blobs of about the usual size, those of the most usual size first."""
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    longer, shorter = sides.max(axis=1), np.maximum(1, sides.min(axis=1))
    order = np.argsort(longer, kind="stable")
    weights = np.cumsum(ink.areas[order])
    usual = float(longer[order][int(np.searchsorted(weights, weights[-1] / 2))])
    is_usual = (longer >= _SIZES[0] * usual) & (longer <= _SIZES[1] * usual) & (longer <= _LONGEST * shorter)
    blobs = np.flatnonzero(is_usual)
    nearest = blobs[np.argsort(np.abs(np.log(longer[blobs] / usual)), kind="stable")][:_MOST]
    for blob in nearest.tolist():
        yield open_window(ink, [(blob,)]).fit_image(0, 1)
