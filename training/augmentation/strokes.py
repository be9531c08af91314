"""New drawings from drawn ones: the same character as another hand, pen or device would leave it."""

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
    """How far drawings stray. Standard deviations, where nothing else is said."""

    rotation: float = 0.12  # radians
    slant: float = 0.18  # x shift for each y
    stretch: float = 0.12  # logarithm of the sides' ratio
    bend: float = 0.6  # pixels of a wave over the whole character
    tremor: float = 0.12  # pixels, each point by itself
    coarse: float = 0.2  # share of drawings of which only every second to fourth point came
    grid: float = (
        0.4  # share of drawings whose points were rounded, as a small one's are: to 40 to 400 places a side
    )
    lost_end: float = 0.08  # at most this share of a stroke's points, at either end, of one drawing in four
    box: float = 0.04  # logarithm of the size
    shift: float = 0.4  # pixels
    thickness: float = 0.18  # logarithm of the pen's width
    no_directions: float = 0.15  # share of drawings that are shown as a picture shows them


RANGES: Final = Ranges()


def augment_strokes(ink: StrokeBatch, random: Random, ranges: Ranges = RANGES) -> Images:
    """Return uint8 (N, 28, 28, channels): each drawing altered as a path, inked by the function that serves.

    Some come without their directions, so that one model learns drawings and pictures alike.
    """
    ink = augment_paths(ink, random, ranges)
    counts = ink.point_counts
    pixels = normalize(ink) - SIZE / 2
    size = np.exp(random.normal(0, ranges.box, len(ink)))
    shift = random.normal(0, ranges.shift, (len(ink), 2)) + SIZE / 2
    pixels = pixels * np.repeat(size, counts)[:, None] + np.repeat(shift, counts, axis=0)
    sigma = PEN_SIGMA * np.exp(random.normal(0, ranges.thickness, len(ink)))
    images = rasterize(ink, pixels, sigma=sigma, flow=PEN_FLOW * random.uniform(0.75, 1.6, len(ink)))
    images[random.random(len(ink)) < ranges.no_directions, ..., 1:] = 0
    return images


def augment_paths(ink: StrokeBatch, random: Random, ranges: Ranges = RANGES) -> StrokeBatch:
    """Return each drawing altered as a path: turned, slanted, stretched, bent, jittered; pixels about (0, 0)."""
    ink = _round_points(_drop_points(_drop_ends(ink, random, ranges), random, ranges), random, ranges)
    counts = ink.point_counts
    centred = normalize(ink) - SIZE / 2
    bent = centred + _make_waves(centred, counts, random, ranges)
    bent += (
        random.normal(size=bent.shape) * np.repeat(random.uniform(0, 2 * ranges.tremor, len(ink)), counts)[:, None]
    )
    turned = np.einsum("pij,pj->pi", np.repeat(_make_matrices(len(ink), random, ranges), counts, axis=0), bent)
    return StrokeBatch(turned, ink.stroke_lengths, ink.stroke_counts)


def augment_images(images: Images, random: Random, ranges: Ranges = RANGES) -> Images:
    """Return uint8 (N, 28, 28, channels) of (N, 28, 28): each turned, slanted, stretched, bent and moved.

    Lines stay as thick as they are: beside the height of a letter, that tells a small o from a capital one.
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
    """Return (N, 2, 2) matrices that slant, stretch and turn."""
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
    """Return (P, 2) smooth displacements: one wave for x and one for y a drawing, about the character's length."""
    count = len(counts)
    wave = np.repeat(random.normal(0, 0.6 * np.pi / SIZE, (count, 2, 2)), counts, axis=0)
    phase = np.repeat(random.uniform(0, 2 * np.pi, (count, 2)), counts, axis=0)
    height = np.repeat(random.normal(0, ranges.bend, (count, 2)), counts, axis=0)
    displaced: Floats = height * np.sin(2 * np.einsum("pij,pj->pi", wave, points) + phase)
    return displaced


def _drop_ends(ink: StrokeBatch, random: Random, ranges: Ranges) -> StrokeBatch:
    lengths = ink.stroke_lengths
    chosen = np.repeat(random.random(len(ink)) < 0.25, ink.stroke_counts)
    most = chosen * ranges.lost_end * lengths
    head, tail = ((random.random(len(lengths)) * most).astype(np.int64) for _ in range(2))
    place = np.arange(len(ink.points)) - np.repeat(ink.stroke_starts, lengths)
    kept = (place >= np.repeat(head, lengths)) & (place < np.repeat(lengths - tail, lengths))
    return StrokeBatch(ink.points[kept], lengths - head - tail, ink.stroke_counts)


def _drop_points(ink: StrokeBatch, random: Random, ranges: Ranges) -> StrokeBatch:
    """Leave out points between the ends of strokes, as a slow device does."""
    every = np.where(random.random(len(ink)) < ranges.coarse, random.integers(2, 5, len(ink)), 1)
    place = np.arange(len(ink.points)) - np.repeat(ink.stroke_starts, ink.stroke_lengths)
    last = place == np.repeat(ink.stroke_lengths, ink.stroke_lengths) - 1
    kept = (place % np.repeat(every, ink.point_counts) == 0) | last
    return StrokeBatch(
        ink.points[kept], np.add.reduceat(kept.astype(np.int64), ink.stroke_starts), ink.stroke_counts
    )


def _round_points(ink: StrokeBatch, random: Random, ranges: Ranges) -> StrokeBatch:
    starts = ink.point_starts
    extent = (np.maximum.reduceat(ink.points, starts) - np.minimum.reduceat(ink.points, starts)).max(axis=1)
    places = np.exp(random.uniform(np.log(40), np.log(400), len(ink)))
    chosen = (random.random(len(ink)) < ranges.grid) & (extent > 0)
    step = np.repeat(np.where(chosen, extent / places, 1), ink.point_counts)[:, None]
    points = np.where(np.repeat(chosen, ink.point_counts)[:, None], np.rint(ink.points / step) * step, ink.points)
    return StrokeBatch(points, ink.stroke_lengths, ink.stroke_counts)


def _sample_images(images: Images, source: Floats) -> Images:
    """Return the pictures read at ``source`` (N, 784, 2), bilinearly; outside is paper."""
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
