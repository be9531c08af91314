"""Cuts large arrays into bands of rows, so that what is computed of them takes little memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_BAND_PIXELS: Final = 250_000


def cut_rows(height: int, width: int) -> Iterator[slice]:
    """Yield the rows of each band of an array of this shape, from the top."""
    step = max(1, _BAND_PIXELS // max(1, width))
    for top in range(0, height, step):
        yield slice(top, min(top + step, height))
