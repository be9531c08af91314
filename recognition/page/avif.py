"""Checks AVIF pictures before Pillow decodes them.

The decoder takes memory as the AV1 streams in the file say, whatever the boxes say. Therefore both must say the
same of each picture, and each stream must be a single frame.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from PIL import AvifImagePlugin, features

from recognition.errors import ImageTooLarge, UnreadableImage
from recognition.page.av1 import UnusualStream, read_picture
from recognition.page.heif_boxes import has_brand, read_items, refuse

MAX_PIXELS: Final = 13_000_000
"""Most pixels of an AVIF: usual photos of phones have 12.2 million."""

_MOST_BYTES: Final = 4_000_000  # of a file: decoding takes time in proportion, 0.06 s a MB
_MOST_MEMORY: Final = 130_000_000  # bytes that decoding may take
_PILLOW_BYTES: Final = (7.5, 9)  # a pixel, without and with opacity: Pillow makes a string and a picture of it

_AUXILIARY: Final = b"auxC"  # the property of a picture that is the opacity of another


@cache
def prepare_avif() -> bool:
    """Have Pillow decode AVIF pictures on one core. Return whether it can: not every build has a decoder."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    return bool(features.check("avif"))


def is_avif(data: bytes) -> bool:
    """Return whether a file says that it is an AVIF picture."""
    return has_brand(data, b"avif", b"avis")


def check_avif(data: bytes) -> None:
    """Check the boxes and the streams of an AVIF picture.

    Raises:
        UnreadableImage: if they are damaged, too many, or describe a picture in an unusual way, or if it is
            animated.
        ImageTooLarge: if the file, the picture or its tiles are too large.
    """
    if has_brand(data[:12], b"avis"):
        raise UnreadableImage("An animated AVIF is not read. Take a screenshot of it and send that.")
    if len(data) > _MOST_BYTES:
        raise ImageTooLarge(f"This picture is too large (limit {_MOST_BYTES // 1_000_000} MB for an AVIF).")
    items = read_items(data, MAX_PIXELS, "an AVIF")
    coded = {item: items.places.get(item, []) for item, kind in items.kinds.items() if kind == b"av01"}
    if sum(end - start for places in coded.values() for start, end in places) > _MOST_BYTES:
        raise refuse()  # pieces that share their bytes
    decoded = 0.0
    for item, places in coded.items():
        try:
            stream = read_picture(b"".join(data[start:end] for start, end in places))
        except UnusualStream as error:
            raise refuse() from error
        if items.sizes.get(item) != [(stream.width, stream.height)]:
            raise refuse()
        decoded += stream.width * stream.height * stream.pixel_bytes * (1 + stream.has_grain)
    pixels = max((width * height for sizes in items.sizes.values() for width, height in sizes), default=0)
    is_transparent = any(content[4:8] == _AUXILIARY for content in items.properties)
    memory = decoded + _PILLOW_BYTES[is_transparent] * pixels
    if memory > _MOST_MEMORY:
        limit = _MOST_MEMORY * pixels / memory
        raise ImageTooLarge(
            f"The picture is too large (limit {int(limit) // 1_000_000} megapixels for an AVIF of this kind)."
        )
