"""Decodes a large HEIC in bands, so that it takes little memory.

The photos of phones are grids of tiles. Some rows of tiles are put into a file of their own at a time, which the
decoder reads as any other.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from PIL import Image

from recognition.page.heif_boxes import Items

_BAND_PIXELS: Final = 4_000_000  # that are decoded at a time
_STEP: Final = 2  # pixels of a side that become one
_PLAIN: Final = (b"colr", b"pixi")  # properties of the picture that each band has, too
_TURN: Final = b"irot"
_MIRROR: Final = b"imir"
_NUMBER: Final = 0x7FFF  # the part of a use of a property that is its number
_GRID_ITEM: Final = 1


class _Grid(NamedTuple):
    """A picture of tiles.

    Attributes:
        width: of the picture, in pixels.
        height: of the picture.
        across: how many tiles are in a row.
        tiles: the numbers of their items, row by row.
        tile_height: in pixels.
    """

    width: int
    height: int
    across: int
    tiles: tuple[int, ...]
    tile_height: int


def can_be_cut(items: Items) -> bool:
    """Return whether the picture is a grid that can be decoded in bands."""
    if items.kinds.get(items.primary) != b"grid" or len(items.sizes.get(items.primary, ())) != 1:
        return False
    tiles = items.sources.get(items.primary, ())
    sizes = {tuple(items.sizes.get(tile, ())) for tile in tiles}
    kinds = {items.kinds.get(tile) for tile in tiles}
    if kinds != {b"hvc1"} or len(sizes) != 1 or len(of_tile := sizes.pop()) != 1:
        return False
    width, height = of_tile[0]
    across, down = (
        -(-side // of_tile) for side, of_tile in zip(items.sizes[items.primary][0], (width, height), strict=True)
    )
    return height % _STEP == 0 and across * down == len(tiles) and across * width * height <= 2 * _BAND_PIXELS


def decode_reduced(data: bytes, items: Items) -> Image.Image:
    """Return the picture, upright, at half its size. Raises what Pillow raises for damaged ones."""
    ((width, height),) = items.sizes[items.primary]
    tiles = items.sources[items.primary]
    ((tile_width, tile_height),) = items.sizes[tiles[0]]
    grid = _Grid(width, height, -(-width // tile_width), tiles, tile_height)
    reduced = Image.new("RGB", (-(-width // _STEP), -(-height // _STEP)))
    for top, band in _cut(data, items, grid):
        with Image.open(io.BytesIO(band), formats=("HEIF",)) as picture:
            reduced.paste(picture.convert("RGB").reduce(_STEP), (0, top // _STEP))
    return _turn(reduced, items)


def _cut(data: bytes, items: Items, grid: _Grid) -> Iterator[tuple[int, bytes]]:
    """Yield bands of a picture as files, and the row at which each begins."""
    rows = max(1, _BAND_PIXELS // (grid.width * grid.tile_height))
    for first in range(0, len(grid.tiles) // grid.across, rows):
        tiles = grid.tiles[first * grid.across : (first + rows) * grid.across]
        top = first * grid.tile_height
        height = min(len(tiles) // grid.across * grid.tile_height, grid.height - top)
        yield top, _write_file(data, items, tiles, grid.across, (grid.width, height))


def _write_file(data: bytes, items: Items, tiles: tuple[int, ...], across: int, size: tuple[int, int]) -> bytes:
    """Return a file whose picture is a grid of some of the tiles."""
    numbers = range(_GRID_ITEM + 1, _GRID_ITEM + 1 + len(tiles))
    payloads = [b"".join(data[start:end] for start, end in items.places.get(tile, ())) for tile in tiles]
    grid = struct.pack(">BBBBII", 0, 1, len(tiles) // across - 1, across - 1, *size)
    properties = [*items.properties, _full_box(b"ispe", struct.pack(">II", *size))]
    plain = [use for use in items.used[items.primary] if properties[(use & _NUMBER) - 1][4:8] in _PLAIN]
    uses = [[len(properties), *plain], *(items.used[tile] for tile in tiles)]
    associations = b"".join(
        struct.pack(f">HB{len(of_item)}H", item, len(of_item), *of_item)
        for item, of_item in zip((_GRID_ITEM, *numbers), uses, strict=True)
    )
    kinds = [b"grid", *(items.kinds[tile] for tile in tiles)]
    entries = b"".join(
        _full_box(b"infe", struct.pack(">HH4sB", item, 0, kind, 0), version=2)
        for item, kind in zip((_GRID_ITEM, *numbers), kinds, strict=True)
    )
    references = struct.pack(f">HH{len(tiles)}H", _GRID_ITEM, len(tiles), *numbers)
    contents = [grid, *payloads]

    def write_meta(start: int) -> bytes:
        places = b""
        for item, content in zip((_GRID_ITEM, *numbers), contents, strict=True):
            places += struct.pack(">HHHII", item, 0, 1, start, len(content))
            start += len(content)
        return _full_box(
            b"meta",
            _full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
            _full_box(b"pitm", struct.pack(">H", _GRID_ITEM)),
            _full_box(b"iloc", b"\x44\0", struct.pack(">H", len(contents)), places),
            _full_box(b"iinf", struct.pack(">H", len(kinds)), entries),
            _full_box(b"iref", _box(b"dimg", references)),
            _box(
                b"iprp",
                _box(b"ipco", *properties),
                _full_box(b"ipma", struct.pack(">I", len(uses)), associations, flags=1),
            ),
        )

    head = _box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    start = len(head) + len(write_meta(0)) + 8
    return head + write_meta(start) + _box(b"mdat", *contents)


def _turn(picture: Image.Image, items: Items) -> Image.Image:
    """Return the picture turned and mirrored as its properties say, in their order."""
    for use in items.used[items.primary]:
        content = items.properties[(use & _NUMBER) - 1]
        if content[4:8] == _TURN and (turns := content[8] & 3):
            turn = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)[turns - 1]
            picture = picture.transpose(turn)
        if content[4:8] == _MIRROR:
            is_across = content[8] & 1
            picture = picture.transpose(
                Image.Transpose.FLIP_LEFT_RIGHT if is_across else Image.Transpose.FLIP_TOP_BOTTOM
            )
    return picture


def _box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full_box(kind: bytes, *contents: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *contents)
