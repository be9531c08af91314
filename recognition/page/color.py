"""Chooses the gray levels in which the ink of a picture in color stands out from its paper.

Luma, the brightness that eyes see, serves for most pictures. It cannot tell red ink from green paper that is as
bright, and hardly shows yellow ink on white. For such a picture, another weighted sum of red, green and blue is
chosen, on a small copy:

1. Each pixel is compared with the paper around it, so that uneven light and the desk do not count as ink.
2. The usual deviation is the grain of the paper and the noise of the camera. What deviates far more is ink,
   unless it is as wide as the mark of a highlighter.
   Luma is kept if thin lines are visible in it.
3. The weights are those for which ink deviates most, relative to noise and to what a shadow changes: Fisher's
   linear discriminant (Fisher 1936).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

SMALL_SIDE: Final = 256
"""Longer side, in pixels, of the copy that is enough to choose by. Writing on a full page is still visible."""

LUMA: Final = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue as in JPEG (ITU-R BT.601)."""

PAPER_LEVEL: Final = 215.0
"""The level of paper after a projection."""

_LEAST_CHROMA: Final = 12  # of 255, between the channels of a pixel; less is no color
_LEAST_TINT: Final = 24.0  # of 255: how differently the ink deviates in the three channels; less is JPEG's noise
_INK_SHARE: Final = 0.002  # of the pixels that have a color, at least
_PAPER_SIDE: Final = 96  # longer side, in pixels, at which the paper is estimated
_REACH: Final = 0.34  # side of the window whose median is the paper, relative to the longer side
_WINDOWS: Final = 9  # in each direction
_DARKEST: Final = 48  # of 255; darker paper counts as this bright when a deviation is compared with it
_ROUNDING: Final = 2.0  # standard deviation of noise, of 255, at least
_SHADE: Final = 40.0  # standard deviation of what shadows change, of 255, in the color of the paper
_CENTRAL: Final = 2.5  # times the median of squared distances: nearer pixels are paper
_TRIMMED: Final = 1.6  # variance of normal noise over that of those nearer pixels
_ROUNDS: Final = 4  # of estimating the noise
_STANDS_OUT: Final = 6.0  # standard deviations from which a pixel is ink
_LEAST_PIXELS: Final = 6  # of ink
_VISIBLE: Final = 60.0  # contrast, of 255, at which luma shows ink well
_VISIBLE_SHARE: Final = 0.25  # pixels that luma shows well, of those that color shows; such as black on yellow
_WIDEST_INK: Final = 0.16  # width of a line of ink, at most, relative to the shorter side; shadows are wider
_GAIN: Final = 2.0  # how much clearer than in luma the ink must be
_INK_CONTRAST: Final = 160.0  # of 255, between paper and ink afterward
_MOST_GAIN: Final = 8.0  # of the weights

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


class Projection(NamedTuple):
    """A weighted sum of red, green and blue, with paper light and ink dark.

    Attributes:
        weights: float32 (3,), for red, green and blue.
        offset: what is added.
    """

    weights: npt.NDArray[np.float32]
    offset: float

    def apply(self, pixels: Pixels) -> Pixels:
        """Return gray levels, uint8 (height, width), of pixels, uint8 (height, width, 3)."""
        levels = pixels.astype(np.float32) @ self.weights
        levels += self.offset
        return np.clip(levels, 0, 255, out=levels).astype(np.uint8)


def choose_projection(pixels: Pixels) -> Projection | None:
    """Return the projection for a picture, or None if luma serves as well.

    Args:
        pixels: uint8 (height, width, 3), a copy of the picture with at most `SMALL_SIDE` pixels a side.
    """
    if not has_color(pixels):
        return None
    levels = pixels.astype(np.float64)
    paper = _estimate_paper(levels)
    brightness = np.maximum(paper @ LUMA, _DARKEST)
    deviations = ((levels - paper) * (255 / brightness)[..., None]).reshape(-1, 3)
    noise = _estimate_noise(deviations)
    middle = np.median(paper.reshape(-1, 3), axis=0)
    level = max(float(middle @ LUMA), _DARKEST)
    noise_or_shade = noise + np.outer(middle, middle) * (_SHADE / level) ** 2
    distances = _measure_distances(deviations, noise_or_shade)
    is_ink = (distances > _STANDS_OUT**2).reshape(paper.shape[:2])
    reach = max(3, round(_WIDEST_INK * min(is_ink.shape))) | 1
    is_wide = ndimage.grey_opening(is_ink.view(np.uint8), size=(reach, reach), mode="nearest").view(np.bool_)
    is_ink = (is_ink & ~is_wide).ravel()
    if np.count_nonzero(is_ink) < _LEAST_PIXELS:
        return None
    in_luma = _measure_luma_contrast(levels @ LUMA, paper @ LUMA, reach).ravel()
    if np.count_nonzero(in_luma >= _VISIBLE) >= _VISIBLE_SHARE * np.count_nonzero(is_ink):
        return None
    is_ink &= distances >= np.median(distances[is_ink])
    ink = deviations[is_ink]
    if np.median(np.ptp(ink, axis=1)) < _LEAST_TINT:
        return None
    weights = _find_direction(ink, noise_or_shade)
    contrast = float(np.median(np.abs(ink @ weights)))
    clarity, luma_clarity = (
        strength / np.sqrt(direction @ noise @ direction)
        for strength, direction in ((contrast, weights), (np.median(in_luma[is_ink]), LUMA))
    )
    if clarity < _GAIN * luma_clarity:
        return None
    weights *= min(_INK_CONTRAST * 255 / (contrast * level), _MOST_GAIN / float(np.abs(weights).sum()))
    return Projection(weights.astype(np.float32), PAPER_LEVEL - float(middle @ weights))


