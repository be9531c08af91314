"""Telling ink from paper: under shadows, dark on light or light on dark, on ruled and squared paper."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.page.images import Gray
from recognition.page.rulings import remove_rulings

Levels = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]

_COARSE_SIDE: Final = 512  # pixels; a large character's ink stays well over the 24 that the model sees
_FINE_SIDE: Final = 2048  # pixels, at most, for small writing
_WANTED_HEIGHT: Final = 48  # pixels of the height of writing, twice what the model sees
_PAPER_SIDE: Final = 192  # pixels; paper and shadows change slowly
_WIDEST_INK: Final = 0.16  # of the shorter side: no line of ink is as wide; shadows are wider
_WIDEST_OF_HEIGHT: Final = 1.5  # of the height of writing: the same, once that is known
_LEAST_CONTRAST: Final = 24  # of 255, between paper and ink; with less, a picture counts as blank
_LEAST_SHARE: Final = 0.3  # of the strongest ink's contrast; fainter is a shadow's edge, whatever Otsu says
_CUT_OFF: Final = 0.6  # of the area of a usual blob; less at the picture's edge is a rest of something outside
_FIRM: Final = 0.45  # of the usual blob's strongest contrast; fainter blobs show through from the other side
_LYING: Final = 3  # times as wide as high: a bar or a dash, which tells nothing of the height of writing
_WEAK: Final = 0.6  # of the contrast that ink begins at: what goes on where ink ends is ink as well
_SAMPLE: Final = 100_000  # pixels that tell the paper's grain
_GRAIN: Final = 6  # standard deviations of the paper's grain that ink must stand out by
_DUST: Final = 0.015  # of the area of a usual blob; smaller ones are dust, larger ones the dot of an i

_TOUCHING: Final = np.ones((3, 3), dtype=np.bool_)
_BESIDE: Final = ndimage.generate_binary_structure(2, 1)


class PageInk(NamedTuple):
    """The ink of a picture.

    Attributes:
        strength: uint8 (height, width), high where there is ink, zero on paper.
        labels: int32 (height, width), which connected blob of ink a pixel is of, from 1; 0 on paper.
        boxes: int64 (blobs, 4), left, top, right and bottom of each blob, the latter two exclusive.
        areas: int64 (blobs,), how many pixels each has.
        height: how tall the writing is, about, in pixels.
    """

    strength: Gray
    labels: Labels
    boxes: npt.NDArray[np.int64]
    areas: npt.NDArray[np.int64]
    height: float


def binarize(grey: Gray) -> PageInk | None:
    """Return the ink of a grey picture, as fine as its writing is small; None for a blank one."""
    coarse = _shrunk(grey, _COARSE_SIDE)
    if _is_light_on_dark(coarse):
        grey, coarse = 255 - grey, 255 - coarse
    widest = max(_WIDEST_INK * min(coarse.shape), _WIDEST_INK / 4 * max(coarse.shape))
    found = _separate(coarse, widest)
    if found is None or max(grey.shape) <= _COARSE_SIDE or found.height >= _WANTED_HEIGHT:
        return found
    fine = _shrunk(grey, round(min(_FINE_SIDE, _COARSE_SIDE * _WANTED_HEIGHT / found.height)))
    finer = max(fine.shape) / max(coarse.shape)
    return _separate(fine, finer * min(widest, _WIDEST_OF_HEIGHT * found.height)) or found


def find_boxes(labels: Labels) -> npt.NDArray[np.int64]:
    """Return int64 (blobs, 4): left, top, right, bottom of each label from 1, the latter two exclusive."""
    slices = [(x.start, y.start, x.stop, y.stop) for y, x in ndimage.find_objects(labels)]
    return np.array(slices, dtype=np.int64).reshape(-1, 4)


def measure_height(boxes: npt.NDArray[np.int64], areas: npt.NDArray[np.int64]) -> float:
    """Return the median height of the blobs, each weighing as much as it has ink: dots and dust do not count."""
    wide, tall = (boxes[:, 2:] - boxes[:, :2]).T
    lying = wide > _LYING * tall
    return _weighted_median(tall, np.where(lying, 1, areas))


def _at_edge(boxes: npt.NDArray[np.int64], shape: tuple[int, ...]) -> Mask:
    """Return which blobs the picture's edge cuts off; none if it is cut close to the ink on every side."""
    height, width = shape
    sides = np.stack((boxes[:, 0] <= 0, boxes[:, 1] <= 0, boxes[:, 2] >= width, boxes[:, 3] >= height))
    if np.any(sides, axis=1).all():
        return np.zeros(len(boxes), dtype=np.bool_)
    edge: Mask = np.any(sides, axis=0)
    return edge


