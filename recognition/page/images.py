"""Opens pictures that strangers upload, and makes the small images that are stored and shown."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from recognition.errors import ImageTooLarge, UnreadableImage
from recognition.page.avif import check_avif, is_avif, prepare_avif
from recognition.page.heif import check_heif, is_heif, load_large, register_heif
from recognition.page.libtiff import silence_libtiff
from recognition.page.other_files import describe_unreadable
from recognition.page.structure import check_directories, check_structure
from recognition.render import Images

_ORIENTATION: Final = 0x0112
_TURNED: Final = (5, 6, 7, 8)  # EXIF orientations in which width and height are exchanged
_TURNS: Final = {
    1: (False, False, False),
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, True, False),
    7: (True, True, True),
    8: (True, False, True),
}
"""For each EXIF orientation, how the pixels become upright: whether they are transposed, and before that flipped
upside down and from left to right."""

FORMATS: Final[tuple[str, ...]] = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""Formats that are decoded, whatever the file is called. HEIC and AVIF are too, if their decoders are there. Each
further decoder is one more target for attacks."""

MAX_PIXELS: Final = 25_000_000
"""Most pixels that are decoded. A JPEG may be larger, since it is reduced while it is decoded. A WebP or a TIFF in
color may have 5 to 9 million, an AVIF 13 million, since their decoders keep several copies."""

_MOST_BYTES: Final = 100_000_000  # that a decoder may take
_MOST_SIDE: Final = 65_535  # pixels, as in JPEG; Pillow takes memory for each row and for a copy of a row
_PIXEL_BYTES: Final = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}  # in Pillow; other modes take 4
_WEBP_BYTES: Final = 20  # a pixel: the decoder keeps two frames and returns a third
_TIFF_COMPRESSIONS: Final = {
    *("raw", "packbits", "jpeg"),
    *("tiff_ccitt", "group3", "group4"),
    *("tiff_lzw", "tiff_deflate", "tiff_adobe_deflate"),
}
_SAMPLES: Final = (258, 277)  # TIFF tags: bits of a sample, samples of a pixel
_MOST_COLOR_PIXELS: Final = 50_000_000  # of a JPEG whose colors are looked at; its data are then decoded twice
_TEXT_PROFILE: Final = "Raw profile type exif"  # where older programs put the EXIF data of a PNG, in hexadecimal
_PNG_EXTRAS: Final = (b"eXIf", b"iTXt", b"zTXt", b"tEXt")  # chunks that may say how the camera was held
_ENOUGH_PIXELS: Final = 2048  # per side, to read a page
_ENOUGH_COLORS: Final = 1024  # the same in color, which most JPEGs hold at half the size
_PREVIEW_QUALITY: Final = 80  # of JPEG, in percent
_CROP_MARGIN: Final = 0.15  # around a crop, relative to its longer side: later models may crop differently
_CROP_SIDE: Final = 256  # most pixels of a crop's longer side

