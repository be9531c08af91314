"""Finding the characters on a photo or scan and laying them out as the model was taught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.page.binarize import Labels, PageInk, binarize, find_boxes
from recognition.page.images import Box, Gray, crop_box, open_gray
from recognition.page.layout import Piece, compute_bounds, find_lines, is_compact
from recognition.page.split import split_cheapest
from recognition.render import BORDER, SIZE, Images

MeasureSureness = Callable[[Images], float]
"""How sure the model is, 0 to 1, of a picture: uint8 (28, 28), ink high."""

_INK_LEVEL: Final = 32  # of 255, what counts as ink when a picture is cropped
_CHARACTER_SIDE: Final = SIZE - 2 * BORDER

_APART: Final = 0.1  # of the height of writing: what is as far from its neighbour is another character
_GAP_COST: Final = 20.0  # nats per height of writing, of taking two things with a gap between them for one
_GAP_GAIN: Final = 1.5  # nats gained by taking things between which there is paper for two
_OVERLAP_COST: Final = 2.0  # nats of taking things one right above the other for two
_USUAL_WIDTH: Final = 0.6  # of the height of writing
_WIDTH_COST: Final = 5.0  # nats by the square of the logarithm of how many times wider than usual
_CUT_COST: Final = 1.0  # nats of cutting through ink
_MOST_PARTS: Final = 3  # separate things that make up one character
_WIDE: Final = 1.15  # of the height of writing: what is wider may be several characters that touch
_DOUBTFUL: Final = 0.97  # the model is less sure of what may have to be cut
_WHOLE_GAIN: Final = 2.0  # nats a character, of taking few things close together for a single broken one
_NARROWEST: Final = 0.2  # of the height of writing, between two cuts
_WIDEST: Final = 1.6  # of the height of writing, a character between cuts
_MOST_CUTS: Final = 12  # through one blob


class FoundCharacter(NamedTuple):
    """A character on a picture.

    Attributes:
        box: its ink, in pixels of the upright picture.
        picture: uint8 (28, 28), laid out for the model.
        crop: uint8 (height, width), its part of the picture.
    """

    box: Box
    picture: Images
    crop: Gray


@dataclass(frozen=True, eq=False)
class _Window:
    """A part of the ink, told apart into units, each of which is of one character.

    Attributes:
        left: of its first column, in pixels of the ink.
        top: of its first row.
        units: int32 (height, width), the unit that a pixel is of, from 1; 0 elsewhere.
        strength: uint8 (height, width), the ink.
    """

    left: int
    top: int
    units: Labels
    strength: Gray
    _pictures: dict[tuple[int, int], Images] = field(default_factory=dict, init=False)

    @cached_property
    def boxes(self) -> npt.NDArray[np.int64]:
        """int64 (units, 4), left, top, right and bottom of each unit in the window."""
        return find_boxes(np.where(self.strength >= _INK_LEVEL, self.units, 0))

    def box(self, start: int, end: int) -> Box:
        """Return left, top, right and bottom of the units from ``start`` up to ``end``, counted from 0."""
        left, top, right, bottom = compute_bounds(self.boxes, range(start, end))
        return int(left), int(top), int(right), int(bottom)

    def picture(self, start: int, end: int) -> Images:
        """Return the units from ``start`` up to ``end`` as the model is shown them, uint8 (28, 28)."""
        if (start, end) not in self._pictures:
            left, top, right, bottom = self.box(start, end)
            units, strength = (of[top:bottom, left:right] for of in (self.units, self.strength))
            self._pictures[start, end] = _fitted(np.where((units > start) & (units <= end), strength, 0))
        return self._pictures[start, end]


def find_character(data: bytes) -> FoundCharacter | None:
    """Return what is on the picture ``data``, which shows a single character; None for a blank one.

    Raises as `recognition.page.images.open_gray` does.
    """
    grey, reduction = open_gray(data)
    ink = binarize(grey)
    if ink is None:
        return None
    every = tuple(
        blob for line in find_lines(ink.boxes, ink.areas, ink.height) for piece in line for blob in piece
    )
    return _found(grey, reduction, ink, _window(ink, [every]), 0, 1)


def find_characters(data: bytes, judge: MeasureSureness) -> list[FoundCharacter]:
    """Return the characters on the picture ``data``, in reading order; nothing for a blank one.

    Raises as `recognition.page.images.open_gray` does.
    """
    grey, reduction = open_gray(data)
    ink = binarize(grey)
    if ink is None:
        return []
    lines = find_lines(ink.boxes, ink.areas, ink.height)
    characters = [
        character for line in lines for chain in _chains(line, ink) for character in _characters(chain, ink, judge)
    ]
    if len(characters) > 1 and is_compact([compute_bounds(ink.boxes, piece) for line in lines for piece in line]):
        whole = _window(ink, [[blob for line in lines for piece in line for blob in piece]])
        if _nats(whole, 0, 1, judge) <= sum(_nats(*part, judge) + _WHOLE_GAIN for part in characters):
            characters = [(whole, 0, 1)]
    return [_found(grey, reduction, ink, *character) for character in characters]


def fit_picture(levels: Gray) -> Images:
    """Return uint8 (28, 28): the ink of a uint8 picture, ink high, cropped, scaled and centred as in EMNIST."""
    rows, columns = (np.flatnonzero((levels >= _INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return np.zeros((SIZE, SIZE), dtype=np.uint8)
    return _fitted(levels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _fitted(crop: Gray) -> Images:
    ratio = _CHARACTER_SIDE / max(crop.shape)
    height, width = (max(1, round(side * ratio)) for side in crop.shape)
    resized = Image.fromarray(crop).resize((width, height), Image.Resampling.BICUBIC)
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    fitted = np.zeros((SIZE, SIZE), dtype=np.uint8)
    fitted[top : top + height, left : left + width] = np.asarray(resized)
    return fitted


def _chains(line: Sequence[Piece], ink: PageInk) -> list[list[Piece]]:
    """Return the line's pieces, those together that may be parts of one character."""
    chains: list[list[Piece]] = []
    end = -np.inf
    for piece in line:
        left, _, right, _ = compute_bounds(ink.boxes, piece)
        if left - end < _APART * ink.height:
            chains[-1].append(piece)
        else:
            chains.append([piece])
        end = max(end, right)
    return chains


