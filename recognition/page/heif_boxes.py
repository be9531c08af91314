"""Reads and checks the boxes of HEIC and AVIF files, which say what pictures are in them.

Both are files of the same kind (ISO/IEC 14496-12 and 23008-12). A picture in them, its preview, its opacity and
each of its tiles is an item. Pillow's decoders take memory and time as the items say, so they are checked before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from recognition.errors import ImageTooLarge, UnreadableImage

_MOST_BOXES: Final = 2_000  # a photo of an iPhone has about 100 items and as many properties
_TILES: Final = (1.25, 2_000_000)  # of the pixels of a picture, and more: those of its tiles, which may reach out
_MOST_ENTRIES: Final = 20_000  # of each list: properties of items, tiles of grids, pieces of items
_MOST_OVERALL: Final = 40_000_000  # pixels of all pictures in the file, such as previews and maps of depth
_FULL: Final = (b"meta", b"iref", b"ipma", b"ispe", b"pitm", b"iloc", b"iinf", b"infe")  # with a version and flags
_PARENTS: Final = (b"meta", b"iprp", b"ipco", b"iref", b"iinf")
_MEDIA_FILE: Final = b"ftyp"  # as these files begin, after four bytes of length
_MOST_BRANDS: Final = 64

Size = tuple[int, int]
"""Width and height, in pixels."""


class _Box(NamedTuple):
    kind: bytes
    version: int
    start: int  # of its content, after the version
    end: int
    head: int  # where the box begins
    is_property: bool


class Items(NamedTuple):
    """The items of a file.

    Attributes:
        primary: the number of the picture that is shown, 0 if the file does not say it.
        properties: of all items, each whole with its head, in the order in which they are numbered from 1.
        used: by item, the numbers of its properties, with 0x8000 added if a decoder must know them.
        kinds: by item, such as ``grid`` or ``av01``.
        sizes: by item, all that its properties say.
        sources: for each picture that is made of others, these.
        places: by item, where its bytes are: the starts and ends of its pieces.
    """

    primary: int
    properties: list[bytes]
    used: dict[int, list[int]]
    kinds: dict[int, bytes]
    sizes: dict[int, list[Size]]
    sources: dict[int, tuple[int, ...]]
    places: dict[int, list[tuple[int, int]]]


def has_brand(data: bytes, *brands: bytes) -> bool:
    """Return whether a file says that it is of one of some kinds, each of four letters."""
    if data[4:8] != _MEDIA_FILE:
        return False
    length = min(int.from_bytes(data[:4]), 16 + 4 * _MOST_BRANDS)
    listed = data[8:12], *(data[place : place + 4] for place in range(16, length, 4))
    return any(brand in brands for brand in listed)


def refuse() -> UnreadableImage:
    """Return the error for a file that no camera or program writes."""
    return UnreadableImage("This picture file has an unusual structure. Save it again as a PNG or JPEG.")


def read_items(data: bytes, most_pixels: int, kind: str) -> Items:
    """Return the items of a file.

    Args:
        data: the file.
        most_pixels: of each picture.
        kind: the name of such files.

    Raises:
        UnreadableImage: if the boxes are damaged, too many, or describe a picture in an unusual way.
        ImageTooLarge: if a picture is too large, or its tiles are.
    """
    try:
        boxes = list(_list_boxes(data))
        listed = [box for box in boxes if box.is_property]
        sizes = {number: _read_size(data, box) for number, box in enumerate(listed, 1) if box.kind == b"ispe"}
        areas = [width * height for width, height in sizes.values()]
        if max(areas, default=0) > most_pixels or sum(areas) > _MOST_OVERALL:
            raise ImageTooLarge(
                f"The picture is too large (limit {most_pixels // 1_000_000} megapixels for {kind})."
            )
        used = _read_used(data, boxes)
        items = Items(
            _read_primary(data, boxes),
            [data[box.head : box.end] for box in listed],
            used,
            _read_kinds(data, boxes),
            {
                item: [sizes[number & 0x7FFF] for number in numbers if number & 0x7FFF in sizes]
                for item, numbers in used.items()
            },
            _read_sources(data, boxes),
            _read_places(data, boxes),
        )
    except (struct.error, IndexError) as error:
        raise UnreadableImage("This picture is damaged or incomplete.") from error
    largest = {
        item: max(width * height for width, height in of_item) for item, of_item in items.sizes.items() if of_item
    }
    for item, tiles in items.sources.items():
        # A grid of grids would multiply the work.
        is_nested = not set(tiles).isdisjoint(items.sources)
        room = _TILES[0] * largest.get(item, 0) + _TILES[1]
        if is_nested or sum(largest.get(tile, most_pixels) for tile in tiles) > room:
            raise refuse()
    return items


def _list_boxes(data: bytes) -> Iterator[_Box]:
    """Yield the boxes of the file that describe pictures. References have the version of the box around them."""
    waiting = [(0, len(data), b"", 0)]
    count = 0
    while waiting:
        position, end, parent, version = waiting.pop()
        while position + 8 <= end:
            count += 1
            if count > _MOST_BOXES:
                raise refuse()
            size, kind = struct.unpack_from(">I4s", data, position)
            start = position + 8
            if size == 1:
                (size,) = struct.unpack_from(">Q", data, start)
                start += 8
            following = end if size == 0 else position + size
            if following < start or following > end:
                raise UnreadableImage("This picture is damaged or incomplete.")
            if kind == b"moov":  # a video or an animation
                raise refuse()
            if kind in _FULL:
                version = data[start]
                start += 0 if kind in (b"ipma", b"iloc") else 4
            if kind == b"iinf":
                start += 2 if version == 0 else 4  # the number of entries
            if kind in _PARENTS and parent in (b"", b"meta", b"iprp"):
                waiting.append((start, following, kind, version))
            yield _Box(kind, version, start, following, position, parent == b"ipco")
            position = following


def _read_size(data: bytes, box: _Box) -> Size:
    width, height = struct.unpack_from(">II", data, box.start)
    return width, height


def _read_primary(data: bytes, boxes: list[_Box]) -> int:
    for box in boxes:
        if box.kind == b"pitm":
            return int.from_bytes(data[box.start : box.start + (2 if box.version == 0 else 4)])
    return 0


def _read_kinds(data: bytes, boxes: list[_Box]) -> dict[int, bytes]:
    kinds: dict[int, bytes] = {}
    for _, version, start, *_ in (box for box in boxes if box.kind == b"infe"):
        item, _, kind = struct.unpack_from(">IH4s" if version == 3 else ">HH4s", data, start)
        kinds[item] = kind
    return kinds


def _read_used(data: bytes, boxes: list[_Box]) -> dict[int, list[int]]:
    used: dict[int, list[int]] = {}
    total = 0
    for _, version, start, end, *_ in (box for box in boxes if box.kind == b"ipma"):
        is_wide = data[start + 3] & 1
        (entries,) = struct.unpack_from(">I", data, start + 4)
        position = start + 8
        for _ in range(min(entries, end - start)):
            item, count = struct.unpack_from(">HB" if version < 1 else ">IB", data, position)
            position += 3 if version < 1 else 5
            numbers = struct.unpack_from(f">{count}{'H' if is_wide else 'B'}", data, position)
            position += count * (2 if is_wide else 1)
            if not is_wide:
                numbers = tuple((number & 0x80) << 8 | number & 0x7F for number in numbers)
            used.setdefault(item, []).extend(numbers)
            total += 1 + count
            if total > _MOST_ENTRIES:
                raise refuse()
    return used


def _read_sources(data: bytes, boxes: list[_Box]) -> dict[int, tuple[int, ...]]:
    sources: dict[int, tuple[int, ...]] = {}
    total = 0
    for _, version, start, *_ in (box for box in boxes if box.kind == b"dimg"):
        letter, size = ("H", 2) if version == 0 else ("I", 4)
        item, count = struct.unpack_from(f">{letter}H", data, start)
        total += count
        if item in sources or total > _MOST_ENTRIES:
            raise refuse()
        sources[item] = struct.unpack_from(f">{count}{letter}", data, start + size + 2)
    return sources


class _Reader:
    """Reads numbers of any size, one after the other."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data, self._position, self._end = data, start, end

    def read(self, size: int) -> int:
        start, self._position = self._position, self._position + size
        if self._position > self._end:
            raise IndexError
        return int.from_bytes(self._data[start : self._position])


def _read_places(data: bytes, boxes: list[_Box]) -> dict[int, list[tuple[int, int]]]:
    places: dict[int, list[tuple[int, int]]] = {}
    inner = next((box.start for box in boxes if box.kind == b"idat"), None)
    total = 0
    for _, _, start, end, *_ in (box for box in boxes if box.kind == b"iloc"):
        version = data[start]
        offset_size, length_size = data[start + 4] >> 4, data[start + 4] & 15
        base_size, index_size = data[start + 5] >> 4, data[start + 5] & 15 if version else 0
        read = _Reader(data, start + 6, end).read
        for _ in range(read(2 if version < 2 else 4)):
            item = read(2 if version < 2 else 4)
            method = read(2) & 15 if version else 0
            read(2)  # the file that it is in: always this one
            base = read(base_size)
            if method and (method != 1 or inner is None):
                raise refuse()
            base += inner or 0 if method else 0
            count = read(2)
            total += 1 + count
            if total > _MOST_ENTRIES:
                raise refuse()
            for _ in range(count):
                read(index_size)
                offset, length = base + read(offset_size), read(length_size)
                places.setdefault(item, []).append((offset, offset + length if length else len(data)))
    return places