Gray = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""x, y, width and height."""


def read_image_size(data: bytes) -> tuple[int, int]:
    """Return the width and height in pixels of the upright picture. Raises what `open_gray` raises."""
    with _open_image(data) as picture, _refuse_damaged():
        width, height = picture.size
        _reduce(picture)
        has_extras = picture.format != "PNG" or any(kind in data for kind in _PNG_EXTRAS)
        # Pillow exchanges the sides of a TIFF itself.
        if picture.format != "TIFF" and has_extras and _read_orientation(picture) in _TURNED:
            return height, width
        return width, height


def open_gray(data: bytes) -> tuple[Gray, float]:
    """Decode the first frame of a picture, upright, in gray levels that show its ink.

    Returns:
        uint8 (height, width), and how many pixels wide the original is for each of its pixels, at least 1.

    Raises:
        UnreadableImage: if the bytes are not a picture in a known format, or the picture is damaged.
        ImageTooLarge: if more than `MAX_PIXELS` would have to be decoded, or decoding would take too much memory.
    """
    # Only pictures need SciPy. A server without uploads does not spend the memory.
    from recognition.page.gray import (  # noqa: PLC0415
        Conversion,
        choose_conversion,
        choose_for_jpeg,
        convert_to_gray,
    )

    with _open_image(data) as picture, _refuse_damaged():
        width, _ = picture.size
        is_jpeg = picture.format == "JPEG"
        has_colors = picture.mode != "L" and picture.width * picture.height <= _MOST_COLOR_PIXELS
        conversion = choose_for_jpeg(data) if is_jpeg and has_colors else Conversion()
        _reduce(picture, in_color=conversion.projection is not None)
        if picture.format == "HEIF" and (half := load_large(data)):
            picture = half  # noqa: PLW2901
        picture.load()
        orientation = _read_orientation(picture)
        conversion = conversion if is_jpeg else choose_conversion(picture)
        gray = convert_to_gray(picture, conversion, _choose_step(picture))
        reduction = width / gray.shape[1]
        picture.close()  # the pixels of a large picture in color take 100 MB
    return _turn_upright(gray, orientation), reduction


def render_preview(data: bytes) -> bytes:
    """Return a picture, upright and in gray, as a JPEG of at most 2,048 pixels a side.

    It is for browsers that cannot show the picture's own format. Raises what `open_gray` raises.
    """
    return encode_preview(open_gray(data)[0])


def encode_preview(gray: Gray) -> bytes:
    """Return a picture in gray, uint8 (height, width), as a JPEG of at most 2,048 pixels a side."""
    picture = Image.fromarray(gray)
    picture.thumbnail((_ENOUGH_PIXELS, _ENOUGH_PIXELS), Image.Resampling.BOX)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_PREVIEW_QUALITY)
    return buffer.getvalue()


def crop_box(gray: Gray, box: Box) -> Gray:
    """Return the part of a picture in ``box`` with a margin, reduced to at most 256 pixels a side."""
    x, y, width, height = box
    margin = round(_CROP_MARGIN * max(width, height))
    rows = slice(max(0, y - margin), y + height + margin)
    columns = slice(max(0, x - margin), x + width + margin)
    crop = gray[rows, columns]
    if max(crop.shape) <= _CROP_SIDE:
        return crop.copy()
    picture = Image.fromarray(crop)
    picture.thumbnail((_CROP_SIDE, _CROP_SIDE), Image.Resampling.BOX)
    return np.asarray(picture)


def encode_png(image: Images | Gray, *, ink_high: bool = True) -> bytes:
    """Return a uint8 (height, width) image as a PNG with dark ink on white.

    Args:
        image: the image.
        ink_high: whether its ink has high values. Otherwise its values are gray levels, and ink is low.
    """
    if ink_high:
        return _write_png(255 - image)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _write_png(gray: Images) -> bytes:
    """Return gray levels as a PNG whose rows are not filtered.

    Pillow takes five times as long for an image of 28×28. Its filters make photos smaller, but not drawn lines.
    """
    height, width = gray.shape
    rows = np.zeros((height, 1 + width), np.uint8)  # the first byte of each row says that it has no filter
    rows[:, 1:] = gray
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)  # 8 bits of gray
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _open_image(data: bytes) -> Image.Image:
    check_structure(data)
    silence_libtiff()
    formats = FORMATS
    if is_avif(data) and prepare_avif():
        check_avif(data)
        formats = ("AVIF",)
    elif is_heif(data) and register_heif():
        check_heif(data)
        formats = ("HEIF",)
    try:
        with warnings.catch_warnings():
            # `_reduce` checks our own limit instead of Pillow's, and also before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # of damage, which nobody needs to see in a server's log
            return Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise ImageTooLarge("The picture has far too many pixels.") from error
    except (OSError, ValueError, SyntaxError, RuntimeError) as error:
        raise UnreadableImage(describe_unreadable(data)) from error


def _reduce(picture: Image.Image, *, in_color: bool = False) -> None:
    """Let the decoder reduce the picture to the pixels that are needed, and check how many are left."""
    mode, side = ("RGB", _ENOUGH_COLORS) if in_color else ("L", _ENOUGH_PIXELS)
    picture.draft(mode, (side, side))
    compression = picture.info.get("compression")
    if picture.format == "BMP" and compression in (1, 2):
        raise UnreadableImage("A BMP with run-length encoding is not read. Save it again as a PNG or JPEG.")
    if picture.format == "TIFF" and compression not in _TIFF_COMPRESSIONS:
        raise UnreadableImage(f"A TIFF with {compression} compression is not read. Save it as a PNG or JPEG.")
    limit = min(MAX_PIXELS, _MOST_BYTES // _count_pixel_bytes(picture))
    if picture.width * picture.height > limit:
        of_kind = "" if limit == MAX_PIXELS else f" for a {picture.format} of this kind; a JPEG may have more"
        raise ImageTooLarge(f"The picture is too large (limit {limit // 1_000_000} megapixels{of_kind}).")
    if max(picture.size) > _MOST_SIDE:
        raise ImageTooLarge(f"The picture is too long (limit {_MOST_SIDE:,} pixels a side).")


def _choose_step(picture: Image.Image) -> int:
    """Return how many pixels of a side become one, as the decoder of a JPEG reduces it."""
    return max(1, min(picture.size) // _ENOUGH_PIXELS, max(picture.size) // (2 * _ENOUGH_PIXELS))


def _count_pixel_bytes(picture: Image.Image) -> int:
    """Return how many bytes a pixel takes while the picture is decoded."""
    count = _PIXEL_BYTES.get(picture.mode, 4)
    if picture.format == "WEBP":
        return _WEBP_BYTES
    if isinstance(picture, TiffImageFile):
        # All may be in one strip, and Pillow makes another copy to turn it.
        bits, samples = (picture.tag_v2.get(tag, 1) for tag in _SAMPLES)
        bits_of_sample = max(bits) if isinstance(bits, tuple) else bits
        strip = 4 if picture.info.get("compression") == "jpeg" else -(-bits_of_sample * samples // 8)
        return 2 * count + strip
    return count


@contextmanager
def _refuse_damaged() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    except (EOFError, OSError, RuntimeError, ValueError, SyntaxError, MemoryError) as error:
        raise UnreadableImage("This picture is damaged or incomplete.") from error


def _read_orientation(picture: Image.Image) -> int:
    """Return how the camera was held, as EXIF says it, from 1."""
    if picture.format == "HEIF":
        return 1  # the decoder has turned it
    block = picture.info.get("exif", b"")
    if _TEXT_PROFILE in picture.info:
        block = bytes.fromhex("".join(picture.info[_TEXT_PROFILE].split("\n")[3:]))
    check_directories(block.removeprefix(b"Exif\0\0"))
    orientation = picture.getexif().get(_ORIENTATION, 1)
    return orientation if orientation in _TURNS else 1


def _turn_upright(gray: Gray, orientation: int) -> Gray:
    is_turned, is_flipped_down, is_flipped_across = _TURNS[orientation]
    upright = gray[:: -1 if is_flipped_down else 1, :: -1 if is_flipped_across else 1]
    return np.ascontiguousarray(upright.T if is_turned else upright)
