"""Opens pictures that strangers upload, and makes the small images that are stored and shown."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from recognition.errors import ImageTooLarge, UnreadableImage
from recognition.render import Images

_ORIENTATION: Final = 0x0112
_TURNED: Final = (5, 6, 7, 8)  # EXIF orientations in which width and height are exchanged

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""Formats that are decoded, whatever the file is called. Each further decoder is one more target for attacks."""

MAX_PIXELS: Final = 25_000_000
"""Most pixels that are decoded. A JPEG may be larger, since it is reduced while it is decoded."""

_ENOUGH_PIXELS: Final = 2048  # per side, to read a page
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
        is_turned = picture.getexif().get(_ORIENTATION, 1) in _TURNED
        return (height, width) if is_turned else (width, height)


def open_gray(data: bytes) -> tuple[Gray, float]:
    """Decode the first frame of a picture, upright, with white where it is transparent.

    Returns:
        uint8 (height, width), and how many pixels wide the original is for each of its pixels, at least 1.

    Raises:
        UnreadableImage: if the bytes are not a picture in a known format, or the picture is damaged.
        ImageTooLarge: if more than `MAX_PIXELS` would have to be decoded.
    """
    with _open_image(data) as picture, _refuse_damaged():
        width, _ = picture.size
        _reduce(picture)
        reduction = width / picture.width
        return np.asarray(ImageOps.exif_transpose(_convert_to_gray(picture))), reduction


def crop_box(gray: Gray, box: Box) -> Gray:
    """Return the part of a picture in ``box`` with a margin, reduced to at most 256 pixels a side."""
    x, y, width, height = box
    margin = round(_CROP_MARGIN * max(width, height))
    rows = slice(max(0, y - margin), y + height + margin)
    columns = slice(max(0, x - margin), x + width + margin)
    picture = Image.fromarray(gray[rows, columns])
    picture.thumbnail((_CROP_SIDE, _CROP_SIDE), Image.Resampling.BOX)
    return np.asarray(picture)


def encode_png(image: Images | Gray, *, ink_high: bool = True) -> bytes:
    """Return a uint8 (height, width) image as a PNG with dark ink on white.

    Args:
        image: the image.
        ink_high: whether its ink has high values. Otherwise its values are gray levels, and ink is low.
    """
    buffer = io.BytesIO()
    Image.fromarray(255 - image if ink_high else image).save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _open_image(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # `_reduce` checks our own limit instead of Pillow's, and also before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageTooLarge("The picture has far too many pixels.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise UnreadableImage(
            "This file is not a picture that can be read. Send a PNG, JPEG, WebP, GIF, BMP or TIFF."
        ) from error


def _reduce(picture: Image.Image) -> None:
    """Let the decoder reduce the picture to the pixels that are needed, and check how many are left."""
    picture.draft("L", (_ENOUGH_PIXELS, _ENOUGH_PIXELS))
    if picture.width * picture.height > MAX_PIXELS:
        raise ImageTooLarge(f"The picture is too large (limit {MAX_PIXELS // 1_000_000} megapixels).")


@contextmanager
def _refuse_damaged() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise UnreadableImage("This picture is damaged or incomplete.") from error


def _convert_to_gray(picture: Image.Image) -> Image.Image:
    exif = picture.getexif()
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # Pillow would clip levels above 255 to white.
        deep = np.asarray(picture, dtype=np.float32)
        low, high = float(deep.min()), float(deep.max())
        gray = Image.fromarray(((deep - low) * (255 / max(high - low, 1e-9))).astype(np.uint8))
    elif picture.has_transparency_data:
        levels, opacity = picture.convert("RGBA").convert("LA").split()
        gray = Image.new("L", picture.size, 255)
        gray.paste(levels, mask=opacity)
    else:
        gray = picture.convert("L")
    # The orientation must stay with the pixels.
    gray.getexif().update({_ORIENTATION: exif.get(_ORIENTATION, 1)})
    return gray