def has_color(pixels: Pixels) -> bool:
    """Return whether a picture, uint8 (height, width, 3), has colors."""
    chroma = pixels.max(axis=2) - pixels.min(axis=2)
    return bool((chroma >= _LEAST_CHROMA).mean() >= _INK_SHARE)


def _estimate_paper(levels: Floats) -> Floats:
    """Return the color of the paper at each pixel: the medians of large windows, and what is between them."""
    height, width, _ = levels.shape
    step = max(1, round(max(height, width) / _PAPER_SIDE))
    if step > min(height, width):
        step = 1
    rows: int = height // step * step
    columns: int = width // step * step
    blocks = levels[:rows, :columns].reshape(rows // step, step, columns // step, step, 3)
    coarse: Floats = blocks.mean(axis=(1, 3))
    reach = max(3, round(_REACH * max(rows, columns) / step))
    sides = min(reach, rows // step), min(reach, columns // step)
    tops, lefts = _place_windows(rows // step, sides[0]), _place_windows(columns // step, sides[1])
    every = np.lib.stride_tricks.sliding_window_view(coarse, (*sides, 3))[:, :, 0]
    windows = every[np.ix_(tops, lefts)].transpose(0, 1, 4, 2, 3)
    medians = np.median(windows.reshape(*windows.shape[:3], -1), axis=-1)
    down = _interpolate(step * (tops + sides[0] / 2), height)
    across = _interpolate(step * (lefts + sides[1] / 2), width)
    paper: Floats = np.einsum("yi,ijc,xj->yxc", down, medians, across, optimize=True)
    return paper


def _place_windows(side: int, reach: int) -> npt.NDArray[np.int64]:
    return np.unique(np.linspace(0, side - reach, _WINDOWS).astype(np.int64))


def _interpolate(places: Floats, side: int) -> Floats:
    """Return float64 (side, places), how much each of the places counts for each pixel."""
    pixels = np.arange(side) + 0.5
    return np.stack([np.interp(pixels, places, row) for row in np.eye(len(places))], axis=1)


def _estimate_noise(deviations: Floats) -> Floats:
    """Return float64 (3, 3), the covariance of the deviations that are not ink."""
    noise = 100.0 * np.eye(3)
    for _ in range(_ROUNDS):
        distances = _measure_distances(deviations, noise)
        central = deviations[distances <= _CENTRAL * np.median(distances)]
        noise = _TRIMMED * (central.T @ central) / max(1, len(central)) + _ROUNDING**2 * np.eye(3)
    return noise


def _measure_distances(deviations: Floats, covariance: Floats) -> Floats:
    """Return float64 (N,), the squared Mahalanobis distances of the deviations."""
    whitened = deviations @ np.linalg.cholesky(np.linalg.inv(covariance))
    distances: Floats = (whitened**2).sum(axis=1)
    return distances


def _measure_luma_contrast(luma: Floats, paper: Floats, reach: int) -> Floats:
    """Return float64 (height, width), of 255: how far lines thinner than ``reach`` are from the paper.

    `binarize.py` measures it like this. The edge of a shadow or of the sheet is not thin.
    """
    smooth = ndimage.median_filter(luma, size=3)
    light = ndimage.grey_closing(smooth, size=(reach, reach), mode="nearest")
    dark = ndimage.grey_opening(smooth, size=(reach, reach), mode="nearest")
    darker = np.minimum(light, paper) - luma
    lighter = luma - np.maximum(dark, paper)
    contrast: Floats = 255 * np.maximum(darker / np.maximum(light, 32), lighter / np.maximum(255 - dark, 32))
    return contrast


def _find_direction(ink: Floats, noise: Floats) -> Floats:
    """Return float64 (3,), the weights for which the ink deviates most relative to the noise. Ink is negative."""
    values, vectors = np.linalg.eigh(noise)
    whitening = vectors @ np.diag(values**-0.5) @ vectors.T
    whitened = ink @ whitening
    weights: Floats = whitening @ np.linalg.eigh(whitened.T @ whitened)[1][:, -1]
    projected = ink @ weights
    return -weights if float((projected * np.abs(projected)).sum()) > 0 else weights
