"""Finds the characters of a photo or scan and lays each out as the image that the model sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from recognition.errors import TextureNotWriting
from recognition.page.binarize import PageInk, binarize
from recognition.page.images import Box, Gray, crop_box, open_gray
from recognition.page.layout import Piece, compute_bounds, find_lines, is_compact
from recognition.page.limits import WorkLimits
from recognition.page.sheet import Sheet, find_sheet
from recognition.page.split import split_cheapest
from recognition.page.turn import turn_gray
from recognition.page.window import WIDE, Bounds, Window, cut_wide_units, open_window
from recognition.render import Images

MeasureCertainty = Callable[[Images], float]
"""Returns how certain the model is, 0 to 1, that an image, uint8 (28, 28), ink high, is a character."""

# "height" is the height of the writing. Costs are in nats: differences of the logarithm of a probability.
_APART: Final = 0.1  # of the height: gap from which the next piece is another character
_GAP_COST: Final = 20.0  # per height of the gap, if units with a gap between them are one character
_GAP_GAIN: Final = 1.5  # if units with a gap between them are two characters
_OVERLAP_COST: Final = 2.0  # if units one above the other are two characters
_USUAL_WIDTH: Final = 0.6  # of the height
_WIDTH_COST: Final = 5.0  # times the squared logarithm of a character's width over the usual width
_CUT_COST: Final = 1.0  # if ink is cut
_MOST_PARTS: Final = 3  # separate parts of one character, at most
_CERTAIN: Final = 0.97  # certainty from which a wide piece is one character without a closer look
_WHOLE_GAIN: Final = 2.0  # per character, if a few pieces close together are a single broken character
_WIDEST: Final = 1.6  # of the height: width of a character, at most
_LEAST_CERTAINTY: Final = 1e-6  # keeps the logarithm finite

_Span = tuple[Window, int, int]
"""A window, the first unit of a character in it, and the unit after its last."""

_Measure = Callable[[_Span], float]
"""Returns how certain the model is, 0 to 1, that a span is a character."""


MOST_CHARACTERS: Final = 2_500
"""Most characters that are read in a picture: a page of 40 lines with 60 characters each, and some more."""


class FoundCharacter(NamedTuple):
    """A character in a picture, or a sign.

    Attributes:
        box: where its ink is, in pixels of the upright picture.
        image: uint8 (28, 28), its ink as the model sees it.
        crop: uint8 (height, width), its part of the page with a margin, in gray.
        line: the number of its line on the page, from 0.
        bounds: where its ink is on the page, in pixels of the ink. Unlike the box, it is measured where the lines
            of writing run level.
    """

    box: Box
    image: Images
    crop: Gray
    line: int
    bounds: Bounds


class FoundPage(NamedTuple):
    """What is on a page.

    Attributes:
        characters: the characters, in reading order.
        signs: marks that are no letter or digit, in reading order.
    """

    characters: list[FoundCharacter]
    signs: list[FoundCharacter]


def find_character(data: bytes) -> FoundCharacter | None:
    """Return all ink of a picture of a single character as that character, or None for a blank picture.

    Raises what `recognition.page.images.open_gray` raises.
    """
    picture, reduction = open_gray(data)
    sheet = find_sheet(picture)
    ink = binarize(sheet.gray)
    lines = [line.pieces for line in find_lines(ink.boxes, ink.areas, ink.height)] if ink else []
    if not ink or not lines:
        return None
    limits = WorkLimits()
    return _describe(picture, reduction, sheet, ink, (_open_whole(ink, lines, limits), 0, 1), 0, limits)


def find_characters(
    data: bytes, measure_certainty: MeasureCertainty, limits: WorkLimits, turn: int = 0
) -> FoundPage:
    """Return the characters and signs of a picture. There are none in a blank picture.

    Args:
        data: the file.
        measure_certainty: how certain the model is that an image is a character.
        limits: the work is counted toward these.
        turn: by how many quarters the picture is turned clockwise before it is read, 0 to 3.

    Raises `TextureNotWriting` for a picture with more marks than a page of writing has, and what
    `recognition.page.images.open_gray` raises.
    """
    picture, reduction = open_gray(data)
    picture = turn_gray(picture, turn)
    sheet = find_sheet(picture)
    ink = binarize(sheet.gray)
    if ink is None:
        return FoundPage([], [])
    lines = [line.pieces for line in find_lines(ink.boxes, ink.areas, ink.height)]

    def measure(span: _Span) -> float:
        window, start, end = span
        # Beyond the limit, the shape of the ink alone decides.
        may_look = limits.may_look(window.compute_bounds(start, end))
        return measure_certainty(window.fit_image(start, end)) if may_look else 1.0

    spans: list[_Span] = []
    of_line: list[int] = []
    for number, line in enumerate(lines):
        for group in _group_pieces(line, ink):
            spans += _separate_characters(group, ink, measure, limits)
            of_line += [number] * (len(spans) - len(of_line))
            if len(spans) > MOST_CHARACTERS:
                raise TextureNotWriting
    if len(spans) > 1 and is_compact([compute_bounds(ink.boxes, piece) for line in lines for piece in line]):
        whole = (_open_whole(ink, lines, limits), 0, 1)
        doubt = sum(_measure_doubt(span, measure) + _WHOLE_GAIN for span in spans)
        if _measure_doubt(whole, measure) <= doubt:
            spans, of_line = [whole], [0]
    characters = [
        _describe(picture, reduction, sheet, ink, span, number, limits)
        for span, number in zip(spans, of_line, strict=True)
    ]
    return FoundPage(characters, [])


def _open_whole(ink: PageInk, lines: Sequence[Sequence[Piece]], limits: WorkLimits) -> Window:
    """Return a window in which everything is one unit."""
    pieces = [[blob for line in lines for piece in line for blob in piece]]
    limits.count_window(compute_bounds(ink.boxes, pieces[0]))
    return open_window(ink, pieces)


def _group_pieces(line: Sequence[Piece], ink: PageInk) -> list[list[Piece]]:
    """Return the pieces of a line in groups. Only pieces of one group may be parts of the same character."""
    groups: list[list[Piece]] = []
    end = -np.inf
    for piece in line:
        left, _, right, _ = compute_bounds(ink.boxes, piece)
        if left - end < _APART * ink.height:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        end = max(end, right)
    return groups


def _separate_characters(
    group: Sequence[Piece], ink: PageInk, measure: _Measure, limits: WorkLimits
) -> Iterator[_Span]:
    """Yield the characters of a group of pieces."""
    bounds_of_group = compute_bounds(ink.boxes, [blob for piece in group for blob in piece])
    limits.count_window(bounds_of_group)
    left, _, right, _ = bounds_of_group
    window = open_window(ink, group)
    is_wide, is_too_wide = right - left > WIDE * ink.height, right - left > _WIDEST * ink.height
    if len(group) == 1 and (not is_wide or (not is_too_wide and measure((window, 0, 1)) > _CERTAIN)):
        yield window, 0, 1
        return
    window, is_cut = cut_wide_units(window, ink.height)
    count = len(is_cut) + 1
    bounds = [window.compute_bounds(unit, unit + 1) for unit in range(count)]
    costs = [
        _price_boundary(before, after, has_cut, ink.height)
        for (before, after), has_cut in zip(pairwise(bounds), is_cut, strict=True)
    ]

    def is_too_much(start: int, end: int) -> bool:
        left, _, right, _ = window.compute_bounds(start, end)
        parts = 1 + sum(not has_cut for has_cut in is_cut[start : end - 1])
        return end - start > 1 and (parts > _MOST_PARTS or right - left > _WIDEST * ink.height)

    def price_shape(start: int, end: int) -> float:
        left, _, right, _ = window.compute_bounds(start, end)
        cost = _WIDTH_COST * max(0.0, float(np.log((right - left) / (_USUAL_WIDTH * ink.height)))) ** 2
        cost += sum(joining for joining, _ in costs[start : end - 1])
        return cost + (costs[end - 1][1] if end < count else 0.0)

    def price_doubt(start: int, end: int) -> float:
        return _measure_doubt((window, start, end), measure)

    first_starts = [0]
    for end in range(2, count + 1):
        # What is too much for one character stays so with more units.
        first_starts.append(next(start for start in range(first_starts[-1], end) if not is_too_much(start, end)))
    for start, end in split_cheapest(first_starts, price_shape, price_doubt):
        yield window, start, end


def _measure_doubt(span: _Span, measure: _Measure) -> float:
    """Return the cost, in nats, of the model's doubt that a span of units is one character."""
    return -float(np.log(max(measure(span), _LEAST_CERTAINTY)))


