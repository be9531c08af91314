"""Finding the ink on a photo or scan and laying it out as the model was taught."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.pictures import Box, Grey, cut, open_grey
from recognition.render import BORDER, SIZE, Images

Levels = npt.NDArray[np.float32]

_WORKING_SIDE: Final = 512  # pixels; ink of a single character stays well over the 24 that the model sees
_LEAST_CONTRAST: Final = 24  # grey levels between paper and ink below which a picture counts as blank
_LEAST_SHARE: Final = 0.3  # of the strongest ink's contrast; fainter is a shadow's edge, whatever Otsu says
_SPECK: Final = 0.02  # of the largest blob's area; smaller blobs are dust, larger ones the dot of an i
_INK_LEVEL: Final = 32  # of 255, what counts as ink when a picture is cropped
_CHARACTER_SIDE: Final = SIZE - 2 * BORDER


class Found(NamedTuple):
    """A character on a picture.

    Attributes:
        box: its ink, in pixels of the upright picture.
        picture: uint8 (28, 28), laid out for the model.
        crop: uint8 (height, width), its part of the picture.
    """

    box: Box
    picture: Images
    crop: Grey


def find_characters(data: bytes) -> list[Found]:
    """Return what is on the picture ``data``; nothing for a blank one.

    The whole ink is taken for one character. Raises as `recognition.pictures.open_grey` does.
    """
    grey, reduction = open_grey(data)
    ink = _ink(grey)
    found = _box(ink)
    if found is None:
        return []
    x, y, width, height = found
    in_grey = _scaled(found, max(grey.shape) / max(ink.shape))
    picture = fit(Image.fromarray(ink[y : y + height, x : x + width]))
    return [Found(_scaled(in_grey, reduction), picture, cut(grey, in_grey))]


def _scaled(box: Box, scale: float) -> Box:
    x, y, width, height = (side * scale for side in box)
    left, top = int(x), int(y)
    return left, top, int(np.ceil(x + width)) - left, int(np.ceil(y + height)) - top


def fit(picture: Image.Image) -> Images:
    """Return uint8 (28, 28): the ink of an 8-bit picture, ink high, cropped, scaled and centred as in EMNIST."""
    levels = np.asarray(picture)
    rows, columns = (np.flatnonzero((levels >= _INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    fitted = Image.new("L", (SIZE, SIZE))
    if len(rows):
        crop = picture.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
        ratio = _CHARACTER_SIDE / max(crop.size)
        width, height = (max(1, round(side * ratio)) for side in crop.size)
        resized = crop.resize((width, height), Image.Resampling.BICUBIC)
        fitted.paste(resized, ((SIZE - width) // 2, (SIZE - height) // 2))
    return np.asarray(fitted)


def _ink(grey: Grey) -> Grey:
    """Return the ink of a picture, high on zero, at working size: paper, shadows and dust are taken away."""
    picture = Image.fromarray(grey)
    picture.thumbnail((_WORKING_SIDE, _WORKING_SIDE), Image.Resampling.BOX)
    levels = np.asarray(picture, dtype=np.float32)
    # Ink is the rarer side: whichever of dark and light strays farther from the paper around it.
    away = levels - _paper(levels)
    darker, lighter = np.clip(-away, 0, None), np.clip(away, 0, None)
    contrast = darker if _spread(darker) >= _spread(lighter) else lighter
    if _spread(contrast) < _LEAST_CONTRAST:
        return np.zeros(levels.shape, dtype=np.uint8)
    threshold = max(_otsu(contrast), _LEAST_SHARE * _spread(contrast))
    kept = _without_dust(contrast > threshold)
    strength = np.clip(contrast / max(2 * threshold, 1.0), 0, 1)
    return np.where(ndimage.binary_dilation(kept), 255 * strength, 0).astype(np.uint8)


def _paper(levels: Levels) -> Levels:
    """Return the level of the paper about each pixel: a local mean that follows slopes up to the very edge."""
    reach = max(levels.shape) // 4
    # Mirrored at the edge by value too, a slope goes on as a slope; a picture is mirrored at most once.
    wide = [min(reach, side - 1) for side in levels.shape]
    padded = np.pad(levels, [(w, w) for w in wide], mode="reflect", reflect_type="odd")
    calm = ndimage.median_filter(padded, size=3)
    mean = ndimage.uniform_filter(calm, size=[2 * w + 1 for w in wide], mode="nearest")
    paper: Levels = mean[wide[0] : wide[0] + levels.shape[0], wide[1] : wide[1] + levels.shape[1]]
    return paper


def _spread(contrast: Levels) -> float:
    return float(np.percentile(contrast, 99.5))


def _otsu(contrast: Levels) -> float:
    """Return the threshold that separates two classes of levels best (Otsu 1979)."""
    counts, edges = np.histogram(contrast, bins=256)
    middle = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middle)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = sums / below - (sums[-1] - sums) / above
        between = np.nan_to_num(below * above * apart**2)
    return float(middle[int(np.argmax(between))])


def _without_dust(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    if not count:
        return mask
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    kept: npt.NDArray[np.bool_] = (areas >= _SPECK * areas.max())[labels] & mask
    return kept


def _box(ink: Grey) -> Box | None:
    rows, columns = (np.flatnonzero((ink >= _INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)
