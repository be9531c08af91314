"""Finds the characters of a photo or scan and lays each out as the image that the model sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from recognition.errors import TextureNotWriting
from recognition.page.binarize import PageInk, binarize, measure_height
from recognition.page.choice import MARGIN, MOST_CHOICES, Choice, choose_marks
from recognition.page.costs import Row, price_whole
from recognition.page.found import FoundCharacter, FoundPage, InkMark, PageSource
from recognition.page.images import Gray, open_gray
from recognition.page.judge import Judge, MeasureCertainty, Opinion
from recognition.page.layout import Line, Piece, compute_bounds, find_lines, sort_pieces
from recognition.page.limits import WorkLimits
from recognition.page.orientation import find_turn
from recognition.page.outline import find_outline
from recognition.page.sheet import Sheet, find_sheet
from recognition.page.sign_share import adapt_leads
from recognition.page.split import find_best_splits
from recognition.page.text import Place
from recognition.page.turn import turn_gray
from recognition.page.weights import Weights
from recognition.page.window import Bounds, Window, cut_wide_units, open_window
from recognition.render import Images

_APART: Final = 0.5  # of the height of writing: gap from which the next piece is another character
_SURELY_WHOLE: Final = 0.5  # cost up to which the networks do not doubt that a unit is one character
_MOST_WHOLE: Final = 6  # pieces on a page that may be a single broken character
_RATHER_WHOLE: Final = 0.5  # probability of one whole character
_NO_BREAK: Final = 0.15  # of the larger one's height: gap from which two characters are no halves of one

# Weights of splits that are compared in their lines. They are fitted to words, names, numbers and codes of
# held-out writers, so that the right splits are likeliest.
_SHAPE: Final = 0.25  # times the cost of the shapes
_TOGETHER: Final = 0.65  # times the logarithm of how likely the characters are together
_EACH: Final = 2.4  # for each character: the lines that they may be on make many of them less likely than few

_ANOTHER: Final = 4.0  # cost of each character in a box for one
_NOWHERE: Final = Place()

MOST_CHARACTERS: Final = 2_500
"""Most characters that are read in a picture: a page of 40 lines with 60 characters each, and some more."""


MeasureContext = Callable[[list[Images], list[Bounds], list[Bounds], list[Place]], float]
"""Returns the logarithm of how likely the characters of a line are together, relative to any characters.

