"""Checks HEIC pictures, the photos of iPhones, before they are decoded, and lets Pillow read them.

libheif refuses a coded picture that is larger than the file's boxes say, or a grid that its tiles do not cover. So
it is enough to check the boxes: the sizes of all pictures, and how many tiles a grid has.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from recognition.errors import ImageTooLarge
from recognition.page.boxes import has_brand, read_items

MAX_PIXELS: Final = 13_000_000
"""Most pixels of a HEIC: usual photos of phones have 12.2 million. The decoder takes 8 bytes for each."""

_MOST_BYTES: Final = 4_000_000  # of a file: decoding takes time in proportion, 0.2 s a MB
_MOST_TILE_PIXELS: Final = 14_000_000


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
    read_items(data, MAX_PIXELS, _MOST_TILE_PIXELS, "a HEIC")
