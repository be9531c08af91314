"""Counts the pages of a file. Only a TIFF has several: what moves in a GIF or WebP are no pages."""

from __future__ import annotations

import struct
from typing import Final

_MOST_FRAMES: Final = 1_000  # that are counted
_BYTE_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}


def count_frames(data: bytes) -> int:
    """Return how many pages a file has, at least 1. Only the first is read.

    The directories of a TIFF are followed, one for each page, without decoding anything (TIFF 6.0, section 2).
    """
    order = _BYTE_ORDERS.get(data[:4])
    if order is None:
        return 1
    positions: set[int] = set()
    try:
        (position,) = struct.unpack_from(order + "I", data, 4)
        while position and position not in positions and len(positions) < _MOST_FRAMES:
            (entries,) = struct.unpack_from(order + "H", data, position)
            (following,) = struct.unpack_from(order + "I", data, position + 2 + 12 * entries)
            positions.add(position)
            position = following
    except struct.error:  # the file ends too early
        pass
    return max(1, len(positions))
