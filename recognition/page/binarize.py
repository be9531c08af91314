"""Separates ink from paper: under shadows, dark on light or light on dark, on plain, ruled or squared paper."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.errors import TextureNotWriting
from recognition.page.bands import cut_rows
from recognition.page.bars import find_bars, is_flat
from recognition.page.blobs import WITH_DIAGONALS, Labels, Mask, find_boxes, keep_blobs_with
from recognition.page.edges import NO_EDGES, find_holes, find_rims, find_touching
from recognition.page.fields import Fields, find_fields
from recognition.page.images import Gray
from recognition.page.limits import MOST_BLOBS
from recognition.page.otsu import compute_otsu_threshold
from recognition.page.paper import estimate_paper
from recognition.page.polarity import find_polarity
from recognition.page.polygons import Points
from recognition.page.printed import WithoutLines, remove_printed_lines
from recognition.page.small_print import find_small_print

Levels = npt.NDArray[np.float32]

_COARSE_SIDE: Final = 512  # longer side, in pixels, at which writing is first looked for
_FINE_SIDE: Final = 2048  # longer side, in pixels, at most, for small writing
_WANTED_HEIGHT: Final = 48  # height of writing, in pixels, that is large enough: twice what the model sees
_TINY: Final = _WANTED_HEIGHT * _COARSE_SIDE / _FINE_SIDE  # of 512 pixels: height that needs the finest picture
_WIDEST_INK: Final = 0.16  # width of a line of ink, at most, relative to the shorter side; shadows are wider
_WIDEST_OF_HEIGHT: Final = 1.5  # the same, relative to the height of writing, once that is known
_LEAST_CONTRAST: Final = 24  # of 255, between ink and paper; a picture with less counts as blank
_LEAST_SHARE: Final = 0.3  # of the strongest ink's contrast; less is the edge of a shadow, whatever Otsu says
_CUT_OFF: Final = 0.6  # of a usual blob's area; a smaller one at the edge is part of something outside the picture
_FIRM: Final = 0.45  # of the usual blobs' strongest contrast; fainter blobs show through from the other side
_LYING: Final = 3  # width over height: a bar or a dash, whose height says nothing about the height of writing
_WEAK: Final = 0.6  # of the threshold: the contrast from which pixels that touch ink are ink too
_MUCH_DARKER: Final = 0.8  # of the threshold: the threshold without the sides of boxes
_SAMPLE: Final = 100_000  # pixels from which the paper's grain is measured
_GRAIN: Final = 6  # standard deviations of the paper's grain by which ink must stand out
_DUST: Final = 0.015  # of a usual blob's area; smaller blobs are dust, the dot of an i is larger

_WITHOUT_DIAGONALS: Final = ndimage.generate_binary_structure(2, 1)


class PageInk(NamedTuple):
    """The pixels of a picture that are ink.

    Attributes:
        strength: uint8 (height, width), high where there is ink, 0 on paper.
        labels: int32 (height, width), the number of the blob that a pixel belongs to, from 1. 0 on paper.
        boxes: int64 (blobs, 4), left, top, right and bottom of each blob, the last two exclusive.
        areas: int64 (blobs,), the number of pixels of each blob.
        height: the height of the writing in pixels, roughly.
        fields: where each blob is in a form.
    """

    strength: Gray
    labels: Labels
    boxes: npt.NDArray[np.int64]
    areas: npt.NDArray[np.int64]
    height: float
    fields: Fields


def binarize(gray: Gray, edges: Points = NO_EDGES) -> PageInk | None:
    """Return the ink of a page, or None for a blank one. Small writing keeps more pixels.

    Args:
        gray: uint8 (height, width), the page.
        edges: as in `recognition.page.sheet.Sheet`.

    Raises:
        TextureNotWriting: if it has more than `MOST_BLOBS` blobs, without dust.
    """
    coarse = _shrink(gray, _COARSE_SIDE)
    polarity = find_polarity(coarse)
    if polarity.is_light:
        gray, coarse = 255 - gray, 255 - coarse
    widest = max(_WIDEST_INK * min(coarse.shape), _WIDEST_INK / 4 * max(coarse.shape))
    if polarity.is_thick:
        widest = 2.0 * max(coarse.shape)
    is_screen = is_flat(gray)
    ink = _separate(coarse, widest, edges * (max(coarse.shape) / max(gray.shape)), is_screen=is_screen)
    if ink is not None and max(gray.shape) > _COARSE_SIDE and ink.height < _WANTED_HEIGHT:
        fine = _shrink(gray, round(min(_FINE_SIDE, _COARSE_SIDE * _WANTED_HEIGHT / ink.height)))
        ratio = max(fine.shape) / max(coarse.shape)
        widest = ratio * min(widest, _WIDEST_OF_HEIGHT * ink.height)
        ink = _separate(fine, widest, edges * (max(fine.shape) / max(gray.shape)), is_screen=is_screen) or ink
    return ink if ink and len(ink.boxes) else None


def measure_height(boxes: npt.NDArray[np.int64], areas: npt.NDArray[np.int64]) -> float:
    """Return the median height of the blobs, weighted by their ink so that dots and dust hardly count."""
    widths, heights = (boxes[:, 2:] - boxes[:, :2]).T
    is_lying = widths > _LYING * heights
    return _compute_weighted_median(heights, np.where(is_lying, 1, areas))


def _find_touching_edge(labels: Labels, count: int) -> Mask:
    """Return bool (blobs,): which touch the edge. If blobs touch all four sides, none count: the crop is tight."""
    is_touching = np.zeros(count + 1, dtype=np.bool_)
    edges = labels[0], labels[-1], labels[:, 0], labels[:, -1]
    if not all(edge.any() for edge in edges):
        is_touching[np.concatenate(edges)] = True
    return is_touching[1:]


def _compute_weighted_median(values: npt.NDArray[np.int64], weights: npt.NDArray[np.int64]) -> float:
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(cumulated, cumulated[-1] / 2))])


def _shrink(gray: Gray, side: int) -> Levels:
    picture = Image.fromarray(gray)
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32)


def _separate(levels: Levels, widest: float, edges: Points, *, is_screen: bool) -> PageInk | None:
    """Return the ink of a picture in which no line is wider than ``widest`` pixels. Overwrites ``levels``.

    If that is more than the picture, most of it may be ink.

    Returns:
        None if nothing stands out from the paper, and no blobs if only printed lines do.
    """
    contrast, least = _measure_contrast(levels, widest)
    is_thick = widest >= max(levels.shape)
    threshold = compute_otsu_threshold(contrast) if is_thick else _choose_threshold(contrast, least)
    if threshold is None:
        return None
    printed = _remove_printed_lines(contrast, threshold)
    if printed.sides is not None:
        # Boxes that are much darker than the writing in them hide it.
        lower = _choose_threshold(np.where(printed.sides, 0, contrast), least)
        if lower is not None and lower < _MUCH_DARKER * threshold:
            fainter = _remove_printed_lines(contrast, lower)
            if fainter.cells:
                printed, threshold = fainter, lower
    mask = printed.mask
    labels, count = ndimage.label(mask, structure=WITH_DIAGONALS)
    if not count:
        # Rows of tiny marks look like lines, until they are seen with more pixels.
        nothing = np.zeros(0, dtype=np.int64)
        return PageInk(mask.astype(np.uint8), labels, nothing.reshape(0, 4), nothing, _TINY, Fields.make_none(0))
    # Faint rulings may have lowered the threshold, so blobs are also compared with the pen's usual contrast.
    areas, strongest = _measure_blobs(labels, count, mask, contrast)
    usual_area = _compute_weighted_median(areas, areas)
    usual_contrast = float(np.median(strongest[areas >= usual_area / 4]))
    keep = (areas >= max(2, _DUST * usual_area)) & (strongest >= _FIRM * usual_contrast)
    is_cut_off = _find_touching_edge(labels, count) & (areas < _CUT_OFF * usual_area)
    for is_no_writing in (is_cut_off, find_touching(labels, count, edges)):
        if (keep & ~is_no_writing).any():
            keep &= ~is_no_writing
    if not keep.any():
        return None
    if np.count_nonzero(keep) > MOST_BLOBS:
        raise TextureNotWriting
    _number_anew(labels, keep)
    areas, boxes = areas[keep], find_boxes(labels)
    is_writing = ~(find_holes(boxes, areas, mask.shape) | find_rims(labels, boxes))
    is_writing &= ~find_small_print(boxes, printed.cells)
    if is_screen:
        is_writing &= ~find_bars(boxes, mask.shape)
    if is_writing.any():
        _number_anew(labels, is_writing)
        areas, boxes = areas[is_writing], boxes[is_writing]
    contrast *= 255 / (2 * threshold)
    strength = np.clip(contrast, 0, 255, out=contrast)
    strength[ndimage.maximum_filter((labels > 0).view(np.uint8), footprint=_WITHOUT_DIAGONALS) == 0] = 0
    height = measure_height(boxes, areas)
    fields = find_fields(boxes, printed.cells, height)
    return PageInk(strength.astype(np.uint8), labels, boxes, areas, height, fields)


def _number_anew(labels: Labels, keep: Mask) -> None:
    """Leave out blobs, bool (blobs,), of ``labels``, and number the others from 1."""
    if keep.all():
        return
    numbers = np.concatenate(([0], np.where(keep, np.cumsum(keep), 0))).astype(np.int32)
    for rows in cut_rows(*labels.shape):
        labels[rows] = numbers[labels[rows]]


def _measure_blobs(
    labels: Labels, count: int, mask: Mask, contrast: Levels
) -> tuple[npt.NDArray[np.int64], Levels]:
    """Return int64 (blobs,), the area of each, and float32 (blobs,), its strongest contrast."""
    areas, strongest = np.zeros(count + 1, dtype=np.int64), np.zeros(count + 1, dtype=np.float32)
    for rows in cut_rows(*labels.shape):
        inked = labels[rows][mask[rows]]
        areas += np.bincount(inked, minlength=count + 1)
        np.maximum.at(strongest, inked, contrast[rows][mask[rows]])
    return areas[1:], strongest[1:]


def _remove_printed_lines(contrast: Levels, threshold: float) -> WithoutLines:
    faint = contrast > max(_LEAST_CONTRAST / 2, _WEAK * threshold)
    return remove_printed_lines(_grow(contrast > threshold, faint), faint, contrast)


def _measure_contrast(levels: Levels, widest: float) -> tuple[Levels, float]:
    """Return how much darker each pixel is than the paper around it, of 255, in the memory of ``levels``.

    A shadow darkens both alike. The second result is the contrast above which a pixel stands out from the grain
    of the paper.
    """
    paper = np.maximum(estimate_paper(levels, widest), 32)
    # Step by step in the same memory: each copy of a large picture takes 17 MB.
    contrast: Levels = np.subtract(paper, levels, out=levels)
    contrast *= np.divide(255, paper, out=paper)
    # Before what is lighter than the paper is cut off: half of the grain may be.
    sample = contrast.ravel()[:: max(1, contrast.size // _SAMPLE)]
    middle = float(np.median(sample))
    grain = 1.4826 * float(np.median(np.abs(sample - middle)))  # standard deviation of a normal distribution
    np.clip(contrast, 0, None, out=contrast)
    return contrast, max(_LEAST_CONTRAST, middle + _GRAIN * grain)


def _choose_threshold(contrast: Levels, least: float) -> float | None:
    """Return the contrast from which a pixel is ink, or None if none is above ``least``."""
    standing_out = contrast[contrast > least]
    if len(standing_out) < 4:
        return None
    strongest = float(np.percentile(standing_out, 90))
    # Only pixels near ink take part: on an almost empty page Otsu's method would divide the paper.
    near = ndimage.maximum_filter((contrast > least).view(np.uint8), size=5).view(np.bool_)
    return max(compute_otsu_threshold(contrast[near]), _LEAST_SHARE * strongest)


def _grow(firm: Mask, weak: Mask) -> Mask:
    """Return the firm ink and the weak ink connected to it, so that faint strokes do not break."""
    return keep_blobs_with(firm, weak | firm)