def _characters(
    chain: Sequence[Piece], ink: PageInk, judge: MeasureSureness
) -> Iterator[tuple[_Window, int, int]]:
    """Yield each character of a chain as a window and its first and last unit, the latter exclusive."""
    window = _window(ink, chain)
    left, _, right, _ = compute_bounds(ink.boxes, [blob for piece in chain for blob in piece])
    wide = right - left > _WIDE * ink.height
    too_wide = right - left > _WIDEST * ink.height
    if len(chain) == 1 and (not wide or (not too_wide and judge(window.picture(0, 1)) > _DOUBTFUL)):
        yield window, 0, 1
        return
    window, is_cut = _with_cuts(window, ink.height)
    count = len(is_cut) + 1
    boxes = [window.box(unit, unit + 1) for unit in range(count)]
    between = [
        _costs(a, b, cut_here, ink.height) for (a, b), cut_here in zip(pairwise(boxes), is_cut, strict=True)
    ]

    def shape(start: int, end: int) -> float:
        left, _, right, _ = window.box(start, end)
        parts = 1 + sum(not here for here in is_cut[start : end - 1])
        if end - start > 1 and (parts > _MOST_PARTS or right - left > _WIDEST * ink.height):
            return float("inf")
        joints = _WIDTH_COST * max(0.0, float(np.log((right - left) / (_USUAL_WIDTH * ink.height)))) ** 2
        joints += sum(together for together, _ in between[start : end - 1])
        return joints + (between[end - 1][1] if end < count else 0.0)

    for start, end in split_cheapest(count, shape, lambda start, end: _nats(window, start, end, judge)):
        yield window, start, end


def _nats(window: _Window, start: int, end: int, judge: MeasureSureness) -> float:
    """Return how unsure the model is of units taken for one character."""
    return -float(np.log(max(judge(window.picture(start, end)), 1e-6)))


def _costs(before: Box, after: Box, is_cut: bool, height: float) -> tuple[float, float]:
    """Return what it costs to take two neighbouring units for one, and what to take them for two."""
    if is_cut:
        return 0.0, _CUT_COST
    gap = after[0] - before[2]
    narrower = min(before[2] - before[0], after[2] - after[0])
    return _GAP_COST * max(0, gap) / height, _OVERLAP_COST * min(1.0, max(0, -gap) / narrower) - _GAP_GAIN


