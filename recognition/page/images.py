"""Opening pictures that strangers send, and making the small ones that are kept and shown."""

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
_LYING: Final = (5, 6, 7, 8)  # EXIF's orientations of a picture that lies on its side

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What is decoded, whatever name the file bears: fewer decoders, less to attack."""

MAX_PIXELS: Final = 25_000_000
"""What is decoded at most. Of a JPEG, however large a phone made it, a fraction of the pixels is decoded."""

_ENOUGH: Final = 2048  # pixels a side that are more than enough to read a page from
_CROP_MARGIN: Final = 0.15  # of a crop's longer side, kept around it: later models may cut differently
_CROP_SIDE: Final = 256  # pixels of a crop's longer side, at most

Gray = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]


def read_image_size(data: bytes) -> tuple[int, int]:
    """Return the width and height in pixels of the picture held upright; raises as `open_gray` does."""
    with _opened(data) as picture, _decoding():
        width, height = picture.size
        _reduce(picture)
        lies = picture.getexif().get(_ORIENTATION, 1) in _LYING
        return (height, width) if lies else (width, height)


def open_gray(data: bytes) -> tuple[Gray, float]:
    """Return the first frame, upright, over white where it is transparent, and how much it was reduced.

    Returns:
        uint8 (height, width), and the original's pixels for each of its pixels, at least 1.

    Raises:
        UnreadableImage: if the bytes are no picture of a known format, or a broken one.
        ImageTooLarge: if more than `MAX_PIXELS` would have to be decoded.
    """
    with _opened(data) as picture, _decoding():
        width, _ = picture.size
        _reduce(picture)
        reduction = width / picture.width
        return np.asarray(ImageOps.exif_transpose(_flattened(picture))), reduction


def crop_box(grey: Gray, box: Box) -> Gray:
    """Return ``box`` (x, y, width, height) and a margin of a picture, made smaller where it is large."""
    x, y, width, height = box
    margin = round(_CROP_MARGIN * max(width, height))
    rows = slice(max(0, y - margin), y + height + margin)
    columns = slice(max(0, x - margin), x + width + margin)
    picture = Image.fromarray(grey[rows, columns])
    picture.thumbnail((_CROP_SIDE, _CROP_SIDE), Image.Resampling.BOX)
    return np.asarray(picture)


def encode_png(image: Images | Gray, *, ink_high: bool = True) -> bytes:
    """Return a PNG, dark ink on white, of a uint8 (height, width) picture."""
    buffer = io.BytesIO()
    Image.fromarray(255 - image if ink_high else image).save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow's own limit is replaced by ours, which is checked before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageTooLarge("The picture has far too many pixels.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise UnreadableImage(
            "This is not a picture that can be read. Send a PNG, JPEG, WebP, GIF, BMP or TIFF."
        ) from error


def _reduce(picture: Image.Image) -> None:
    """Have no more pixels decoded than are of use, before the first of them is."""
    picture.draft("L", (_ENOUGH, _ENOUGH))
    if picture.width * picture.height > MAX_PIXELS:
        raise ImageTooLarge(f"The picture is too large: at most {MAX_PIXELS // 1_000_000} megapixels are read.")


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise UnreadableImage("This picture is damaged or incomplete.") from error


def _flattened(picture: Image.Image) -> Image.Image:
    exif = picture.getexif()
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # Pillow would clip deeper greys to white; stretch what is there instead.
        deep = np.asarray(picture, dtype=np.float32)
        low, high = float(deep.min()), float(deep.max())
        flat = Image.fromarray(((deep - low) * (255 / max(high - low, 1e-9))).astype(np.uint8))
    elif picture.has_transparency_data:
        level, opacity = picture.convert("RGBA").convert("LA").split()
        flat = Image.new("L", picture.size, 255)
        flat.paste(level, mask=opacity)
    else:
        flat = picture.convert("L")
    # Which way is up goes along with the pixels.
    flat.getexif().update({_ORIENTATION: exif.get(_ORIENTATION, 1)})
    return flat