def _price_boundary(before: Bounds, after: Bounds, is_cut: bool, height: float) -> tuple[float, float]:
    """Return the cost of joining two neighboring units into one character, and the cost of separating them."""
    if is_cut:
        return 0.0, _CUT_COST
    gap = after[0] - before[2]
    narrower = min(before[2] - before[0], after[2] - after[0])
    return _GAP_COST * max(0, gap) / height, _OVERLAP_COST * min(1.0, max(0, -gap) / narrower) - _GAP_GAIN


def _describe(
    picture: Gray, reduction: float, sheet: Sheet, ink: PageInk, span: _Span, line: int, limits: WorkLimits
) -> FoundCharacter:
    window, start, end = span
    left, top, right, bottom = window.compute_bounds(start, end)
    box_in_ink = (left + window.left, top + window.top, right - left, bottom - top)
    height, width = sheet.gray.shape
    box_in_sheet = _scale_box(box_in_ink, max(sheet.gray.shape) / max(ink.strength.shape), width, height)
    limits.count_crop(box_in_sheet)
    height, width = picture.shape
    box_in_picture = sheet.to_picture.map_box(box_in_sheet)
    box = _scale_box(box_in_picture, reduction, round(width * reduction), round(height * reduction))
    bounds = (left + window.left, top + window.top, right + window.left, bottom + window.top)
    return FoundCharacter(box, window.fit_image(start, end), crop_box(sheet.gray, box_in_sheet), line, bounds)


def _scale_box(box: Box, scale: float, right_edge: int, bottom_edge: int) -> Box:
    """Return the box, multiplied by ``scale``, rounded outwards and kept inside the picture."""
    x, y, width, height = (side * scale for side in box)
    left, top = max(0, min(int(x), right_edge - 1)), max(0, min(int(y), bottom_edge - 1))
    right, bottom = min(int(np.ceil(x + width)), right_edge), min(int(np.ceil(y + height)), bottom_edge)
    right, bottom = max(left + 1, right), max(top + 1, bottom)
    return left, top, right - left, bottom - top
