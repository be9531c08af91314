"""Compression of text for browsers that take it: gzip, which every browser knows and Python has.

An attacker who can add text to a response with a secret can guess the secret by the compressed length (BREACH).
So a response that holds a secret is marked ``no-store``, and is not compressed. Pages hold no secret, and the
player's cookie is not sent with the requests of other sites' pages (``SameSite=Lax``).
"""

from __future__ import annotations

import asyncio
import gzip
from typing import Final

from quart import Request, Response
from quart.wrappers.response import DataBody
from werkzeug.datastructures import Accept

MIN_BYTES: Final = 1024
"""A smaller body fits into one packet anyway."""

_LEVEL: Final = 6  # for text that is made for one request
_LONG: Final = 65_536  # bytes; more would hold up the event loop for longer than a millisecond
_KINDS: Final = frozenset(
    {
        "application/json",
        "application/manifest+json",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)


def is_text(mimetype: str) -> bool:
    """Return whether contents of this type become much smaller."""
    return mimetype in _KINDS


def accepts_gzip(accepted: Accept) -> bool:
    """Return whether a client takes gzip and does not prefer plain contents (RFC 9110, 12.5.3)."""
    qualities = {name.lower(): quality for name, quality in accepted}
    quality = qualities.get("gzip", qualities.get("*", 0))
    return quality > 0 and quality >= qualities.get("identity", 0)


async def compress_response(request: Request, response: Response) -> None:
    """Compress the body of ``response`` if it is worth it and its client takes it.

    Its ETag must be weak: the plain and the compressed body share it.
    """
    body = response.response
    if (
        not isinstance(body, DataBody)
        or not is_text(response.mimetype or "")
        or "Content-Encoding" in response.headers
        or response.cache_control.no_store
        or len(body.data) < MIN_BYTES
    ):
        return
    response.vary.add("Accept-Encoding")
    if accepts_gzip(request.accept_encodings):
        if len(body.data) > _LONG:
            compressed = await asyncio.to_thread(gzip.compress, body.data, _LEVEL, mtime=0)
        else:
            compressed = gzip.compress(body.data, _LEVEL, mtime=0)
        response.set_data(compressed)
        response.headers["Content-Encoding"] = "gzip"
