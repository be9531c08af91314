"""A window on the ink: a row of units. One unit, or several neighbors together, may be a character.

At first each unit is a piece, as `recognition.page.layout` finds them. A wide piece may be several characters that
touch, so it can be cut into more units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.binarize import Labels, PageInk, find_boxes
from recognition.page.fit import INK_LEVEL, fit_crop
from recognition.page.images import Gray
from recognition.page.layout import compute_bounds
from recognition.render import Images

Bounds = tuple[int, int, int, int]
"""Left, top, right and bottom, the last two exclusive."""

WIDE: Final = 1.15
"""Width, relative to the height of writing, from which a piece may be several characters that touch."""

_NARROWEST: Final = 0.2  # of the height of writing: distance between two cuts, at least
_MOST_INK: Final = 0.35  # of the height of writing: ink in one column that may be cut through
_SPREAD_PRICE: Final = 0.25  # price of a column's spread, relative to that of its ink
_MOST_CUTS: Final = 12  # through one piece


@dataclass(frozen=True, eq=False)
class Window:
    """A part of the ink, divided into units.

    Attributes:
        left: the column of the ink where the window begins.
        top: the row of the ink where the window begins.
        units: int32 (height, width), the number of the unit that a pixel belongs to, from 1. 0 elsewhere.
        strength: uint8 (height, width), the ink.
    """

    left: int
    top: int
    units: Labels
    strength: Gray
    _images: dict[tuple[int, int], Images] = field(default_factory=dict, init=False)

    @cached_property
    def boxes(self) -> npt.NDArray[np.int64]:
        """int64 (units, 4), left, top, right and bottom of each unit, in pixels of the window."""
        return find_boxes(np.where(self.strength >= INK_LEVEL, self.units, 0))

    def compute_bounds(self, start: int, end: int) -> Bounds:
        """Return the bounds of the units from ``start`` to ``end``, exclusive, counted from 0."""
        left, top, right, bottom = compute_bounds(self.boxes, range(start, end))
        return int(left), int(top), int(right), int(bottom)

    def fit_image(self, start: int, end: int) -> Images:
        """Return uint8 (28, 28): the units from ``start`` to ``end``, exclusive, as the model sees them."""
        if (start, end) not in self._images:
            left, top, right, bottom = self.compute_bounds(start, end)
            units, strength = (array[top:bottom, left:right] for array in (self.units, self.strength))
            self._images[start, end] = fit_crop(np.where((units > start) & (units <= end), strength, 0))
        return self._images[start, end]


def open_window(ink: PageInk, pieces: Sequence[Sequence[int]]) -> Window:
    """Return the window around some pieces of the ink, in which each piece is a unit."""
    left, top, right, bottom = map(int, compute_bounds(ink.boxes, [blob for piece in pieces for blob in piece]))
    left, top, right, bottom = max(0, left - 1), max(0, top - 1), right + 1, bottom + 1
    labels = ink.labels[top:bottom, left:right]
    unit_of_blob = np.zeros(len(ink.boxes) + 1, dtype=np.int32)
    for unit, piece in enumerate(pieces, 1):
        unit_of_blob[np.array(piece) + 1] = unit
    # A unit includes the soft rim of its strokes, except where that is ink of another unit.
    units = unit_of_blob[labels]
    rim = ndimage.grey_dilation(units, size=(3, 3))
    return Window(left, top, np.where(labels > 0, units, rim), ink.strength[top:bottom, left:right])


def cut_wide_units(window: Window, height: float) -> tuple[Window, list[bool]]:
    """Cut wide units where they are thin.

    Args:
        window: the window.
        height: the height of the writing in pixels.

    Returns:
        The window with more units, and for each boundary between two units whether it is a cut through ink.
    """
    units = np.zeros_like(window.units)
    is_cut: list[bool] = []
    for unit, box in enumerate(ndimage.find_objects(window.units), 1):
        mask = window.units[box] == unit
        inked = mask & (window.strength[box] >= INK_LEVEL)
        parts = np.searchsorted(_find_cuts(inked, height), np.arange(mask.shape[1]), side="right")
        # Between two cuts there may be no ink at all, beside a dot for example.
        with_ink = np.unique(parts[inked.any(axis=0)])
        parts = np.searchsorted(with_ink, parts).clip(max=len(with_ink) - 1)
        first = len(is_cut) + 1 + (unit > 1)
        is_cut += [False] * (unit > 1) + [True] * (len(with_ink) - 1)
        units[box][mask] = np.broadcast_to(parts + first, mask.shape)[mask]
    return replace(window, units=units), is_cut


def _find_cuts(mask: npt.NDArray[np.bool_], height: float) -> npt.NDArray[np.int64]:
    """Return the columns to cut at: those with least ink, not too close to each other or to the ends."""
    columns = np.flatnonzero(mask.any(axis=0))
    first, last = int(columns[0]), int(columns[-1]) + 1
    if last - first <= WIDE * height / 2:
        return np.zeros(0, dtype=np.int64)
    rows = np.arange(mask.shape[0])[:, None]
    ink = ndimage.uniform_filter1d(mask.sum(axis=0).astype(np.float64), size=3)
    # With equally little ink, the better cut is where the ink is close together, as in strokes that join letters.
    spread = np.ptp(np.where(mask, rows, mask.argmax(axis=0)), axis=0)
    price = ink + _SPREAD_PRICE * spread
    distance = max(2, round(_NARROWEST * height))
    least = ndimage.minimum_filter1d(price, size=distance | 1, mode="nearest")
    is_thin = (price <= least) & (ink <= _MOST_INK * height)
    is_thin[: first + distance] = False
    is_thin[last - distance :] = False
    groups, count = ndimage.label(is_thin)
    middles = [int(np.mean(np.flatnonzero(groups == group))) for group in range(1, count + 1)]
    cheapest = sorted(middles, key=lambda column: float(price[column]))[:_MOST_CUTS]
    return np.array(sorted(cheapest), dtype=np.int64)
