"""Pictures as data URIs (RFC 2397): text that JSON, CSV, a cell of the Sheet and an HTML page can hold."""

from __future__ import annotations

import base64
from typing import Final

PNG_URI_PREFIX: Final = "data:image/png;base64,"
"""The beginning of a PNG's data URI."""

PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
"""The beginning of a PNG: its signature, then the head of its first chunk (PNG specification, 5.2 and 11.2.1)."""

_FIRST_CHUNK_BYTES: Final = 8  # width and height, which follow the head


def encode_data_uri(mimetype: str, content: bytes) -> str:
    """Return a file as a data URI."""
    return f"data:{mimetype};base64,{base64.b64encode(content).decode('ascii')}"


def encode_png_uri(png: bytes) -> str:
    """Return a PNG as a data URI."""
    return encode_data_uri("image/png", png)


def decode_png_uri(uri: str) -> bytes:
    """Return the PNG of a data URI.

    Raises:
        ValueError: if it is not the data URI of a PNG or is damaged; the text says which.
    """
    if not uri.startswith(PNG_URI_PREFIX):
        raise ValueError(f"it does not begin with {PNG_URI_PREFIX}")
    try:
        png = base64.b64decode(uri.removeprefix(PNG_URI_PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("the base64 is damaged") from error
    if not png.startswith(PNG_HEAD) or len(png) < len(PNG_HEAD) + _FIRST_CHUNK_BYTES:
        raise ValueError("there is no PNG")
    return png
