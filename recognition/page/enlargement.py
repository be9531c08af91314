"""Smooths pictures of few pixels that were enlarged without smoothing, so that each pixel became a block.

The steps of such blocks are no strokes, but they look like strokes. A picture is an enlargement if nearly all its
edges lie on a lattice of squares, and nothing changes inside the squares. Edges may be a little blurred by JPEG.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

_LEAST_BLOCK: Final = 6  # pixels; smaller blocks do no harm
_BLOCKS: Final = range(5, 65)  # along a side; a picture of more pixels is read well as it is
_ON_LATTICE: Final = 0.7  # of all edges, at least
_AT_A_LINE: Final = 6  # columns that count as on one line of a lattice, at most, with all rounding
_INSIDE: Final = 0.15  # of the standard deviation of all levels: the usual change inside blocks, at most
_LEAST_RANGE: Final = 10.0  # standard deviation, of 255, of a picture that is not blank

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


def smooth_enlargement(gray: Gray) -> Gray:
    """Return a picture of blocks, uint8 (height, width), with smooth steps, and any other as it is."""
    step = max(1, max(gray.shape) // (2 * _BLOCKS[-1]))
    down = _measure_edges(gray[:, ::step].T)
    across = _measure_edges(gray[::step])
    if not (_has_few_edges(down) and _has_few_edges(across)):
        return gray
    fits = [
        (share_down + share_across - 6 / block, block, top, left)
        for block in _list_blocks(gray.shape)
        for share_down, top in [_fit_lattice(down, block)]
        for share_across, left in [_fit_lattice(across, block)]
        if min(share_down, share_across) >= _ON_LATTICE
    ]
    for _, block, top, left in sorted(fits, reverse=True)[:2]:
        rows, columns = _place_edges(top, block, gray.shape[0]), _place_edges(left, block, gray.shape[1])
        levels = _read_blocks(gray, rows, columns)
        if levels is not None:
            x, y = _measure_before(left, block), _measure_before(top, block)
            right = min(x + gray.shape[1] / block, levels.shape[1])
            bottom = min(y + gray.shape[0] / block, levels.shape[0])
            size = gray.shape[1], gray.shape[0]
            smooth = Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC, box=(x, y, right, bottom))
            return np.asarray(smooth)
    return gray


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
    parts = {longer / count for count in _BLOCKS}
    whole = {float(side) for side in range(_LEAST_BLOCK, longer // _BLOCKS[0] + 1)}
    return [side for side in sorted(parts | whole) if side >= max(_LEAST_BLOCK, longer / _BLOCKS[-1])]


def _fit_lattice(edges: Floats, block: float) -> tuple[float, float]:
    """Return the share of the edges that are within a pixel of the best lattice, and where that lattice begins."""
    phases = np.rint(np.arange(len(edges)) % block).astype(np.int64) % round(block)
    sums = np.bincount(phases, weights=edges, minlength=round(block))
    near = sums + np.roll(sums, 1) + np.roll(sums, -1)
    top = int(np.argmax(near + sums / len(edges)))
    return float(near[top] / edges.sum()), float(top)


def _place_edges(first: float, block: float, side: int) -> npt.NDArray[np.int64]:
    """Return where blocks begin and end, from 0 to ``side``."""
    inner = np.rint(np.arange(first, side, block)).astype(np.int64)
    return np.unique(np.concatenate(([0], inner[(inner > 0) & (inner < side)], [side])))


def _measure_before(first: float, block: float) -> float:
    """Return how much of the first block, in blocks, is cut off."""
    return 1 - first / block if first > 0 else 0.0


def _read_blocks(gray: Gray, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> Gray | None:
    """Return the levels of the blocks, uint8, or None if something changes inside them."""
    sums = np.stack(
        [
            np.add.reduceat(gray[top:bottom].sum(axis=0, dtype=np.int64), columns[:-1])
            for top, bottom in pairwise(rows.tolist())
        ]
    )
    means = sums / np.outer(np.diff(rows), np.diff(columns))
    columns_of = np.repeat(np.arange(len(columns) - 1), np.diff(columns))
    is_edge_row, is_edge_column = _find_near(rows, gray.shape[0]), _find_near(columns, gray.shape[1])
    mean = np.float32(sums.sum() / gray.size)
    squares, inside, count = 0.0, 0.0, 0
    # A row of blocks at a time: the deviations of a large picture take 200 MB.
    for row, (top, bottom) in enumerate(pairwise(rows.tolist())):
        band = gray[top:bottom].astype(np.float32)
        squares += float(((band - mean) ** 2).sum(dtype=np.float64))
        inner = band[~is_edge_row[top:bottom]] - means[row].astype(np.float32)[columns_of]
        inner = inner[:, ~is_edge_column]
        inside += float((inner**2).sum(dtype=np.float64))
        count += inner.size
    spread = float(np.sqrt(squares / gray.size))
    if spread < _LEAST_RANGE or not count or np.sqrt(inside / count) > _INSIDE * spread:
        return None
    levels: Gray = np.rint(means).astype(np.uint8)
    return levels


def _find_near(edges: npt.NDArray[np.int64], side: int) -> npt.NDArray[np.bool_]:
    """Return bool (side,), which pixels are beside an edge."""
    is_near = np.zeros(side, dtype=np.bool_)
    for offset in (-2, -1, 0, 1):
        is_near[np.clip(edges + offset, 0, side - 1)] = True
    return is_near
