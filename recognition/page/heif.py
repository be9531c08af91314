"""Checks HEIC pictures, the photos of iPhones, before they are decoded, and lets Pillow read them.

libheif refuses a coded picture that is larger than the file's boxes say, or a grid that its tiles do not cover. So
it is enough to check the boxes: the sizes of all pictures, and how many tiles a grid has.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from PIL import Image

from recognition.errors import ImageTooLarge
from recognition.page.heif_bands import can_be_cut, decode_reduced
from recognition.page.heif_boxes import Items, has_brand, read_items

MAX_PIXELS: Final = 13_000_000
"""Most pixels of a HEIC that is decoded at once: usual photos of phones have 12.2 million, and the decoder takes
8 bytes for each. Larger ones are decoded in bands, if they are a grid of tiles."""

_MOST_IN_BANDS: Final = 25_000_000
_MOST_BYTES: Final = 5_000_000  # of a file: decoding takes time in proportion, 0.2 s a MB


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
    return has_brand(data[:16], b"heic", b"heix", b"heim", b"heis", b"mif1")


def check_heif(data: bytes) -> None:
    """Check the boxes of a HEIC picture.

    Raises:
        UnreadableImage: if they are damaged, too many, or describe a picture in an unusual way.
        ImageTooLarge: if the file, the picture or its tiles are too large.
    """
    if len(data) > _MOST_BYTES:
        raise ImageTooLarge(f"This picture is too large (limit {_MOST_BYTES // 1_000_000} MB for a HEIC).")
    items = _read(data)
    if _is_large(items) and not can_be_cut(items):
        raise ImageTooLarge(
            f"The picture is too large (limit {MAX_PIXELS // 1_000_000} megapixels for a HEIC of this kind)."
        )


def load_large(data: bytes) -> Image.Image | None:
    """Return a HEIC with more than `MAX_PIXELS`, upright and at half its size, or None if it has fewer.

    Raises what `check_heif` and Pillow raise.
    """
    items = _read(data)
    return decode_reduced(data, items) if _is_large(items) else None


def _read(data: bytes) -> Items:
    return read_items(data, _MOST_IN_BANDS, "a HEIC")


def _is_large(items: Items) -> bool:
    return any(width * height > MAX_PIXELS for sizes in items.sizes.values() for width, height in sizes)
