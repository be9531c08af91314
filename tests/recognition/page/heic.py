"""Makes HEIC files like those of iPhones: a picture is a grid of tiles.

The tile is a drawing of 256×256 pixels that pillow-heif encoded once (`tile.heic`): pi-heif only decodes.
"""

from __future__ import annotations

import struct
from pathlib import Path

TILE = Path(__file__).with_name("tile.heic")


def box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def full_box(kind: bytes, *contents: bytes, version: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24), *contents)


def find_box(data: bytes, kind: bytes) -> bytes:
    """Return the first box of a kind, with its head."""
    at = data.index(kind) - 4
    return data[at : at + int(struct.unpack_from(">I", data, at)[0])]


def make_grid(
    across: int,
    down: int,
    *,
    size: tuple[int, int] | None = None,
    said: tuple[int, int] | None = None,
    turn: int | None = None,
    mirror: int | None = None,
) -> bytes:
    """Return a HEIC whose picture is a grid of tiles.

    Args:
        across: how many tiles are in a row.
        down: how many rows of tiles there are.
        size: width and height of the picture, by default those of all tiles.
        said: the size that the picture's property says, by default the true one.
        turn: quarter turns to the left.
        mirror: 0 to exchange top and bottom, 1 to exchange left and right, after the turn.
    """
    tile = TILE.read_bytes()
    payload = find_box(tile, b"mdat")[8:]
    tile_size = find_box(tile, b"ispe")
    width, height = struct.unpack_from(">II", tile_size, 12)
    size = size or (across * width, down * height)
    grid = struct.pack(">BBBBII", 0, 1, down - 1, across - 1, *size)
    properties = [tile_size, find_box(tile, b"hvcC"), full_box(b"ispe", struct.pack(">II", *(said or size)))]
    used = [3]
    if turn is not None:
        properties.append(box(b"irot", bytes([turn])))
        used.append(0x80 | len(properties))
    if mirror is not None:
        properties.append(box(b"imir", bytes([mirror])))
        used.append(0x80 | len(properties))
    count = across * down
    tiles = range(2, 2 + count)  # the numbers of their items; all have the same bytes
    kinds = [(1, b"grid"), *((number, b"hvc1") for number in tiles)]
    entries = [
        full_box(b"infe", struct.pack(">HH4sB", *kind_of, 0), version=2)
        for kind_of in ((number, 0, kind) for number, kind in kinds)
    ]
    items = full_box(b"iinf", struct.pack(">H", 1 + count), *entries)
    references = full_box(b"iref", box(b"dimg", struct.pack(f">HH{count}H", 1, count, *tiles)))
    associations = struct.pack(">IHB", 1 + count, 1, len(used)) + bytes(used)
    associations += b"".join(struct.pack(">HBBB", number, 2, 1, 0x82) for number in tiles)

    def make_meta(start: int) -> bytes:
        places = [(1, start, len(grid)), *((number, start + len(grid), len(payload)) for number in tiles)]
        locations = b"".join(struct.pack(">HHHII", item, 0, 1, at, length) for item, at, length in places)
        return full_box(
            b"meta",
            full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
            full_box(b"pitm", struct.pack(">H", 1)),
            full_box(b"iloc", b"\x44\0", struct.pack(">H", 1 + count), locations),
            items,
            references,
            box(b"iprp", box(b"ipco", *properties), full_box(b"ipma", associations)),
        )

    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    start = len(head) + len(make_meta(0)) + 8
    return head + make_meta(start) + box(b"mdat", grid, payload)
