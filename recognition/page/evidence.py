"""Says how clear it is that a surface is the page, and not a part of it or of what is written on it."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.blobs import WITH_DIAGONALS
from recognition.page.polygons import Points, draw_polygon
from recognition.page.surfaces import Levels, Mask, Surface, sample_levels

# Distances are in pixels of the small picture, outwards from the side of a surface.
_EDGE: Final = 3  # sides closer than this to the picture's edge are not visible
_INSIDE: Final = (-0.5, -1.5, -2.5)
_OUTSIDE: Final = (1.5, 2.5, 3.5, 4.5)
_BEYOND: Final = 2  # which of them is compared with the inside: beyond a soft edge
_BEHIND: Final = tuple(np.arange(4.5, 18.0))  # where the paper goes on behind a line
_GOES_ON: Final = 0.7  # of a side's length where the paper goes on, at one distance
_BACK: Final = 0.3  # of the step: level behind a line, relative to the paper inside
_CORNERS: Final = 0.08  # of a side's length at both ends: corners may be round
_LEAST_LENGTH: Final = 0.08  # of the picture's longer side: a shorter side says nothing

_TRACED: Final = 0.7  # of a side's length that the surface reaches
_CROSSED: Final = 0.8  # of a side's length where something differs from the inside
_STEPPED: Final = 0.75  # of a side's length where the level changes, and to the same direction
_SHARP: Final = 0.88  # of its length, for a side that is seen clearly; shadows have soft edges
_EXACT: Final = 0.97  # of its length, for a side that is as exact as a drawn one
_CLEAR_STEP: Final = 25.0  # of 255: change of level of such sides
_BESIDE: Final = (-0.5, 2.5)  # where the change beside a side is measured
_FAR: Final = (-7.5, 8.5)  # where the change further away is measured
_SHARP_EDGE: Final = 0.6  # of the latter, at the edge of a page
_LIGHT_CHANGE: Final = 120.0  # of 255: change at the edge of a patch of light, at most
_ALL_SIDES: Final = 4
_LEAST_INK: Final = 0.0008  # of the inside
_MOST_OUTSIDE: Final = 0.002  # of the outside that is not flat, if nothing may be written there
_MARGIN: Final = 0.3  # of the picture: most area of a margin that may hold something
_MOST_ALIKE: Final = 0.12  # of two joined surfaces that is as bright as what surrounds them
_MIDDLE: Final = 0.2  # of the side of a square as large as the surface: how far its middle is from the edge
_LEAST_WIDTH: Final = 16  # pixels of the small picture
_CLEAR: Final = 0.7  # evidence, at least
_FILLED: Final = 0.5  # of a surface that is neither ink nor anything else on it, at least


class Side(NamedTuple):
    """One side of a surface, where it is visible.

    Attributes:
        length: relative to the picture's longer side.
        traced: the share of it that the surface reaches.
        crossed: the share where something near outside differs from the inside: a line or another surface.
        stepped: the share where the level outside differs, and to the same direction.
        step: how much lighter the outside is, of 255.
        is_line: whether the side is a line, behind which the paper goes on.
        near: how much the level changes beside it, of 255.
        far: how much it changes further away. The edge of a shadow goes on.
    """

    length: float
    traced: float
    crossed: float
    stepped: float
    step: float
    is_line: bool
    near: float
    far: float

    @property
    def is_seen(self) -> bool:
        """Return whether the surface ends here at a straight line."""
        return self.traced >= _TRACED and self.crossed >= _CROSSED

    @property
    def is_exact(self) -> bool:
        """Return whether it is as exact as a drawn line."""
        return min(self.traced, self.stepped) >= _EXACT and abs(self.step) >= _CLEAR_STEP

    def is_step(self, least_step: float) -> bool:
        """Return whether another surface begins here."""
        return self.stepped >= _STEPPED or abs(self.step) >= least_step


def measure_evidence(surface: Surface, levels: Levels, steps: Levels, least_step: float) -> float:
    """Return how clear it is that a surface is the page, from 0 to 1. 0 is not clear enough.

    Args:
        surface: the surface.
        levels: float32 (height, width), the small picture.
        steps: as `recognition.page.surfaces.measure_steps` returns it.
        least_step: as `recognition.page.surfaces.choose_step` returns it.
    """
    sides = [side for side in _measure_sides(surface, levels, least_step) if side.length >= _LEAST_LENGTH]
    seen = [side for side in sides if side.is_seen]
    # One of four sides may be hidden by something that lies on it.
    if not seen or len(seen) < max(len(sides) - 1, min(len(sides), 3)):
        return 0.0
    is_step = all(side.is_step(least_step) for side in seen) and len({side.step > 0 for side in seen}) == 1
    if len(seen) < len(sides) and not is_step:
        return 0.0
    # An ellipse that touches the picture's edges looks like a surface all whose corners are outside.
    if len(seen) >= 3 and surface.outline is surface.quad and _count_corners(surface, levels) < 2:
        return 0.0
    inside = draw_polygon(surface.hull, steps.shape)
    evidence = sum(side.length * side.traced * side.crossed for side in seen) / sum(side.length for side in sides)
    if evidence < _CLEAR or min(np.ptp(surface.hull, axis=0)) < _LEAST_WIDTH:
        return 0.0
    is_sharp = all(min(side.traced, side.stepped) >= _SHARP and abs(side.step) >= _CLEAR_STEP for side in seen)
    is_box = np.count_nonzero([side.is_line for side in seen]) > len(seen) / 2
    is_strong = is_step and not is_box and (len(seen) >= 3 or (len(seen) == 2 and is_sharp))
    if np.count_nonzero(surface.mask) < _FILLED * np.count_nonzero(inside):
        return 0.0
    if not has_ink(inside, steps >= least_step, may_touch=is_strong and not surface.is_joined):
        return 0.0
    if surface.is_joined and not (is_strong and _is_different(surface, levels, inside, seen[0].step)):
        return 0.0
    if is_step and len(seen) < _ALL_SIDES and _is_light(seen):
        return 0.0
    is_margin = is_step and all(side.is_exact for side in seen) and surface.area >= 1 - _MARGIN
    if not (is_strong or is_margin or _is_blank_outside(inside, steps >= least_step)):
        return 0.0
    return evidence


def _is_light(sides: list[Side]) -> bool:
    """Return whether a surface with these sides is only lighter or darker by the light that falls on it."""
    length = sum(side.length for side in sides)
    near = sum(side.length * abs(side.near) for side in sides) / length
    far = sum(side.length * abs(side.far) for side in sides) / length
    return near < _SHARP_EDGE * far and far <= _LIGHT_CHANGE


def _count_corners(surface: Surface, levels: Levels) -> int:
    """Return how many corners of a surface are in the picture."""
    height, width = levels.shape
    return int(
        np.count_nonzero(((surface.quad > -1) & (surface.quad < np.array([width, height]) + 1)).all(axis=1))
    )


def _measure_sides(surface: Surface, levels: Levels, least_step: float) -> list[Side]:
    height, width = levels.shape
    near = ndimage.maximum_filter(surface.mask.view(np.uint8), size=7).astype(np.float32)
    sides = []
    for start, end in zip(surface.outline, np.roll(surface.outline, -1, axis=0), strict=True):
        length = float(np.hypot(*(end - start)))
        direction = (end - start) / max(length, 1e-9)
        normal = np.array([direction[1], -direction[0]])
        points = start + np.arange(_CORNERS * length, (1 - _CORNERS) * length)[:, None] * direction
        is_visible = ((points > _EDGE) & (points < np.array([width, height]) - _EDGE)).all(axis=1)
        points = points[is_visible]
        if len(points) < 4:
            continue
        inside = np.median([sample_levels(levels, points + distance * normal) for distance in _INSIDE], axis=0)
        outside = np.array([sample_levels(levels, points + distance * normal) for distance in _OUTSIDE])
        difference = outside[_BEYOND] - inside
        step = float(np.median(difference))
        sides.append(
            Side(
                length=len(points) / max(levels.shape),
                traced=float(sample_levels(near, points + _INSIDE[1] * normal).mean()),
                crossed=float((np.abs(outside - inside).max(axis=0) > least_step).mean()),
                stepped=float((difference * np.sign(step) > least_step).mean()),
                step=step,
                is_line=_is_line(levels, points, normal, inside, step),
                near=_measure_change(levels, points, normal, _BESIDE),
                far=_measure_change(levels, points, normal, _FAR),
            )
        )
    return sides


def _measure_change(levels: Levels, points: Points, normal: Points, places: tuple[float, float]) -> float:
    """Return how much lighter it is at the second of two distances from a side than at the first."""
    inside, outside = (sample_levels(levels, points + distance * normal) for distance in places)
    return float(np.median(outside - inside))


def _is_line(levels: Levels, points: Points, normal: Points, inside: npt.NDArray[np.float32], step: float) -> bool:
    """Return whether what is inside goes on behind a line."""
    behind = np.array([sample_levels(levels, points + distance * normal) for distance in _BEHIND])
    is_back = (behind - inside) * np.sign(step) < _BACK * abs(step)
    return bool(is_back.mean(axis=1).max() >= _GOES_ON)


def has_ink(inside: Mask, is_rough: Mask, *, may_touch: bool) -> bool:
    """Return whether something is drawn on a surface: apart from its edge or, if it may touch, in its middle."""
    core = _erode(inside, 2)
    labels, count = ndimage.label(is_rough & inside, structure=WITH_DIAGONALS)
    is_apart = np.ones(count + 1, dtype=np.bool_)
    is_apart[labels[inside & ~core]] = False
    is_apart[0] = False
    area = np.count_nonzero(inside)
    if np.count_nonzero(is_apart[labels]) >= _LEAST_INK * area:
        return True
    middle = _erode(inside, round(_MIDDLE * area**0.5))
    return may_touch and bool(np.count_nonzero(is_rough & middle) >= _LEAST_INK * area)


def _erode(mask: Mask, reach: int) -> Mask:
    eroded: Mask = ndimage.minimum_filter(mask.view(np.uint8), size=2 * reach + 1, mode="constant").view(np.bool_)
    return eroded


def _is_different(surface: Surface, levels: Levels, inside: Mask, step: float) -> bool:
    """Return whether little inside is as bright as the outside. The holes of an 8 have its bar between them."""
    level = float(np.median(levels[surface.mask]))
    is_alike = (levels - level) * np.sign(step) > 0.7 * abs(step)
    return bool(np.count_nonzero(is_alike & inside) <= _MOST_ALIKE * np.count_nonzero(inside))


def _is_blank_outside(inside: Mask, is_rough: Mask) -> bool:
    """Return whether nothing is drawn outside, apart from the edge."""
    outside = ~ndimage.maximum_filter(inside.view(np.uint8), size=11).view(np.bool_)
    return bool(np.count_nonzero(is_rough & outside) <= _MOST_OUTSIDE * np.count_nonzero(outside))
