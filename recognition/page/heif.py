"""Checks HEIC pictures, the photos of iPhones, before they are decoded, and lets Pillow read them.

The decoder takes memory and time as the file says. libheif refuses a coded picture that is larger than the file's
boxes say, or a grid that its tiles do not cover. So it is enough to check the boxes
(ISO/IEC 14496-12 and 23008-12): the sizes of all pictures, and how many tiles a grid has.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from functools import cache
from typing import Final

from recognition.errors import ImageTooLarge, UnreadableImage

MAX_PIXELS: Final = 13_000_000
"""Most pixels of a HEIC: usual photos of phones have 12.2 million. The decoder takes 8 bytes for each."""

_MOST_BYTES: Final = 4_000_000  # of a file: decoding takes time in proportion, 0.2 s a MB
_MOST_BOXES: Final = 2_000  # a photo of an iPhone has about 100 items and as many properties
_MOST_TILE_PIXELS: Final = 14_000_000  # of all tiles of a grid, of which some are partly outside the picture
_MOST_OVERALL: Final = 40_000_000  # pixels of all pictures in the file, such as previews and maps of depth
_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_FULL: Final = (b"meta", b"iref", b"ipma", b"ispe", b"pitm")  # boxes that begin with a version and flags
_PARENTS: Final = (b"meta", b"iprp", b"ipco", b"iref")

_Box = tuple[bytes, int, int, int]
"""Its type, its version, and where its content begins and ends."""


@cache
def register_heif() -> bool:
    """Let Pillow open HEIC pictures. Return whether it can: the decoder is not there for every system."""
    try:
        from pi_heif import register_heif_opener  # noqa: PLC0415
    except ImportError:
        return False
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    return True


def is_heif(data: bytes) -> bool:
    """Return whether a file says that it is a HEIC picture."""
    return data[4:8] == b"ftyp" and data[8:12] in _BRANDS


def check_heif(data: bytes) -> None:
    """Check the boxes of a HEIC picture.

    Raises:
        UnreadableImage: if they are damaged, too many, or describe a picture in an unusual way.
        ImageTooLarge: if the file, the picture or its tiles are too large.
    """
    if len(data) > _MOST_BYTES:
        raise ImageTooLarge(f"This picture is too large (limit {_MOST_BYTES // 1_000_000} MB for a HEIC).")
    try:
        _check_sizes(data, list(_list_boxes(data)))
    except (struct.error, IndexError) as error:
        raise UnreadableImage("This picture is damaged or incomplete.") from error


def _check_sizes(data: bytes, boxes: list[_Box]) -> None:
    properties = _list_properties(data, boxes)
    areas = _measure_items(data, boxes, properties)
    if max(properties, default=0) > MAX_PIXELS or sum(properties) > _MOST_OVERALL:
        raise ImageTooLarge(f"The picture is too large (limit {MAX_PIXELS // 1_000_000} megapixels for a HEIC).")
    references = [_read_reference(data, version, start) for kind, version, start, _ in boxes if kind == b"dimg"]
    sources = [source for source, _ in references]
    if len(set(sources)) < len(sources):
        raise _refuse()
    for _, tiles in references:
        # A grid of grids would multiply the work.
        if set(tiles) & set(sources) or sum(areas.get(tile, MAX_PIXELS) for tile in tiles) > _MOST_TILE_PIXELS:
            raise _refuse()


def _refuse() -> UnreadableImage:
    return UnreadableImage("This picture file has an unusual structure. Save it again as a PNG or JPEG.")


def _list_boxes(data: bytes) -> Iterator[_Box]:
    """Yield the boxes of the file that describe pictures. References have the version of the box around them."""
    waiting = [(0, len(data), b"", 0)]
    count = 0
    while waiting:
        position, end, parent, version = waiting.pop()
        while position + 8 <= end:
            count += 1
            if count > _MOST_BOXES:
                raise _refuse()
            size, kind = struct.unpack_from(">I4s", data, position)
            start = position + 8
            if size == 1:
                (size,) = struct.unpack_from(">Q", data, start)
                start += 8
            following = end if size == 0 else position + size
            if following < start or following > end:
                raise UnreadableImage("This picture is damaged or incomplete.")
            if kind == b"moov":  # a video or an animation
                raise _refuse()
            if kind in _FULL:
                version = data[start]
                start += 0 if kind == b"ipma" else 4
            if kind in _PARENTS and parent in (b"", b"meta", b"iprp"):
                waiting.append((start, following, kind, version))
            yield kind if parent != b"ipco" or kind == b"ispe" else b"ipco:" + kind, version, start, following
            position = following


def _list_properties(data: bytes, boxes: list[_Box]) -> list[int]:
    """Return the pixels that each property says a picture has, 0 if it says something else, in their order."""
    return [
        math.prod(struct.unpack_from(">II", data, start)) if kind == b"ispe" else 0
        for kind, _, start, _ in boxes
        if kind == b"ispe" or kind.startswith(b"ipco:")
    ]


def _measure_items(data: bytes, boxes: list[_Box], properties: list[int]) -> dict[int, int]:
    """Return the pixels of each item."""
    areas: dict[int, int] = {}
    for kind, version, start, end in boxes:
        if kind != b"ipma":
            continue
        is_wide = data[start + 3] & 1
        (entries,) = struct.unpack_from(">I", data, start + 4)
        position = start + 8
        for _ in range(min(entries, end - start)):
            item, count = struct.unpack_from(">HB" if version < 1 else ">IB", data, position)
            position += 3 if version < 1 else 5
            for _ in range(count):
                (index,) = struct.unpack_from(">H" if is_wide else ">B", data, position)
                position += 2 if is_wide else 1
                place = (index & (0x7FFF if is_wide else 0x7F)) - 1
                if 0 <= place < len(properties) and properties[place]:
                    areas[item] = max(areas.get(item, 0), properties[place])
    return areas


def _read_reference(data: bytes, version: int, start: int) -> tuple[int, tuple[int, ...]]:
    """Return an item and the items that it is made of."""
    letter, size = ("H", 2) if version == 0 else ("I", 4)
    source, count = struct.unpack_from(f">{letter}H", data, start)
    return source, struct.unpack_from(f">{count}{letter}", data, start + size + 2)
