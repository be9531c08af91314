"""Says whether the ink of a page is lighter or darker than its paper."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.blobs import WITH_DIAGONALS
from recognition.page.otsu import compute_otsu_threshold

Levels = npt.NDArray[np.float32]

_SURROUNDINGS: Final = (1 / 3, 1 / 10, 1 / 20)  # of the longer side: windows that a pixel is compared with
_DECIDED: Final = 0.85  # skewness from which one window is enough to tell whether ink is light or dark
_CLEAR: Final = 0.4  # skewness from which smaller windows may say something else

_TWO_LEVELS: Final = 0.93  # of the variance that two levels explain, in a picture of ink and paper only
_CONTRAST: Final = 0.6  # darker level over the lighter one, at most; a shadow is lighter
_THICK_SHARE: Final = (0.15, 0.7)  # of the picture that thick ink covers
_PAPER_AT_EDGE: Final = 0.67  # of the picture's edge that is paper, around one character
_WHOLE_SIDE: Final = 0.97  # of one of its sides that is ink; a character leaves its corners free
_LARGEST: Final = 0.995  # of the ink that is in one blob: one character
_SPAN: Final = 0.85  # of the picture's sides that it reaches, in one direction at least


class Polarity(NamedTuple):
    """How ink differs from paper.

    Attributes:
        is_light: whether the ink is lighter.
        is_thick: whether it is one thick character that fills the picture. Its strokes are as wide as shadows.
    """

    is_light: bool
    is_thick: bool = False


def find_polarity(levels: Levels) -> Polarity:
    """Return how the ink of a page, float32 (height, width), differs from its paper."""
    return _find_thick_ink(levels) or Polarity(_is_light_on_dark(levels))


def _find_thick_ink(levels: Levels) -> Polarity | None:
    """Return the polarity of a thick character that fills the picture, or None for any other picture."""
    threshold = compute_otsu_threshold(levels)
    is_lighter = levels > threshold
    share = float(is_lighter.mean())
    if not 1 - _THICK_SHARE[1] <= share <= _THICK_SHARE[1]:
        return None
    lighter, darker = float(levels[is_lighter].mean()), float(levels[~is_lighter].mean())
    explained = share * (1 - share) * (lighter - darker) ** 2 / float(levels.var())
    if explained < _TWO_LEVELS or darker > _CONTRAST * lighter:
        return None
    edges = is_lighter[0], is_lighter[-1], is_lighter[:, 0], is_lighter[:, -1]
    light_edge = float(np.concatenate(edges).mean())
    is_light = light_edge < 0.5
    if max(light_edge, 1 - light_edge) < _PAPER_AT_EDGE:
        return None
    if any((edge == is_light).mean() >= _WHOLE_SIDE for edge in edges):
        return None  # a strip of the desk
    labels, count = ndimage.label(is_lighter if is_light else ~is_lighter, structure=WITH_DIAGONALS)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    rows, columns = ndimage.find_objects(labels)[int(np.argmax(areas))]
    span = max((rows.stop - rows.start) / levels.shape[0], (columns.stop - columns.start) / levels.shape[1])
    if areas.max() < _LARGEST * areas.sum() or span < _SPAN:
        return None
    return Polarity(is_light, is_thick=True)


def _is_light_on_dark(levels: Levels) -> bool:
    """Return whether the pixels that differ most from their surroundings are lighter than them."""
    skewness = _measure_skewness(levels, _SURROUNDINGS[0])
    if abs(skewness) < _DECIDED:
        # Light may fall on a strip of the page. Thin ink is then clear in smaller windows; thick ink is not.
        closer = float(np.mean([_measure_skewness(levels, reach) for reach in _SURROUNDINGS[1:]]))
        if abs(closer) > max(abs(skewness), _CLEAR):
            skewness = closer
    return skewness > 0


def _measure_skewness(levels: Levels, reach: float) -> float:
    """Return the skewness, -1 to 1, of the differences from the mean of windows, relative to the longer side."""
    size = max(3, round(reach * max(levels.shape))) | 1
    difference = levels - ndimage.uniform_filter(levels, size=size, mode="nearest")
    cubes = difference**3
    return float(cubes.sum()) / max(1.0, float(np.abs(cubes).sum()))
