"""Finds the characters of a photo or scan and lays each out as the image that the model sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from recognition.errors import TextureNotWriting
from recognition.page.binarize import PageInk, binarize, measure_height
from recognition.page.costs import Row, price_doubt, price_whole
from recognition.page.images import Box, Gray, crop_box, open_gray
from recognition.page.layout import Boxes, Piece, compute_bounds, find_lines
from recognition.page.limits import WorkLimits
from recognition.page.sheet import Sheet, find_sheet
from recognition.page.split import split_cheapest
from recognition.page.turn import turn_gray
from recognition.page.window import Bounds, Window, cut_wide_units, open_window
from recognition.render import Images

MeasureCertainty = Callable[[Images], float]
"""Returns how certain the model is, 0 to 1, that an image, uint8 (28, 28), ink high, is a character."""

_APART: Final = 0.5  # of the height of writing: gap from which the next piece is another character
_MOST_WHOLE: Final = 6  # pieces on a page that may be a single broken character

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
    shape_costs: list[float] = []
    for number, line in enumerate(lines):
        height = _measure_line(line, ink)
        for group in _group_pieces(line, ink.boxes, height):
            for span, price in _find_spans(_open_group(group, ink, height, limits), measure):
                spans.append(span)
                of_line.append(number)
                shape_costs.append(price)
            if len(spans) > MOST_CHARACTERS:
                raise TextureNotWriting
    pieces = [piece for line in lines for piece in line]
    if len(spans) > 1 and len(pieces) <= _MOST_WHOLE:
        whole = (_open_whole(ink, lines, limits), 0, 1)
        cost = price_whole(np.array([compute_bounds(ink.boxes, piece) for piece in pieces]))
        cost_of_spans = sum(shape_costs) + sum(price_doubt(measure(span)) for span in spans)
        if cost + price_doubt(measure(whole)) <= cost_of_spans:
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


def _measure_line(line: Sequence[Piece], ink: PageInk) -> float:
    """Return the height of the writing of a line."""
    blobs = [blob for piece in line for blob in piece]
    return measure_height(ink.boxes[blobs], ink.areas[blobs])


def _group_pieces(line: Sequence[Piece], boxes: Boxes, height: float) -> list[list[Piece]]:
    """Return the pieces of a line in groups. Only pieces of one group may be parts of the same character."""
    groups: list[list[Piece]] = []
    end = -np.inf
    for piece in line:
        left, _, right, _ = compute_bounds(boxes, piece)
        if left - end < _APART * height:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        end = max(end, right)
    return groups


def _open_group(group: Sequence[Piece], ink: PageInk, height: float, limits: WorkLimits) -> Row:
    """Return the row of units of a group of pieces."""
    limits.count_window(compute_bounds(ink.boxes, [blob for piece in group for blob in piece]))
    window, cuts = cut_wide_units(open_window(ink, group), height)
    return Row(window, cuts, height)


def _find_spans(row: Row, measure: _Measure) -> Iterator[tuple[_Span, float]]:
    """Yield the characters of a row, each with the cost of its shape."""
    if row.count == 1:
        yield (row.window, 0, 1), row.price_shape(0, 1)
        return

    def price_doubt_of(start: int, end: int) -> float:
        return price_doubt(measure((row.window, start, end)))

    for start, end in split_cheapest(row.find_first_starts(), row.price_shape, price_doubt_of):
        yield (row.window, start, end), row.price_shape(start, end)


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
