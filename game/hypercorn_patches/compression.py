"""Switches off the compression of WebSocket messages.

Hypercorn accepts permessage-deflate from every client that offers it, and no setting stops it:
https://github.com/pgjones/hypercorn/issues/307. Compression costs each connection about 100 kB. A few kilobytes of
compressed zeros unpack to tens of megabytes before any limit on the size of a message is checked. Our messages are
too small to gain from it.
"""

from __future__ import annotations

from hypercorn.protocol import ws_stream

from game.hypercorn_patches.handshakes import StrictHandshake


class _PlainHandshake(StrictHandshake):
    """A handshake that ignores which extensions the client offers."""

    def __init__(self, headers: list[tuple[bytes, bytes]], http_version: str) -> None:
        super().__init__(headers, http_version)
        self.extensions = None


def refuse_compression() -> None:
    """Have Hypercorn, in this process, accept no WebSocket extension."""
    ws_stream.Handshake = _PlainHandshake  # type: ignore[misc]
