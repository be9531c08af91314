"""Smooths pictures of few pixels that were enlarged without smoothing, so that each pixel became a block.

The steps of such blocks are no strokes, but they look like strokes. A picture is an enlargement if nearly all its
edges lie on a lattice of squares, and nothing changes inside the squares. Edges may be a little blurred by JPEG.
Its blocks become the pixels of a small picture, which is then enlarged smoothly.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from recognition.page.transform import Transform

_LEAST_BLOCK: Final = 4  # pixels; smaller blocks do no harm
_SMALL_BLOCK: Final = 8  # pixels; smaller blocks must be whole pixels, and their edges exactly on the lattice
_BLOCKS: Final = range(5, 65)  # along a side; a picture of more pixels is read well as it is
_ON_LATTICE: Final = 0.7  # of all edges, at least
_AT_A_LINE: Final = 6  # columns that count as on one line of a lattice, at most, with all rounding
_INSIDE: Final = 0.15  # of the standard deviation of all levels: the usual change inside blocks, at most
_INSIDE_ONE: Final = (0.12, 0.05)  # of the range of levels: the same in each block, or it holds writing
_LARGE_BLOCK: Final = 16  # pixels; in smaller blocks JPEG changes more, so the first of the two holds for them
_LEAST_RANGE: Final = 10.0  # standard deviation, of 255, of a picture that is not blank
_SCALE: Final = 4  # pixels of the smooth picture, a block: strokes between blocks do not break
_MARGIN: Final = 2  # blocks of paper around it; what is written to the edge would be taken for paper

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


class Enlargement(NamedTuple):
    """A picture of blocks, with smooth steps.

    Attributes:
        gray: uint8 (height, width), with a margin of paper.
        to_picture: from its pixels to those of the picture of blocks.
    """

    gray: Gray
    to_picture: Transform


def smooth_enlargement(gray: Gray) -> Enlargement | None:
    """Return a picture of blocks, uint8 (height, width), with smooth steps, or None for any other."""
    step = max(1, max(gray.shape) // (2 * _BLOCKS[-1]))
    down = _measure_edges(gray[:, ::step].T)
    across = _measure_edges(gray[::step])
    if not (_has_few_edges(down) and _has_few_edges(across)):
        return None
    fits = [
        (share_down + share_across - 6 / block, block, top, left)
        for block in _list_blocks(gray.shape)
        for share_down, top in [_fit_lattice(down, block)]
        for share_across, left in [_fit_lattice(across, block)]
        if min(share_down, share_across) >= _ON_LATTICE
    ]
    for _, block, top, left in sorted(fits, reverse=True)[:2]:
        rows, columns = _place_edges(top, block, gray.shape[0]), _place_edges(left, block, gray.shape[1])
        levels = _read_blocks(gray, rows, columns, block)
        if levels is not None:
            x, y = _measure_before(left, block) + _MARGIN, _measure_before(top, block) + _MARGIN
            shift = Transform.make_shift(-x * block, -y * block)
            return Enlargement(_smooth(levels), shift.compose(Transform.make_scale(block / _SCALE)))
    return None


def _smooth(levels: Gray) -> Gray:
    """Return blocks, uint8 (rows, columns), with smooth steps and a margin of paper."""
    low, high = int(levels.min()), int(levels.max())
    paper = high if levels.mean() >= (low + high) / 2 else low
    padded = Image.fromarray(np.pad(levels, _MARGIN, constant_values=paper))
    size = (_SCALE * padded.width, _SCALE * padded.height)
    return np.asarray(padded.resize(size, Image.Resampling.BILINEAR))


def _measure_edges(lines: Gray) -> Floats:
    """Return float64 (width,), how much each column of lines, (N, width), differs from the one before."""
    edges = np.zeros(lines.shape[1])
    edges[1:] = np.abs(np.diff(lines.astype(np.int16), axis=1)).mean(axis=0)
    return edges


def _has_few_edges(edges: Floats) -> bool:
    """Return whether a few columns have most of the edges, as on a lattice. On a photo all columns have some."""
    most = _AT_A_LINE * (_BLOCKS[-1] + 2)
    if len(edges) <= most:
        return bool(edges.any())
    return float(np.partition(edges, -most)[-most:].sum()) >= _ON_LATTICE * float(edges.sum()) > 0


def _list_blocks(shape: tuple[int, ...]) -> list[float]:
    """Return the sides that blocks may have, in pixels: whole numbers, and whole parts of the picture's sides."""
    longer = max(shape)
    parts = {longer / count for count in _BLOCKS if longer / count >= _SMALL_BLOCK}
    whole = {float(side) for side in range(_LEAST_BLOCK, longer // _BLOCKS[0] + 1)}
    return [side for side in sorted(parts | whole) if side >= max(_LEAST_BLOCK, longer / _BLOCKS[-1])]


def _fit_lattice(edges: Floats, block: float) -> tuple[float, float]:
    """Return the share of the edges that are within a pixel of the best lattice, and where that lattice begins."""
    phases = np.rint(np.arange(len(edges)) % block).astype(np.int64) % round(block)
    sums = np.bincount(phases, weights=edges, minlength=round(block))
    near = sums + np.roll(sums, 1) + np.roll(sums, -1) if block >= _SMALL_BLOCK else sums
    top = int(np.argmax(near + sums / len(edges)))
    return float(near[top] / edges.sum()), float(top)


def _place_edges(first: float, block: float, side: int) -> npt.NDArray[np.int64]:
    """Return where blocks begin and end, from 0 to ``side``."""
    inner = np.rint(np.arange(first, side, block)).astype(np.int64)
    return np.unique(np.concatenate(([0], inner[(inner > 0) & (inner < side)], [side])))


def _measure_before(first: float, block: float) -> float:
    """Return how much of the first block, in blocks, is cut off."""
    return 1 - first / block if first > 0 else 0.0


def _read_blocks(
    gray: Gray, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], block: float
) -> Gray | None:
    """Return the levels of the blocks, uint8, or None if something changes inside them."""
    sums = np.stack(
        [
            np.add.reduceat(gray[top:bottom].sum(axis=0, dtype=np.int64), columns[:-1])
            for top, bottom in pairwise(rows.tolist())
        ]
    )
    means = sums / np.outer(np.diff(rows), np.diff(columns))
    columns_of = np.repeat(np.arange(len(columns) - 1), np.diff(columns))
    is_inner_row, is_inner_column = (
        ~_find_near(edges, side, block) for edges, side in zip((rows, columns), gray.shape, strict=True)
    )
    inner_columns = np.add.reduceat(is_inner_column, columns[:-1], dtype=np.int64)
    mean = np.float32(sums.sum() / gray.size)
    most = (_INSIDE_ONE[block >= _LARGE_BLOCK] * float(np.ptp(means))) ** 2
    squares, inside, count = 0.0, 0.0, 0
    # A row of blocks at a time: the deviations of a large picture take 200 MB.
    for row, (top, bottom) in enumerate(pairwise(rows.tolist())):
        band = gray[top:bottom].astype(np.float32)
        squares += float(((band - mean) ** 2).sum(dtype=np.float64))
        is_inner = is_inner_row[top:bottom]
        inner = (band[is_inner] - means[row].astype(np.float32)[columns_of]) ** 2
        of_blocks = np.add.reduceat(inner.sum(axis=0, dtype=np.float64) * is_inner_column, columns[:-1])
        counts = inner_columns * np.count_nonzero(is_inner)
        if (of_blocks > most * counts).any():
            return None
        inside += float(of_blocks.sum())
        count += int(counts.sum())
    spread = float(np.sqrt(squares / gray.size))
    if spread < _LEAST_RANGE or not count or np.sqrt(inside / count) > _INSIDE * spread:
        return None
    levels: Gray = np.rint(means).astype(np.uint8)
    return levels


def _find_near(edges: npt.NDArray[np.int64], side: int, block: float) -> npt.NDArray[np.bool_]:
    """Return bool (side,), which pixels are beside an edge."""
    is_near = np.zeros(side, dtype=np.bool_)
    for offset in (-2, -1, 0, 1) if block >= _SMALL_BLOCK else (-1, 0):
        is_near[np.clip(edges + offset, 0, side - 1)] = True
    return is_near
