"""Paints pages without writing that look as if something were on them: wood, cloth, clouds, folds and the like.

Levels are float64 (height, width): 1 where it is darkest, 0 where nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from training.marks.paint import Levels, Page, photograph
from training.marks.strokes import Random

Shape = tuple[int, int]


def paint_texture(random: Random) -> Page:
    """Return a page without marks: a texture of `_TEXTURES`, or two of them together."""
    height, width = (int(side) for side in np.exp(random.uniform(np.log(80), np.log(600), 2)))
    names = list(_TEXTURES)
    levels = np.zeros((height, width))
    for _ in range(1 + int(random.random() < 0.15)):
        name = names[int(random.integers(len(names)))]
        levels = np.maximum(levels, _TEXTURES[name]((height, width), random) * random.uniform(0.5, 1))
    gray = photograph(levels, float(random.uniform(15, 60)), 3.0, random)
    nothing = np.zeros(0, dtype=np.bool_)
    return Page(gray, np.zeros(gray.shape, dtype=np.int32), np.array([-1]), nothing, [])


def _make_noise(shape: Shape, reach: npt.ArrayLike, random: Random) -> Levels:
    """Return smooth noise of mean 0 and standard deviation 1. The reach is in pixels, down and across."""
    noise: Levels = ndimage.gaussian_filter(random.normal(size=shape), reach, mode="wrap")
    noise /= noise.std() + 1e-9
    return noise


def _keep_peaks(noise: Levels, random: Random) -> Levels:
    """Return levels of what is above some height of the noise, with soft or hard edges."""
    peaks: Levels = np.clip((noise - random.uniform(0.3, 2.2)) / random.uniform(0.05, 1.5), 0, 1)
    return peaks


def _paint_grain(shape: Shape, random: Random) -> Levels:
    """Return blotches, longer in one direction or not."""
    return _keep_peaks(_make_noise(shape, np.exp(random.uniform(-0.5, 3, 2)), random), random)


def _paint_clouds(shape: Shape, random: Random) -> Levels:
    """Return noise of all sizes, as of clouds, plaster or marble."""
    noise = np.zeros(shape)
    reach, fade = float(np.exp(random.uniform(1.5, 4))), random.uniform(0.35, 0.75)
    for octave in range(5):
        noise += fade**octave * _make_noise(shape, reach / 2**octave, random)
    noise /= noise.std()
    if random.random() < 0.3:
        noise = 2 - 3 * np.abs(noise)  # veins
    return _keep_peaks(noise, random)


def _paint_wood(shape: Shape, random: Random) -> Levels:
    """Return the grain of wood: long bent lines, around knots too."""
    down, across = _make_coordinates(shape, random)
    spacing = float(np.exp(random.uniform(1.2, 3.2)))
    bend = _make_noise(shape, np.exp(random.uniform(2, 4, 2)), random) * random.uniform(0.3, 2) * spacing
    rings = down + bend
    for _ in range(int(random.integers(0, 3))):
        y, x = random.uniform(down.min(), down.max()), random.uniform(across.min(), across.max())
        knot = random.uniform(1, 5) * spacing
        rings = rings + knot * np.exp(-((down - y) ** 2 + ((across - x) / 2.5) ** 2) / (3 * knot**2))
    waves = np.sin(2 * np.pi * rings / spacing) + random.uniform(0.1, 0.8) * _make_noise(shape, (0.7, 6), random)
    return _keep_peaks(waves * random.uniform(0.8, 1.6), random)


def _paint_cloth(shape: Shape, random: Random) -> Levels:
    """Return threads that cross each other, uneven as in linen, or stripes and checks."""
    down, across = _make_coordinates(shape, random)
    spacing = np.exp(random.uniform(1, 3.3, 2))
    jitter = random.uniform(0, 0.25) * _make_noise(shape, np.exp(random.uniform(1, 3, 2)), random)
    warp = np.cos(2 * np.pi * (down / spacing[0] + jitter))
    weft = np.cos(2 * np.pi * (across / spacing[1] - jitter))
    woven = warp * weft if random.random() < 0.4 else warp + weft if random.random() < 0.6 else warp
    return _keep_peaks(1.3 * woven + random.uniform(0, 0.8) * _make_noise(shape, 1.0, random), random)


def _paint_blocks(shape: Shape, random: Random) -> Levels:
    """Return noise of few pixels, enlarged to blocks."""
    side = int(np.exp(random.uniform(np.log(3), np.log(40))))
    small = max(2, shape[0] // side + 1), max(2, shape[1] // side + 1)
    is_even = random.random() < 0.3
    noise = 3 * random.random(small) if is_even else _make_noise(small, random.uniform(0, 0.9), random)
    large = np.kron(_keep_peaks(noise, random), np.ones((side, side)))[: shape[0], : shape[1]]
    levels = np.zeros(shape)
    levels[: large.shape[0], : large.shape[1]] = large
    return levels


def _paint_speckles(shape: Shape, random: Random) -> Levels:
    """Return crumbs, pores and stains: separate spots of all sizes."""
    levels = np.zeros(shape)
    usual = np.exp(random.uniform(0.3, 2.2))
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    for _ in range(int(random.integers(4, 60))):
        y, x = random.uniform(0, shape[0]), random.uniform(0, shape[1])
        tall, wide = usual * np.exp(random.normal(0, 0.6, 2))
        lean = random.normal(0, 0.5)
        distance = ((rows - y) / tall) ** 2 + ((columns - x - lean * (rows - y)) / wide) ** 2
        levels = np.maximum(levels, np.clip(2 * (1.2 - distance), 0, 1) * random.uniform(0.4, 1))
    ragged: Levels = np.clip(levels + random.uniform(0, 0.5) * (_make_noise(shape, 1.5, random) - 0.5), 0, 1)
    return np.where(levels > 0, ragged, 0)


def _paint_folds(shape: Shape, random: Random) -> Levels:
    """Return long thin lines: folds, scratches, hairs, cracks and the edges of things."""
    levels = np.zeros(shape)
    for _ in range(int(random.integers(1, 14))):
        steps = int(random.integers(30, 400))
        turns = np.cumsum(random.normal(0, random.uniform(0, 0.12), steps)) + random.uniform(0, 2 * np.pi)
        path = np.cumsum(np.stack([np.sin(turns), np.cos(turns)], axis=1), axis=0) * random.uniform(0.7, 2)
        points = np.rint(path + random.uniform(0, 1, 2) * shape).astype(int)
        inside = ((points >= 0) & (points < shape)).all(axis=1)
        one = np.zeros(shape)
        one[tuple(points[inside].T)] = 1
        thick = int(random.integers(1, 6))
        levels = np.maximum(levels, ndimage.maximum_filter(one, size=thick) * random.uniform(0.4, 1))
    gaps = np.clip(1.5 + _make_noise(shape, float(np.exp(random.uniform(0.5, 2.5))), random), 0, 1)
    return levels * gaps if random.random() < 0.6 else levels


def _paint_leaves(shape: Shape, random: Random) -> Levels:
    """Return short strokes in any direction, or nearly the same one: grass, fur, hatching, carpet, gravel."""
    levels = np.zeros(shape)
    length = float(np.exp(random.uniform(np.log(5), np.log(60))))
    direction, spread = random.uniform(0, np.pi), float(np.exp(random.uniform(-3, 1)))
    thick = max(1, round(length * random.uniform(0.05, 0.3)))
    count = min(300, int(random.uniform(0.2, 1.5) * shape[0] * shape[1] / length**2) + 3)
    for _ in range(count):
        angle, bend = direction + random.normal(0, spread), random.normal(0, 0.5)
        t = np.linspace(0, 1, max(2, int(2 * length)))
        reach = length * np.exp(random.normal(0, 0.3)) * t
        points = np.stack([reach * np.sin(angle + bend * t), reach * np.cos(angle + bend * t)], axis=1)
        points = np.rint(points + random.uniform(0, 1, 2) * shape).astype(int)
        inside = ((points >= 0) & (points < shape)).all(axis=1)
        levels[tuple(points[inside].T)] = 1
    return np.asarray(ndimage.maximum_filter(levels, size=thick), dtype=np.float64)


def _paint_edges(shape: Shape, random: Random) -> Levels:
    """Return what is left of a dark margin: ragged bands and bits along some edges."""
    levels = np.zeros(shape)
    rows, columns = np.indices(shape)
    distances = rows, shape[0] - 1 - rows, columns, shape[1] - 1 - columns
    for distance in distances:
        if random.random() < 0.5:
            reach = float(np.exp(random.uniform(0.5, 3)))
            noise = _make_noise(shape, np.exp(random.uniform(0, 3)), random)
            ragged = reach * (random.uniform(0, 1) + random.uniform(0.1, 1) * noise)
            levels = np.maximum(levels, distance < ragged)
    return levels


def _make_coordinates(shape: Shape, random: Random) -> tuple[Levels, Levels]:
    """Return how far each pixel is down and across, seen from any side."""
    angle = random.choice([0, np.pi / 2]) + random.normal(0, 0.15)
    rows, columns = np.indices(shape).astype(np.float64)
    return (
        np.cos(angle) * rows + np.sin(angle) * columns,
        np.cos(angle) * columns - np.sin(angle) * rows,
    )


_TEXTURES: Final[dict[str, Callable[[Shape, Random], Levels]]] = {
    "grain": _paint_grain,
    "clouds": _paint_clouds,
    "wood": _paint_wood,
    "cloth": _paint_cloth,
    "blocks": _paint_blocks,
    "speckles": _paint_speckles,
    "folds": _paint_folds,
    "leaves": _paint_leaves,
    "edges": _paint_edges,
}
