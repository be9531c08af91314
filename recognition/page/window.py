"""A window on the ink: a row of units. One unit, or several neighbors together, may be a character.

At first each unit is a piece, as `recognition.page.layout` finds them. A wide piece may be several characters that
touch, so it can be cut into more units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.binarize import PageInk
from recognition.page.blobs import Labels, find_boxes
from recognition.page.cuts import find_cuts
from recognition.page.fit import INK_LEVEL, fit_crop
from recognition.page.images import Gray
from recognition.page.layout import compute_bounds
from recognition.render import Images

Bounds = tuple[int, int, int, int]
"""Left, top, right and bottom, the last two exclusive."""

_UNCUT: Final = 0.55  # of the height of writing: width up to which a unit is not cut


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

    @cached_property
    def bounds(self) -> list[Bounds]:
        """The bounds of each unit. For a few numbers, a list is faster than an array."""
        return [(left, top, right, bottom) for left, top, right, bottom in self.boxes.tolist()]

    def compute_bounds(self, start: int, end: int) -> Bounds:
        """Return the bounds of the units from ``start`` to ``end``, exclusive, counted from 0."""
        lefts, tops, rights, bottoms = zip(*self.bounds[start:end], strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

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


def cut_wide_units(
    window: Window, height: float, is_whole: Callable[[int], bool] | None = None
) -> tuple[Window, list[bool]]:
    """Cut wide units where they may be several characters that touch.

    Args:
        window: the window.
        height: the height of the writing in pixels.
        is_whole: returns whether a unit, counted from 0, is surely one character. Such units are not cut.

    Returns:
        The window with more units, and for each boundary between two units whether it is a cut through ink.
    """
    units = np.zeros_like(window.units)
    is_cut: list[bool] = []
    for unit, box in enumerate(ndimage.find_objects(window.units), 1):
        mask = window.units[box] == unit
        parts = np.zeros(mask.shape, dtype=np.int64)
        last = 0
        if mask.shape[1] > _UNCUT * height and not (is_whole and is_whole(unit - 1)):
            inked = mask & (window.strength[box] >= INK_LEVEL)
            across = np.arange(mask.shape[1])
            for columns in find_cuts(inked, height):
                is_right = across >= columns[:, None]
                is_last = parts == last
                # Both sides must have ink: a path may run beside it.
                if (inked & is_last & is_right).any() and (inked & is_last & ~is_right).any():
                    last += 1
                    parts[is_last & is_right] = last
        if unit > 1:
            is_cut.append(False)
        units[box][mask] = parts[mask] + len(is_cut) + 1
        is_cut += [True] * last
    return replace(window, units=units), is_cut