def _weighted_median(values: npt.NDArray[np.int64], weights: npt.NDArray[np.int64]) -> float:
    order = np.argsort(values, kind="stable")
    weight = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(weight, weight[-1] / 2))])


def _shrunk(grey: Gray, side: int) -> Levels:
    picture = Image.fromarray(grey)
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32)


def _separate(levels: Levels, widest: float) -> PageInk | None:
    """Return the ink, no line of which is wider than ``widest`` pixels."""
    contrast = _contrast(levels, widest)
    threshold = _threshold(contrast)
    if threshold is None:
        return None
    mask = _grown(contrast > threshold, contrast > max(_LEAST_CONTRAST / 2, _WEAK * threshold))
    mask = remove_rulings(mask, contrast)
    labels, count = ndimage.label(mask, structure=_TOUCHING)
    if not count:
        return None
    # Rulings may have lowered the threshold to their own faintness: the pen's own ink has the last word.
    areas = np.bincount(labels.ravel())[1:]
    strongest = np.zeros(count + 1, dtype=np.float32)
    np.maximum.at(strongest, labels[mask], contrast[mask])
    strongest = strongest[1:]
    usual = _weighted_median(areas, areas)
    firm = float(np.median(strongest[areas >= usual / 4]))
    keep = (areas >= max(2, _DUST * usual)) & (strongest >= _FIRM * firm)
    cut_off = _at_edge(find_boxes(labels), labels.shape) & (areas < _CUT_OFF * usual)
    if (keep & ~cut_off).any():
        keep &= ~cut_off
    if not keep.any():
        return None
    numbers = np.concatenate(([0], np.where(keep, np.cumsum(keep), 0))).astype(np.int32)
    labels = numbers[labels]
    strength = np.clip(contrast * (255 / (2 * threshold)), 0, 255)
    strength[ndimage.maximum_filter((labels > 0).view(np.uint8), footprint=_BESIDE) == 0] = 0
    boxes = find_boxes(labels)
    return PageInk(strength.astype(np.uint8), labels, boxes, areas[keep], measure_height(boxes, areas[keep]))


def _is_light_on_dark(levels: Levels) -> bool:
    """Return whether the rarer side, which strays farther from what is around it, is the light one."""
    reach = max(3, max(levels.shape) // 3) | 1
    away = levels - ndimage.uniform_filter(levels, size=reach, mode="nearest")
    return float((away**3).sum()) > 0


def _contrast(levels: Levels, widest: float) -> Levels:
    """Return how much darker than the paper around it each pixel is, of 255; shadows darken both alike."""
    paper = np.maximum(_paper(levels, widest), 32)
    contrast: Levels = np.clip((paper - levels) * (255 / paper), 0, None)
    return contrast


def _paper(levels: Levels, widest: float) -> Levels:
    """Return the level of the paper about each pixel: closed over ink, which is thin, not over shadows."""
    height, width = levels.shape
    small = _shrunk(levels.astype(np.uint8), _PAPER_SIDE)
    reach = max(3, round(widest * max(small.shape) / max(levels.shape))) | 1
    closed = ndimage.grey_closing(ndimage.median_filter(small, size=3), size=(reach, reach), mode="nearest")
    smooth = ndimage.uniform_filter(closed, size=max(3, reach // 3) | 1, mode="nearest")
    return np.asarray(Image.fromarray(smooth).resize((width, height), Image.Resampling.BILINEAR))


def _threshold(contrast: Levels) -> float | None:
    """Return the contrast that ink begins at, or None if nothing stands out from the paper."""
    every = contrast.ravel()[:: max(1, contrast.size // _SAMPLE)]
    middle = float(np.median(every))
    grain = 1.4826 * float(np.median(np.abs(every - middle)))
    least = max(_LEAST_CONTRAST, middle + _GRAIN * grain)
    standing_out = contrast[contrast > least]
    if len(standing_out) < 4:
        return None
    strongest = float(np.percentile(standing_out, 90))
    # Only what is near ink is weighed: on a page that is almost empty, Otsu would split the paper.
    near = ndimage.maximum_filter((contrast > least).view(np.uint8), size=5).view(np.bool_)
    return max(_otsu(contrast[near]), _LEAST_SHARE * strongest)


def _grown(firm: Mask, weak: Mask) -> Mask:
    """Return the firm ink and the weak ink that touches it, so that a faint stroke stays in one piece."""
    labels, count = ndimage.label(weak | firm, structure=_TOUCHING)
    touched = np.zeros(count + 1, dtype=np.bool_)
    touched[labels[firm]] = True
    grown: Mask = touched[labels]
    return grown


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
