"""Finding the characters on a photo or scan and laying them out as the model was taught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.ink import Ink, Labels, separate
from recognition.layout import Piece, is_compact, lines_of, union
from recognition.pictures import Box, Grey, cut, open_grey
from recognition.reading import cheapest
from recognition.render import BORDER, SIZE, Images

Judge = Callable[[Images], float]
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


class _Window(NamedTuple):
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
    strength: Grey


def find_character(data: bytes) -> Found | None:
    """Return what is on the picture ``data``, which shows a single character; None for a blank one.

    Raises as `recognition.pictures.open_grey` does.
    """
    grey, reduction = open_grey(data)
    ink = separate(grey)
    if ink is None:
        return None
    every = tuple(blob for line in lines_of(ink.boxes, ink.areas, ink.height) for piece in line for blob in piece)
    return _found(grey, reduction, ink, _window(ink, [every]), 0, 1)


def find_characters(data: bytes, judge: Judge) -> list[Found]:
    """Return the characters on the picture ``data``, in reading order; nothing for a blank one.

    Raises as `recognition.pictures.open_grey` does.
    """
    grey, reduction = open_grey(data)
    ink = separate(grey)
    if ink is None:
        return []
    lines = lines_of(ink.boxes, ink.areas, ink.height)
    characters = [
        character for line in lines for chain in _chains(line, ink) for character in _characters(chain, ink, judge)
    ]
    if len(characters) > 1 and is_compact([union(ink.boxes, piece) for line in lines for piece in line]):
        whole = _window(ink, [[blob for line in lines for piece in line for blob in piece]])
        if _nats(whole, 0, 1, judge) <= sum(_nats(*part, judge) + _WHOLE_GAIN for part in characters):
            characters = [(whole, 0, 1)]
    return [_found(grey, reduction, ink, *character) for character in characters]


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


def _chains(line: Sequence[Piece], ink: Ink) -> list[list[Piece]]:
    """Return the line's pieces, those together that may be parts of one character."""
    chains: list[list[Piece]] = []
    end = -np.inf
    for piece in line:
        left, _, right, _ = union(ink.boxes, piece)
        if left - end < _APART * ink.height:
            chains[-1].append(piece)
        else:
            chains.append([piece])
        end = max(end, right)
    return chains


def _characters(chain: Sequence[Piece], ink: Ink, judge: Judge) -> Iterator[tuple[_Window, int, int]]:
    """Yield each character of a chain as a window and its first and last unit, the latter exclusive."""
    window = _window(ink, chain)
    left, _, right, _ = union(ink.boxes, [blob for piece in chain for blob in piece])
    wide = right - left > _WIDE * ink.height
    too_wide = right - left > _WIDEST * ink.height
    if len(chain) == 1 and (not wide or (not too_wide and judge(_picture(window, 0, 1)) > _DOUBTFUL)):
        yield window, 0, 1
        return
    window, is_cut = _with_cuts(window, ink.height)
    count = len(is_cut) + 1
    boxes = [_extent(window, unit, unit + 1) for unit in range(count)]
    between = [
        _costs(a, b, cut_here, ink.height) for (a, b), cut_here in zip(pairwise(boxes), is_cut, strict=True)
    ]

    def cost(start: int, end: int) -> float:
        left, right = min(box[0] for box in boxes[start:end]), max(box[2] for box in boxes[start:end])
        parts = 1 + sum(not here for here in is_cut[start : end - 1])
        if end - start > 1 and (parts > _MOST_PARTS or right - left > _WIDEST * ink.height):
            return float("inf")
        joints = _WIDTH_COST * max(0.0, float(np.log((right - left) / (_USUAL_WIDTH * ink.height)))) ** 2
        joints += sum(together for together, _ in between[start : end - 1])
        joints += between[end - 1][1] if end < count else 0.0
        return joints + _nats(window, start, end, judge)

    for start, end in cheapest(count, cost, longest=count):
        yield window, start, end


def _nats(window: _Window, start: int, end: int, judge: Judge) -> float:
    """Return how unsure the model is of units taken for one character."""
    return -float(np.log(max(judge(_picture(window, start, end)), 1e-6)))


def _costs(before: Box, after: Box, is_cut: bool, height: float) -> tuple[float, float]:
    """Return what it costs to take two neighbouring units for one, and what to take them for two."""
    if is_cut:
        return 0.0, _CUT_COST
    gap = after[0] - before[2]
    narrower = min(before[2] - before[0], after[2] - after[0])
    return _GAP_COST * max(0, gap) / height, _OVERLAP_COST * min(1.0, max(0, -gap) / narrower) - _GAP_GAIN


def _window(ink: Ink, pieces: Sequence[Sequence[int]]) -> _Window:
    left, top, right, bottom = (
        int(side) for side in union(ink.boxes, [blob for piece in pieces for blob in piece])
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
    return window._replace(units=units), is_cut


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


def _extent(window: _Window, start: int, end: int) -> Box:
    """Return left, top, right, bottom of units in the window."""
    mask = (window.units > start) & (window.units <= end) & (window.strength >= _INK_LEVEL)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _picture(window: _Window, start: int, end: int) -> Images:
    return fit(Image.fromarray(np.where((window.units > start) & (window.units <= end), window.strength, 0)))


def _found(grey: Grey, reduction: float, ink: Ink, window: _Window, start: int, end: int) -> Found:
    left, top, right, bottom = _extent(window, start, end)
    box = (left + window.left, top + window.top, right - left, bottom - top)
    height, width = grey.shape
    in_grey = _scaled(box, max(grey.shape) / max(ink.strength.shape), width, height)
    whole = _scaled(in_grey, reduction, round(width * reduction), round(height * reduction))
    return Found(whole, _picture(window, start, end), cut(grey, in_grey))


def _scaled(box: Box, scale: float, most_x: int, most_y: int) -> Box:
    """Return the box, in pixels ``scale`` times as small, rounded outwards but not off the picture."""
    x, y, width, height = (side * scale for side in box)
    left, top = min(int(x), most_x - 1), min(int(y), most_y - 1)
    right, bottom = min(int(np.ceil(x + width)), most_x), min(int(np.ceil(y + height)), most_y)
    return left, top, right - left, bottom - top
