"""Makes new drawings from real ones: the same character as another hand, pen or device would draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.render import PEN_FLOW, PEN_SIGMA, SIZE, Images, add_empty_directions, normalize, rasterize
from recognition.strokes import StrokeBatch

Floats = npt.NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Ranges:
    """How much drawings are altered. Standard deviations, unless a comment says otherwise."""

    rotation: float = 0.12  # radians
    slant: float = 0.18  # shift of x per y
    stretch: float = 0.12  # logarithm of the ratio of the sides
    bend: float = 0.6  # pixels of a wave over the whole character
    tremor: float = 0.12  # pixels, for each point separately
    coarse: float = 0.2  # share of drawings that keep only every second to fourth point
    # Share of drawings whose points are rounded to 40 to 400 steps a side, as those of a small drawing are.
    grid: float = 0.4
    # Largest share of a stroke's points lost at either end, in one drawing of four.
    lost_end: float = 0.08
    box: float = 0.04  # logarithm of the size
    shift: float = 0.4  # pixels
    thickness: float = 0.18  # logarithm of the pen's width
    no_directions: float = 0.15  # share of drawings without directions, as in a picture


RANGES: Final = Ranges()


def augment_strokes(strokes: StrokeBatch, random: Random, ranges: Ranges = RANGES) -> Images:
    """Return uint8 (N, 28, 28, channels): each drawing altered as a path and rendered as in the game.

    Some are without directions, so that one network learns drawings and pictures.
    """
    strokes = augment_paths(strokes, random, ranges)
    counts = strokes.point_counts
    pixels = normalize(strokes) - SIZE / 2
    size = np.exp(random.normal(0, ranges.box, len(strokes)))
    shift = random.normal(0, ranges.shift, (len(strokes), 2)) + SIZE / 2
    pixels = pixels * np.repeat(size, counts)[:, None] + np.repeat(shift, counts, axis=0)
    sigma = PEN_SIGMA * np.exp(random.normal(0, ranges.thickness, len(strokes)))
    images = rasterize(strokes, pixels, sigma=sigma, flow=PEN_FLOW * random.uniform(0.75, 1.6, len(strokes)))
    images[random.random(len(strokes)) < ranges.no_directions, ..., 1:] = 0
    return images


def augment_paths(strokes: StrokeBatch, random: Random, ranges: Ranges = RANGES) -> StrokeBatch:
    """Return each drawing turned, slanted, stretched, bent and jittered; in pixels, centered on (0, 0)."""
    strokes = _round_points(_drop_points(_drop_ends(strokes, random, ranges), random, ranges), random, ranges)
    counts = strokes.point_counts
    centered = normalize(strokes) - SIZE / 2
    bent = centered + _make_waves(centered, counts, random, ranges)
    bent += (
        random.normal(size=bent.shape)
        * np.repeat(random.uniform(0, 2 * ranges.tremor, len(strokes)), counts)[:, None]
    )
    turned = np.einsum("pij,pj->pi", np.repeat(_make_matrices(len(strokes), random, ranges), counts, axis=0), bent)
    return StrokeBatch(turned, strokes.stroke_lengths, strokes.stroke_counts)


def augment_images(images: Images, random: Random, ranges: Ranges = RANGES) -> Images:
    """Return uint8 (N, 28, 28, channels) from (N, 28, 28): each turned, slanted, stretched, bent and moved.

    Lines keep their thickness. Compared with the height of a letter, it tells a lowercase o from an uppercase one.
    """
    count = len(images)
    size = np.exp(random.normal(0, ranges.box, count))[:, None, None]
    inverse = np.linalg.inv(_make_matrices(count, random, ranges) * size)
    grid = np.stack(np.meshgrid(np.arange(SIZE), np.arange(SIZE), indexing="xy"), axis=-1).reshape(-1, 2)
    middle = (SIZE - 1) / 2
    shift = random.normal(0, ranges.shift, (count, 1, 2))
    bends = _make_waves(np.tile(grid - middle, (count, 1)), np.full(count, len(grid)), random, ranges)
    source = np.einsum("nij,npj->npi", inverse, grid - middle - shift + bends.reshape(count, -1, 2)) + middle
    return add_empty_directions(_sample_images(images, source))


def _make_matrices(count: int, random: Random, ranges: Ranges) -> Floats:
    """Return (N, 2, 2) matrices that slant, stretch and turn a drawing each."""
    turn = random.normal(0, ranges.rotation, count)
    slant = random.normal(0, ranges.slant, count)
    stretch = np.exp(random.normal(0, ranges.stretch, count) / 2)
    zero, one = np.zeros(count), np.ones(count)
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shape = np.array([[stretch, zero], [zero, 1 / stretch]])
    shear = np.array([[one, slant], [zero, one]])
    matrices: Floats = np.einsum("ijn,jkn,kln->nil", rotate, shape, shear)
    return matrices


def _make_waves(points: Floats, counts: npt.NDArray[np.int64], random: Random, ranges: Ranges) -> Floats:
    """Return (P, 2) smooth displacements: per drawing a wave for x and one for y, about a character long."""
    count = len(counts)
    wave = np.repeat(random.normal(0, 0.6 * np.pi / SIZE, (count, 2, 2)), counts, axis=0)
    phase = np.repeat(random.uniform(0, 2 * np.pi, (count, 2)), counts, axis=0)
    height = np.repeat(random.normal(0, ranges.bend, (count, 2)), counts, axis=0)
    displaced: Floats = height * np.sin(2 * np.einsum("pij,pj->pi", wave, points) + phase)
    return displaced


def _drop_ends(strokes: StrokeBatch, random: Random, ranges: Ranges) -> StrokeBatch:
    lengths = strokes.stroke_lengths
    chosen = np.repeat(random.random(len(strokes)) < 0.25, strokes.stroke_counts)
    most = chosen * ranges.lost_end * lengths
    head, tail = ((random.random(len(lengths)) * most).astype(np.int64) for _ in range(2))
    place = np.arange(len(strokes.points)) - np.repeat(strokes.stroke_starts, lengths)
    kept = (place >= np.repeat(head, lengths)) & (place < np.repeat(lengths - tail, lengths))
    return StrokeBatch(strokes.points[kept], lengths - head - tail, strokes.stroke_counts)


def _drop_points(strokes: StrokeBatch, random: Random, ranges: Ranges) -> StrokeBatch:
    """Drop points between the ends of strokes, as a slow device does."""
    every = np.where(random.random(len(strokes)) < ranges.coarse, random.integers(2, 5, len(strokes)), 1)
    place = np.arange(len(strokes.points)) - np.repeat(strokes.stroke_starts, strokes.stroke_lengths)
    last = place == np.repeat(strokes.stroke_lengths, strokes.stroke_lengths) - 1
    kept = (place % np.repeat(every, strokes.point_counts) == 0) | last
    return StrokeBatch(
        strokes.points[kept], np.add.reduceat(kept.astype(np.int64), strokes.stroke_starts), strokes.stroke_counts
    )


def _round_points(strokes: StrokeBatch, random: Random, ranges: Ranges) -> StrokeBatch:
    starts = strokes.point_starts
    extent = (np.maximum.reduceat(strokes.points, starts) - np.minimum.reduceat(strokes.points, starts)).max(
        axis=1
    )
    places = np.exp(random.uniform(np.log(40), np.log(400), len(strokes)))
    chosen = (random.random(len(strokes)) < ranges.grid) & (extent > 0)
    step = np.repeat(np.where(chosen, extent / places, 1), strokes.point_counts)[:, None]
    points = np.where(
        np.repeat(chosen, strokes.point_counts)[:, None], np.rint(strokes.points / step) * step, strokes.points
    )
    return StrokeBatch(points, strokes.stroke_lengths, strokes.stroke_counts)


def _sample_images(images: Images, source: Floats) -> Images:
    """Return the pictures sampled at ``source`` (N, 784, 2), bilinearly; outside is paper."""
    corner = np.floor(source).astype(np.int64)
    fraction = source - corner
    which = np.arange(len(images))[:, None]
    levels = np.zeros(source.shape[:2])
    for dx in (0, 1):
        for dy in (0, 1):
            x, y = corner[..., 0] + dx, corner[..., 1] + dy
            inside = (x >= 0) & (x < SIZE) & (y >= 0) & (y < SIZE)
            share = np.abs(1 - dx - fraction[..., 0]) * np.abs(1 - dy - fraction[..., 1]) * inside
            levels += share * images[which, np.clip(y, 0, SIZE - 1), np.clip(x, 0, SIZE - 1)]
    return np.rint(levels).astype(np.uint8).reshape(images.shape)
