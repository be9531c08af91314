"""Refuses files that are built to be slow, before Pillow opens them.

Pillow reads all that stands before the pixels piece by piece, in Python. A file of millions of tiny pieces would
keep it busy for minutes, and the texts of a PNG or the tables of a TIFF can take far more memory than the file. A
JPEG of several scans is kept whole in memory, whatever size it is reduced to. Pictures that cameras, scanners and
editors make stay far below the limits.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import Final

from recognition.errors import ImageTooLarge, UnreadableImage

_MOST_CHUNKS: Final = 20_000  # of a PNG; the usual ones of 8 kB make 2,000 in 16 MB
_MOST_TEXTS: Final = 16  # compressed texts of a PNG; Pillow allows each to become 1 MB
_MOST_SEGMENTS: Final = 1_000  # of a JPEG, before its pixels; 64 kB each
_MOST_JUNK: Final = 65_536  # bytes between the segments of a JPEG
_MOST_BEFORE_PIXELS: Final = 524_288  # bytes of comments and the like before the pixels of a GIF
_MOST_VALUES: Final = 400_000  # numbers in the tables of a TIFF; 65,535 strips have two each
_MOST_TILE_PIXELS: Final = 2_000_000  # in one tile of a TIFF; 1024×1024 is large
_MOST_COEFFICIENT_BYTES: Final = 105_000_000  # of a JPEG of several scans: 35 megapixels with the usual colors
_MOST_SCAN_PIXELS: Final = 500_000_000  # of a JPEG, in all its scans; the usual 10 scans of 25 megapixels are 250

_PRINT_COLORS: Final = 4  # components of a JPEG in cyan, magenta, yellow and black
_SCAN: Final = b"\xff\xda"
_READ_FRAMES: Final = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive; the others are not used in practice
_OTHER_FRAMES: Final = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_WITHOUT_LENGTH: Final = (0x01, *range(0xD0, 0xDA))
_TIFF_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_TIFF_BYTES: Final = (1, 2, 6, 7)  # types that Pillow keeps as bytes
_SUB_DIRECTORIES: Final = (34665, 34853, 40965)  # of EXIF, GPS and interoperability data
_SLACK: Final = 65_536  # bytes: values of up to four bytes are in the directory itself, or several may be one
_TILE_SIDES: Final = (322, 323)


def check_structure(data: bytes) -> None:
    """Check the pieces that a picture's file consists of.

    Raises:
        UnreadableImage: if there are far too many of them, or they end too early.
        ImageTooLarge: if it is a JPEG of several scans with too many pixels for that.
    """
    try:
        for magic, check in _CHECKS.items():
            if data.startswith(magic):
                check(data)
    except (struct.error, IndexError) as error:
        raise UnreadableImage("This picture is damaged or incomplete.") from error


def _refuse() -> UnreadableImage:
    return UnreadableImage("This picture file has an unusual structure. Save it again as a PNG or JPEG.")


def _check_png(data: bytes) -> None:
    position, texts = 8, 0
    for _ in range(_MOST_CHUNKS):
        if position + 8 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"IEND":
            return
        texts += kind in (b"zTXt", b"iTXt")
        if texts > _MOST_TEXTS:
            raise _refuse()
        position += length + 12
    raise _refuse()


def _check_gif(data: bytes) -> None:
    flags = data[10]
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    end = position + _MOST_BEFORE_PIXELS
    while position < len(data) and data[position] != 0x2C:  # the first image
        if position > end:
            raise _refuse()
        if data[position] != 0x21:  # no extension
            position += 1
            continue
        position += 2
        while data[position] and position < end:
            position += 1 + data[position]
        position += 1


def _check_tiff(data: bytes) -> None:
    sides = check_directories(data)
    if len(sides) == 2 and sides[0] * sides[1] > _MOST_TILE_PIXELS:
        raise _refuse()


def check_directories(block: bytes) -> list[int]:
    """Check the directories of a TIFF, or of the EXIF data of any picture.

    Returns:
        The sides of its tiles, if there are any.

    Raises:
        UnreadableImage: if its values together are far larger than the block, since they share their bytes.
    """
    with suppress(struct.error):  # what ends too early is left to Pillow
        return _check_directories(block)
    return []


def _check_directories(block: bytes) -> list[int]:
    order = "<" if block[:1] == b"I" else ">"
    positions = [struct.unpack_from(order + "I", block, 4)[0]]
    sides: list[int] = []
    size = numbers = 0
    for position in positions:
        (count,) = struct.unpack_from(order + "H", block, position)
        for entry in range(position + 2, min(position + 2 + 12 * count, len(block) - 11), 12):
            tag, kind, values = struct.unpack_from(order + "HHI", block, entry)
            values = min(values, len(block))
            size += min(values * _TIFF_SIZES.get(kind, 0), len(block))
            numbers += values * (kind in _TIFF_SIZES and kind not in _TIFF_BYTES)
            if size > 2 * len(block) + _SLACK or numbers > _MOST_VALUES:
                raise _refuse()
            if tag in _TILE_SIDES:
                sides.append(struct.unpack_from(order + ("H" if kind == 3 else "I"), block, entry + 8)[0])
            if tag in _SUB_DIRECTORIES and len(positions) <= len(_SUB_DIRECTORIES):
                positions += struct.unpack_from(order + "I", block, entry + 8)
    return sides


def _check_jpeg(data: bytes) -> None:
    position, junk = 2, 0
    exif: list[bytes] = []
    frame: tuple[int, int, int, bool] | None = None
    for _ in range(_MOST_SEGMENTS):
        marker_at = data.find(b"\xff", position)
        while marker_at >= 0 and data[marker_at + 1] in (0x00, 0xFF):
            marker_at = data.find(b"\xff", marker_at + 1)
            if marker_at - position > _MOST_JUNK:
                raise _refuse()
        junk += max(0, marker_at - position)
        if marker_at < 0 or junk > _MOST_JUNK:
            raise _refuse()
        marker, position = data[marker_at + 1], marker_at + 2
        if marker in _WITHOUT_LENGTH:
            continue
        if marker in _OTHER_FRAMES:
            raise _refuse()
        if marker in _READ_FRAMES:
            frame = (*_measure_frame(data, position), marker == 0xC2)
        length = struct.unpack_from(">H", data, position)[0]
        content = data[position + 2 : position + length]
        if content.startswith(b"Exif\0\0"):
            exif.append(content[6:])
        if content.startswith(b"MPF\0"):
            check_directories(content[4:])
        if marker == 0xDA:
            check_directories(b"".join(exif))
            if frame is not None:
                _check_scans(data, frame, components=data[position + 2])
            return
        position += length
    raise _refuse()


def _measure_frame(data: bytes, position: int) -> tuple[int, int, int]:
    """Return the pixels of a JPEG's frame, its components, and the bytes that all its coefficients take."""
    height, width, count = struct.unpack_from(">HHB", data, position + 3)
    samplings = [data[position + 9 + 3 * number] for number in range(count)]
    across, down = max((s >> 4 for s in samplings), default=1), max((s & 15 for s in samplings), default=1)
    share = sum((s >> 4) * (s & 15) for s in samplings) / max(1, across * down)
    # Colors for print are not converted while they are decoded, so Pillow keeps all four of each pixel, too.
    decoded = _PRINT_COLORS if count == _PRINT_COLORS else 0
    return width * height, count, round((2 * share + decoded) * width * height)


def _check_scans(data: bytes, frame: tuple[int, int, int, bool], components: int) -> None:
    """Check the work of all scans, of which the first has so many components."""
    pixels, count, coefficient_bytes, is_progressive = frame
    if not is_progressive and components == count:
        return
    if coefficient_bytes > _MOST_COEFFICIENT_BYTES:
        limit = _MOST_COEFFICIENT_BYTES * pixels // coefficient_bytes
        raise ImageTooLarge(
            f"This picture is too large (limit {limit // 1_000_000} megapixels for a progressive JPEG)."
        )
    # The marker of a scan cannot occur inside a scan. Previews inside the file count too, but are few.
    if data.count(_SCAN) * pixels > _MOST_SCAN_PIXELS:
        raise _refuse()


_CHECKS: Final = {
    b"\x89PNG\r\n\x1a\n": _check_png,
    b"GIF8": _check_gif,
    b"II*\0": _check_tiff,
    b"MM\0*": _check_tiff,
    b"\xff\xd8\xff": _check_jpeg,
}
