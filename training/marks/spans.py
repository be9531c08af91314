"""Reads a page as far as marks that may be read together, and says what each of them really is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.errors import TextureNotWriting
from recognition.page.binarize import PageInk, binarize, measure_height
from recognition.page.fit import INK_LEVEL
from recognition.page.layout import Line, compute_bounds, find_lines
from recognition.page.marks import CHARACTER, PART, SEVERAL, SIGN, Framer, Frames
from recognition.page.window import Window, cut_wide_units, open_window
from training.marks.doodles import DOODLES, UNDERLINE
from training.marks.paint import Page
from training.marks.strokes import Random

_MOST_UNITS: Final = 6  # units that are taken together, at most
_WIDEST: Final = 2.0  # of the height: width of a mark, at most
_CUT: Final = 0.8  # share of the lines whose wide pieces are cut
_OF_LINE: Final = 0.7  # share of the lines whose own height is taken, not the page's
_TOGETHER: Final = 0.7  # share of the lines whose other marks may be taken together with pieces
_RANDOM_CUT: Final = 0.3  # share of the lines in which any piece may be cut anywhere
_BLEED: Final = 0.06  # of the height: how far ink reaches beyond the stroke it belongs to
_HEIGHT_ERROR: Final = (
    0.12  # standard deviation of the logarithm of the height, on top of the pipeline's own error
)
_SOME: Final = 0.12  # share of a character's ink from which a mark contains some of it
_WHOLE: Final = 0.9  # share of a character's ink from which it is whole
_INCOMPLETE: Final = 0.8  # share of a character's ink up to which it is a part
_FOREIGN: Final = 0.15  # share of other ink in a mark, from which the mark is not only that character

Counts = npt.NDArray[np.int64]


_MOST_OF_KIND: Final = {CHARACTER: 24, SEVERAL: 14, PART: 12, SIGN: 24}  # marks that are taken from one page


class Span(NamedTuple):
    """A mark of a page.

    Attributes:
        frame: uint8 (side, side, 2), as the network sees it.
        kind: the index of its kind in `recognition.page.marks.KINDS`.
        label: the character or sign, or all of several characters.
        gap: of several characters, the gap between the first two of them relative to the height. 0 of others.
    """

    frame: Frames
    kind: int
    label: str
    gap: float


def find_spans(page: Page, random: Random) -> list[Span]:
    """Return the marks of a page whose kind is clear. Those that are nearly whole are left out."""
    try:
        ink = binarize(page.gray)
    except TextureNotWriting:
        return []
    if ink is None:
        return []
    rows, columns = ink.strength.shape
    ids = np.asarray(Image.fromarray(page.ids).resize((columns, rows), Image.Resampling.NEAREST))
    # Blurred ink reaches a little beyond the painted stroke.
    reach = 2 * max(1, round(_BLEED * ink.height)) + 1
    ids = np.where((ink.labels > 0) & (ids == 0), ndimage.maximum_filter(ids, size=reach), ids)
    totals = np.bincount(ids[ink.labels > 0], minlength=len(page.owners))
    framer = Framer(ink.strength, ink.height)
    ids = np.where(ink.labels > 0, ids, -1)
    lines = find_lines(ink.boxes, ink.areas, ink.height)
    found: list[_Found] = []
    for window, height in _open_windows(ink, lines, random):
        found += _find_in_window(window, ids, totals, page, height)
    chosen: list[_Found] = []
    for kind, most in _MOST_OF_KIND.items():
        of_kind = [mark for mark in found if mark.kind == kind]
        chosen += [of_kind[index] for index in random.permutation(len(of_kind))[:most]]
    error = float(np.exp(random.normal(0, _HEIGHT_ERROR)))
    return [
        Span(
            framer.frame_units(mark.window, mark.start, mark.end, error * mark.height),
            mark.kind,
            mark.label,
            mark.gap,
        )
        for mark in chosen
    ]


class _Found(NamedTuple):
    window: Window
    start: int
    end: int
    height: float
    kind: int
    label: str
    gap: float


def _open_windows(ink: PageInk, lines: Sequence[Line], random: Random) -> Iterator[tuple[Window, float]]:
    """Yield a window for the pieces of each line, each of its other marks, and each blob that is on no line.

    With each comes the height of the writing there: that of its line, as pictures are read, or of the page.
    """
    rest = set(range(len(ink.boxes)))
    for line in lines:
        rest -= {blob for piece in (*line.pieces, *line.marks) for blob in piece}
        blobs = [blob for piece in line.pieces for blob in piece]
        height = ink.height
        if blobs and random.random() < _OF_LINE:
            height = measure_height(ink.boxes[blobs], ink.areas[blobs])
        pieces = line.pieces
        if blobs and random.random() < _TOGETHER:
            pieces = sorted((*pieces, *line.marks), key=lambda piece: sum(compute_bounds(ink.boxes, piece)[::2]))
        else:
            yield from ((open_window(ink, [mark]), height) for mark in line.marks)
        if not blobs:
            continue
        window = open_window(ink, pieces)
        if random.random() < _CUT:
            window, _ = cut_wide_units(window, height)
        if random.random() < _RANDOM_CUT:
            window = _cut_anywhere(window, random)
        yield window, height
    yield from ((open_window(ink, [(blob,)]), ink.height) for blob in sorted(rest))


def _cut_anywhere(window: Window, random: Random) -> Window:
    """Return the window with some units cut in two, at any column."""
    units = np.zeros_like(window.units)
    count = 0
    for unit, (left, _, right, _) in enumerate(window.boxes.tolist(), 1):
        mask = window.units == unit
        units[mask] = count + 1
        count += 1
        if right - left >= 6 and random.random() < 0.5:
            column = int(random.integers(left + 2, right - 1))
            units[:, column:][mask[:, column:]] = count + 1
            count += 1
    inked = np.unique(units[window.strength >= INK_LEVEL])
    numbers = np.zeros(count + 1, dtype=np.int32)
    numbers[inked[inked > 0]] = np.arange(1, np.count_nonzero(inked) + 1)
    return Window(window.left, window.top, numbers[units], window.strength)


def _find_in_window(
    window: Window,
    ids: npt.NDArray[np.int32],
    totals: Counts,
    page: Page,
    height: float,
) -> Iterator[_Found]:
    rows, columns = window.units.shape
    ids_here = ids[window.top : window.top + rows, window.left : window.left + columns]
    units = window.units[: ids_here.shape[0], : ids_here.shape[1]]
    inked = (ids_here >= 0) & (units > 0)
    count = len(window.boxes)
    flat = units[inked] * len(page.owners) + ids_here[inked]
    table = np.bincount(flat, minlength=(count + 1) * len(page.owners)).reshape(count + 1, -1)
    for start in range(count):
        for end in range(start + 1, min(count, start + _MOST_UNITS) + 1):
            left, _, right, _ = window.compute_bounds(start, end)
            if end - start > 1 and right - left > _WIDEST * height:
                break
            truth = label_span(table[start + 1 : end + 1].sum(axis=0), totals, page)
            if truth is None:
                continue
            kind, label = truth
            gap = _measure_gap(window, start, end, height) if kind == SEVERAL else 0.0
            yield _Found(window, start, end, height, kind, label, gap)


def _measure_gap(window: Window, start: int, end: int, height: float) -> float:
    """Return the widest gap between neighboring units, relative to the height."""
    boxes = window.boxes[start:end]
    return float((boxes[1:, 0] - boxes[:-1, 2]).max() / height) if len(boxes) > 1 else -1.0


def label_span(counts: Counts, totals: Counts, page: Page) -> tuple[int, str] | None:
    """Return the kind of a mark and its label, or None if the kind is not clear.

    Args:
        counts: int64 (strokes + 1,), how many pixels of each stroke's ink the mark has.
        totals: int64 (strokes + 1,), how many pixels each stroke has on the page.
        page: the page.
    """
    marks = np.arange(len(page.labels))
    owners = np.where(page.owners < 0, len(marks), page.owners)
    own = np.bincount(owners, counts, minlength=len(marks) + 1)
    total = np.maximum(np.bincount(owners, totals, minlength=len(marks) + 1), 1)
    ink = max(float(counts.sum()), 1.0)
    shares = own / total
    of_characters = np.flatnonzero(page.is_character)
    has_some = (shares[of_characters] >= _SOME) & (own[of_characters] >= 0.03 * ink)
    present = of_characters[has_some]
    if not len(present):
        if own[of_characters].sum() < 0.5 * ink:
            return _label_sign(counts, totals, own, page)
        return PART, page.labels[int(of_characters[np.argmax(own[of_characters])])]
    label = "".join(page.labels[mark] for mark in present)
    if len(present) > 1:
        return SEVERAL, label
    mark = int(present[0])
    others = own[marks[~page.is_character]]
    share_of_signs = others / total[marks[~page.is_character]]
    is_included = ((share_of_signs >= 0.5) & (others >= 0.02 * ink)) | (
        (share_of_signs >= 0.3) & (others >= 0.08 * ink)
    )
    if is_included.any():
        return SEVERAL, label
    if ink - own[mark] > _FOREIGN * ink:
        return None
    of_mark = page.owners == mark
    stroke_shares = counts[of_mark] / np.maximum(totals[of_mark], 1)
    is_large = totals[of_mark] >= max(4, 0.03 * total[mark])
    if shares[mark] < _INCOMPLETE or (stroke_shares[is_large] < 0.3).any():
        return PART, label
    if shares[mark] < _WHOLE or (stroke_shares[is_large] < 0.6).any():
        return None
    return CHARACTER, label


def _label_sign(counts: Counts, totals: Counts, own: Counts, page: Page) -> tuple[int, str] | None:
    """Return the kind of a mark that holds no character: a sign or some of its strokes, or a part of one.

    Any bit of a doodle is a sign.
    """
    signs = np.flatnonzero(~page.is_character)
    best = int(signs[np.argmax(own[signs])]) if len(signs) else -1
    if best < 0 or own[best] < 0.5 * counts.sum():
        return SIGN, ""
    label = page.labels[best]
    if label in DOODLES or label == UNDERLINE:
        # These are larger than a character, so they are always read in bits.
        return SIGN, label
    of_sign = page.owners == best
    shares = counts[of_sign] / np.maximum(totals[of_sign], 1)
    is_whole = shares >= _WHOLE
    if is_whole.any() and (is_whole | (shares <= 1 - _WHOLE)).all():
        return SIGN, label
    return (PART, label) if counts[of_sign].sum() < _INCOMPLETE * totals[of_sign].sum() else None