def _window(ink: PageInk, pieces: Sequence[Sequence[int]]) -> _Window:
    left, top, right, bottom = (
        int(side) for side in compute_bounds(ink.boxes, [blob for piece in pieces for blob in piece])
    )
    left, top, right, bottom = max(0, left - 1), max(0, top - 1), right + 1, bottom + 1
    here = ink.labels[top:bottom, left:right]
    unit_of = np.zeros(len(ink.boxes) + 1, dtype=np.int32)
    for unit, piece in enumerate(pieces, 1):
        unit_of[np.array(piece) + 1] = unit
    # The soft rim of a stroke goes with it, unless it is another's ink.
    units = unit_of[here]
    rim = ndimage.grey_dilation(units, size=(3, 3))
    return _Window(left, top, np.where(here > 0, units, rim), ink.strength[top:bottom, left:right])


def _with_cuts(window: _Window, height: float) -> tuple[_Window, list[bool]]:
    """Cut each wide unit wherever it is thin, and return with it which boundaries between units are such cuts."""
    units = np.zeros_like(window.units)
    is_cut: list[bool] = []
    for unit in range(1, int(window.units.max()) + 1):
        mask = window.units == unit
        cuts = _thin_columns(mask & (window.strength >= _INK_LEVEL), height)
        parts = np.searchsorted(cuts, np.arange(mask.shape[1]), side="right").astype(np.int32)
        first = len(is_cut) + 1
        is_cut += [False] * (unit > 1) + [True] * len(cuts)
        first = len(is_cut) + 1 - len(cuts)
        units[mask] = np.broadcast_to(parts + first, mask.shape)[mask]
    return replace(window, units=units), is_cut


def _thin_columns(mask: npt.NDArray[np.bool_], height: float) -> npt.NDArray[np.int64]:
    """Return the columns to cut at: where there is least ink, not too near to one another or to the ends."""
    columns = np.flatnonzero(mask.any(axis=0))
    first, last = int(columns[0]), int(columns[-1]) + 1
    if last - first <= _WIDE * height / 2:
        return np.zeros(0, dtype=np.int64)
    rows = np.arange(mask.shape[0])[:, None]
    # How much there is to cut through, and, of the same, rather where the line runs low, as joining strokes do.
    ink = ndimage.uniform_filter1d(mask.sum(axis=0).astype(np.float64), size=3)
    spread = np.ptp(np.where(mask, rows, mask.argmax(axis=0)), axis=0)
    price = ink + 0.25 * spread
    apart = max(2, round(_NARROWEST * height))
    least = ndimage.minimum_filter1d(price, size=apart | 1, mode="nearest")
    thin = (price <= least) & (ink <= 0.35 * height)
    thin[: first + apart] = False
    thin[last - apart :] = False
    groups, count = ndimage.label(thin)
    middles = [int(np.mean(np.flatnonzero(groups == group))) for group in range(1, count + 1)]
    cheapest_first = sorted(middles, key=lambda column: float(price[column]))[:_MOST_CUTS]
    return np.array(sorted(cheapest_first), dtype=np.int64)


def _found(grey: Gray, reduction: float, ink: PageInk, window: _Window, start: int, end: int) -> FoundCharacter:
    left, top, right, bottom = window.box(start, end)
    box = (left + window.left, top + window.top, right - left, bottom - top)
    height, width = grey.shape
    in_grey = _scaled(box, max(grey.shape) / max(ink.strength.shape), width, height)
    whole = _scaled(in_grey, reduction, round(width * reduction), round(height * reduction))
    return FoundCharacter(whole, window.picture(start, end), crop_box(grey, in_grey))


def _scaled(box: Box, scale: float, most_x: int, most_y: int) -> Box:
    """Return the box, in pixels ``scale`` times as small, rounded outwards but not off the picture."""
    x, y, width, height = (side * scale for side in box)
    left, top = min(int(x), most_x - 1), min(int(y), most_y - 1)
    right, bottom = min(int(np.ceil(x + width)), most_x), min(int(np.ceil(y + height)), most_y)
    return left, top, right - left, bottom - top
