"""Switches off the compression of websocket messages.

Hypercorn accepts permessage-deflate from every client that offers it and has no setting against that. It costs
each connection some 100 kB, and a few kilobytes of compressed zeros unpack to tens of megabytes before any limit
on a message's size is looked at. Messages here are far too small to gain from it.
"""

from __future__ import annotations

from hypercorn.protocol import ws_stream


class _PlainHandshake(ws_stream.Handshake):
    """A handshake that overhears which extensions the client offers."""

    def __init__(self, headers: list[tuple[bytes, bytes]], http_version: str) -> None:
        super().__init__(headers, http_version)
        self.extensions = None


def refuse_compression() -> None:
    """Have Hypercorn, in this process, agree to no extension of a websocket."""
    ws_stream.Handshake = _PlainHandshake  # type: ignore[misc]
