"""Estimates how bright the paper is at each pixel: under its ink, in shadows and in dark corners."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

Levels = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SIDE: Final = 192  # longer side, in pixels, at which the paper is estimated; it and shadows change slowly
_FADED: Final = 12  # of 255: how much darker than estimated the paper is where it fades toward the edge
_LEAST_FADED: Final = 0.02  # of the picture's pixels that are so and are smooth
_SMOOTH: Final = 30  # of 255, within 5×5 pixels; the edge of ink is steeper
_DEGREE: Final = 4  # of the polynomial; the light falls off with the fourth power of the cosine of the angle
_STEP: Final = 3  # pixels between those that the polynomial is fitted to
_ROUNDS: Final = 5  # of the fit
_OUTLIER: Final = (6.0, 2.5)  # least difference, of 255, and standard deviations; more is ink
_FITTED: Final = 0.7  # of the pixels that are no outliers, at least
_EXPLAINED: Final = 0.8  # of the faded pixels that the polynomial fits


def estimate_paper(levels: Levels, widest: float) -> Levels:
    """Return the level of the paper at each pixel, float32 (height, width).

    A closing removes ink, which is thin, and keeps shadows. At the edge of the picture it also removes corners
    that get darker and darker. There the paper is extrapolated, if it is as even as lenses and lamps make it.

    Args:
        levels: float32 (height, width), ink darker than paper.
        widest: pixels: no line of ink is wider.
    """
    height, width = levels.shape
    picture = Image.fromarray(levels.astype(np.uint8))
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    small = ndimage.median_filter(np.asarray(picture, dtype=np.float32), size=3)
    reach = max(3, round(widest * max(small.shape) / max(levels.shape))) | 1
    closed = ndimage.grey_closing(small, size=(reach, reach), mode="nearest")
    closed = _fade_toward_edge(small, closed, reach // 2)
    smooth = ndimage.uniform_filter(closed, size=max(3, reach // 3) | 1, mode="nearest")
    return np.asarray(Image.fromarray(smooth).resize((width, height), Image.Resampling.BILINEAR))


def _fade_toward_edge(small: Levels, closed: Levels, depth: int) -> Levels:
    """Return the closed levels, darker up to ``depth`` pixels from the edge if the paper fades there."""
    if min(small.shape) <= 2 * depth + _STEP:
        return closed
    at_edge = np.ones(small.shape, dtype=np.bool_)
    at_edge[depth:-depth, depth:-depth] = False
    is_smooth = ndimage.maximum_filter(small, size=5) - ndimage.minimum_filter(small, size=5) < _SMOOTH
    is_faded = at_edge & is_smooth & (closed - small > _FADED)
    if np.count_nonzero(is_faded) < _LEAST_FADED * small.size:
        return closed
    fitted, is_paper = _fit_polynomial(small, is_smooth)
    is_explained = np.abs(small - fitted)[is_faded] < _FADED / 2
    if is_paper < _FITTED or is_explained.mean() < _EXPLAINED:
        return closed
    return np.where(at_edge, np.minimum(closed, np.maximum(fitted, 0)), closed)


def _fit_polynomial(small: Levels, is_smooth: Mask) -> tuple[Levels, float]:
    """Return float32 (height, width), a polynomial that fits most levels, and the share of them that it fits."""
    across, down = (
        np.linspace(-1, 1, side)[None] ** np.arange(_DEGREE + 1)[:, None] for side in small.shape[::-1]
    )
    powers = [(i, j) for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i)]
    terms = np.stack([across[i, ::_STEP] * down[j, ::_STEP, None] for i, j in powers], axis=-1)
    terms = terms.reshape(-1, len(powers))
    values = small[::_STEP, ::_STEP].ravel()
    is_paper = is_smooth[::_STEP, ::_STEP].ravel()
    weights = np.zeros(len(powers))
    for _ in range(_ROUNDS):
        weights = np.linalg.lstsq(terms[is_paper], values[is_paper], rcond=None)[0]
        residuals = np.abs(values - terms @ weights)
        deviation = 1.4826 * float(np.median(residuals[is_paper])) if is_paper.any() else 0.0
        is_paper = residuals < max(_OUTLIER[0], _OUTLIER[1] * deviation)
    fitted = np.zeros(small.shape)
    for (i, j), weight in zip(powers, weights.tolist(), strict=True):
        fitted += weight * across[i] * down[j][:, None]
    return fitted.astype(np.float32), float(is_paper.mean())
