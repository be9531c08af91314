"""Opening pictures that strangers send, and making the small ones that are kept and shown."""

from __future__ import annotations

import io
import warnings
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from recognition.errors import ImageTooLarge, UnreadableImage
from recognition.render import Images

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What is decoded, whatever name the file bears: fewer decoders, less to attack."""

MAX_PIXELS: Final = 50_000_000
"""Larger than any phone's usual photo; a bomb that claims more is refused before it is decoded."""

Grey = npt.NDArray[np.uint8]


def image_size(data: bytes) -> tuple[int, int]:
    """Return the width and height in pixels of the picture held upright; raises as `open_grey` does."""
    with _opened(data) as picture:
        width, height = picture.size
        turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        return (height, width) if turned else (width, height)


def open_grey(data: bytes) -> Grey:
    """Return the first frame, upright, over white where it is transparent: uint8 (height, width).

    Raises:
        UnreadableImage: if the bytes are no picture of a known format, or a broken one.
        ImageTooLarge: if it claims more than `MAX_PIXELS`.
    """
    with _opened(data) as picture:
        try:
            upright = ImageOps.exif_transpose(picture)
            return np.asarray(_flattened(upright))
        except (OSError, ValueError, SyntaxError, MemoryError) as error:
            raise UnreadableImage("This picture is damaged or incomplete.") from error


def png(image: Images | Grey, *, ink_high: bool = True) -> bytes:
    """Return a PNG, dark ink on white, of a uint8 (height, width) picture."""
    buffer = io.BytesIO()
    Image.fromarray(255 - image if ink_high else image).save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow's own limit is replaced by ours, which is checked before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, ValueError, SyntaxError) as error:
        raise UnreadableImage(
            "This is not a picture that can be read. Send a PNG, JPEG, WebP, GIF, BMP or TIFF."
        ) from error
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large()
    return picture


def _too_large() -> ImageTooLarge:
    return ImageTooLarge(f"The picture is too large: at most {MAX_PIXELS // 1_000_000} million pixels are read.")


def _flattened(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # Pillow would clip deeper greys to white; stretch what is there instead.
        deep = np.asarray(picture, dtype=np.float64)
        low, high = float(deep.min()), float(deep.max())
        return Image.fromarray(((deep - low) * (255 / max(high - low, 1e-9))).astype(np.uint8))
    if picture.has_transparency_data:
        coloured = picture.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("L")
    return picture.convert("L")