It takes their images, their bounds, the bounds of the signs of the line, and where the characters are in a form.
"""


def find_character(data: bytes) -> FoundCharacter | None:
    """Return all ink of a picture of a single character as that character, or None for a blank picture.

    Raises what `recognition.page.images.open_gray` raises.
    """
    picture, reduction = open_gray(data)
    sheet, ink = _find_ink(picture)
    lines = find_lines(ink.boxes, ink.areas, ink.height) if ink else []
    if not ink or not lines:
        return None
    limits = WorkLimits()
    window = _open_whole(ink, [piece for line in lines for piece in line.pieces], limits)
    mark = InkMark(window, 0, 1, line=0, cost=0.0, lead=0.0, wholeness=1.0)
    return PageSource(picture, reduction, sheet, ink).describe(mark, limits)


def find_characters(
    data: bytes,
    measure_certainty: MeasureCertainty,
    limits: WorkLimits,
    turn: int | None,
    weights: Weights,
    measure_context: MeasureContext | None = None,
) -> FoundPage:
    """Return the characters and signs of a picture. There are none in a blank picture.

    Args:
        data: the file.
        measure_certainty: how certain the model is that an image is a character.
        limits: the work is counted toward these.
        turn: by how many quarters the picture is turned clockwise before it is read, 0 to 3. None: as it reads
            best.
        weights: what each doubt costs.
        measure_context: chooses between splits that cost nearly the same. None: the cheapest is taken.

    Raises `TextureNotWriting` for a picture with more marks than a page of writing has, and what
    `recognition.page.images.open_gray` raises.
    """
    picture, reduction = open_gray(data)
    picture = turn_gray(picture, turn or 0)
    sheet, ink = _find_ink(picture)
    if turn is None:
        turn = find_turn(ink, lambda image: measure_certainty(image).in_play) if ink else 0
        if turn:
            picture = turn_gray(picture, turn)
            sheet, ink = _find_ink(picture)
    outline = find_outline(sheet, picture, reduction)
    if ink is None:
        return FoundPage([], [], turn, outline, picture)
    lines = find_lines(ink.boxes, ink.areas, ink.height, ink.fields)

    judge = Judge(ink, measure_certainty, limits, weights)
    most = MOST_CHOICES if measure_context else 1
    rows: list[list[Choice[InkMark]]] = []
    row_lines: list[int] = []
    characters = 0
    for number, line in enumerate(lines):
        height = _measure_line(line.pieces, ink)
        for group in _group_pieces(line, ink, height):
            place = _find_place(group, ink)
            rows.append(_list_choices(_open_row(group, ink, height, judge, limits), number, place, most))
            row_lines.append(number)
            characters += len(rows[-1][0].marks)
            if characters > MOST_CHARACTERS:
                raise TextureNotWriting

    def measure_line(line: list[InkMark]) -> float:
        return _measure_line_of_marks(line, measure_context) if measure_context else 0.0

    marks = choose_marks(rows, row_lines, measure_line)
    if len(marks) > 1:
        marks = _find_whole(lines, ink, marks, judge, limits) or marks
    leads = [mark.lead for mark in marks]
    leads = [_measure_lead_alone(marks[0], ink, judge)] if len(marks) == 1 else adapt_leads(leads)
    source = PageSource(picture, reduction, sheet, ink)
    described = [(source.describe(mark, limits), lead < 0) for mark, lead in zip(marks, leads, strict=True)]
    return FoundPage(
        [found for found, is_sign in described if not is_sign],
        [found for found, is_sign in described if is_sign],
        turn,
        outline,
        picture,
    )


def _find_ink(picture: Gray) -> tuple[Sheet, PageInk | None]:
    """Return the page in a picture, and its ink, if there is any."""
    sheet = find_sheet(picture)
    return sheet, binarize(sheet.gray, sheet.edges)


def _find_whole(
    lines: Sequence[Line], ink: PageInk, marks: Sequence[InkMark], judge: Judge, limits: WorkLimits
) -> list[InkMark]:
    """Return all ink of a page as one broken character, if that costs less than its marks. Otherwise, none."""
    pieces = [piece for line in lines for piece in (*line.pieces, *line.marks)]
    cells = {int(ink.fields.cells[piece[0]]) for piece in pieces} - {-1}
    if len(pieces) > _MOST_WHOLE or len(cells) > 1 or _are_apart(marks):
        return []
    window = _open_whole(ink, pieces, limits)
    opinion = judge.judge(window, 0, 1, ink.height)
    boxes = np.array([compute_bounds(ink.boxes, piece) for piece in pieces])
    cost = opinion.cost + price_whole(boxes, judge.weights)
    if cost > sum(mark.cost for mark in marks):
        return []
    return [InkMark(window, 0, 1, 0, cost, opinion.lead, opinion.wholeness)]


def _are_apart(marks: Sequence[InkMark]) -> bool:
    """Return whether two of some marks are rather whole characters, with a gap that no broken character has."""
    whole = [mark.bounds for mark in marks if mark.wholeness > _RATHER_WHOLE and not mark.is_sign]
    for one, other in combinations(whole, 2):
        beside = max(one[0], other[0]) - min(one[2], other[2])
        below = max(one[1], other[1]) - min(one[3], other[3])
        if max(beside, below) > _NO_BREAK * max(one[3] - one[1], other[3] - other[1]):
            return True
    return False


def _measure_lead_alone(mark: InkMark, ink: PageInk, judge: Judge) -> float:
    """Return by how much it costs more to read the only mark of a page as a sign than as a character."""
    return judge.judge(mark.window, mark.start, mark.end, ink.height, is_alone=True).lead


def _open_whole(ink: PageInk, pieces: Sequence[Piece], limits: WorkLimits) -> Window:
    """Return a window in which everything is one unit."""
    blobs = [blob for piece in pieces for blob in piece]
    limits.count_window(compute_bounds(ink.boxes, blobs))
    return open_window(ink, [blobs])


def _measure_line(line: Sequence[Piece], ink: PageInk) -> float:
    """Return the height of the writing of a line."""
    blobs = [blob for piece in line for blob in piece]
    return measure_height(ink.boxes[blobs], ink.areas[blobs])


def _group_pieces(line: Line, ink: PageInk, height: float) -> list[list[Piece]]:
    """Return the pieces of a line in groups. Only pieces of one group may be parts of the same character."""
    groups: list[list[Piece]] = []
    end, last_cell = -np.inf, -1
    for piece in sort_pieces(ink.boxes, [*line.pieces, *line.marks]):
        left, _, right, _ = compute_bounds(ink.boxes, piece)
        cell = int(ink.fields.cells[piece[0]])
        is_other_cell = cell != last_cell and min(cell, last_cell) >= 0
        if left - end < _APART * height and not is_other_cell:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        end, last_cell = max(end, right), cell
    return groups


def _open_row(group: Sequence[Piece], ink: PageInk, height: float, judge: Judge, limits: WorkLimits) -> Row:
    """Return the row of units of a group of pieces."""
    limits.count_window(compute_bounds(ink.boxes, [blob for piece in group for blob in piece]))
    uncut = open_window(ink, group)
    opinions: dict[int, Opinion] = {}
    is_alone_in_cell = len(group) == 1 and bool(ink.fields.combs[group[0][0]] >= 0)

    def is_whole(unit: int) -> bool:
        opinions[unit] = judge.judge(uncut, unit, unit + 1, height)
        return is_alone_in_cell or (opinions[unit].cost < _SURELY_WHOLE and not opinions[unit].is_sign)

    window, is_cut = cut_wide_units(uncut, height, is_whole)
    row = Row(window, is_cut, height, judge)
    row.add_opinions(opinions)
    return row


def _find_place(group: Sequence[Piece], ink: PageInk) -> Place:
    """Return where a group of pieces is in a form."""
    places = {(int(ink.fields.cells[piece[0]]), int(ink.fields.combs[piece[0]])) for piece in group}
    return Place(*places.pop()) if len(places) == 1 else _NOWHERE


def _list_choices(row: Row, line: int, place: Place, most: int) -> list[Choice[InkMark]]:
    """Return the ways to split a row among characters and signs that cost least, the cheapest first.

    The same units are signs in all of them. The line says nothing about signs, but a comma that became a part of a
    character would no longer separate words, and a line of fewer words is likelier.
    """

    def price_doubt(start: int, end: int) -> float:
        opinion = row.judge(start, end)
        return opinion.cost + (_ANOTHER if place.comb >= 0 and not opinion.is_sign else 0)

    def make_mark(start: int, end: int) -> InkMark:
        opinion = row.judge(start, end)
        cost = row.price_shape(start, end) + opinion.cost
        return InkMark(row.window, start, end, line, cost, opinion.lead, opinion.wholeness, place)

    choices = []
    for cost, spans in find_best_splits(row.find_first_starts(), row.price_shape, price_doubt, most, MARGIN):
        of_shapes = sum(row.price_shape(start, end) for start, end in spans)
        marks = [make_mark(start, end) for start, end in spans]
        choices.append(Choice(cost, cost - (1 - _SHAPE) * of_shapes, marks))
    signs = [_find_sign_units(choice.marks) for choice in choices]
    return [choice for choice, units in zip(choices, signs, strict=True) if units == signs[0]]


def _find_sign_units(marks: Sequence[InkMark]) -> set[int]:
    return {unit for mark in marks if mark.is_sign for unit in range(mark.start, mark.end)}


def _measure_line_of_marks(marks: Sequence[InkMark], measure_context: MeasureContext) -> float:
    """Return how well the marks of a line go together."""
    characters = [mark for mark in marks if not mark.is_sign]
    likelihood = measure_context(
        [mark.window.fit_image(mark.start, mark.end) for mark in characters],
        [mark.bounds for mark in characters],
        [mark.bounds for mark in marks if mark.is_sign],
        [mark.place for mark in characters],
    )
    return _TOGETHER * likelihood + _EACH * len(characters)
