"""Bounds the head of a request, and says why a request is refused that never reaches the application.

Hypercorn's ``h11_max_incomplete_size`` counts only a head that is not complete yet. One that arrives in one piece
may have 64 KiB and 13,000 lines, which hold up the event loop. Hypercorn also answers requests of any version
of HTTP, and its refusals are empty. We know of no upstream issue.
"""

from __future__ import annotations

import re
from typing import Any, Final

import h11
from hypercorn import protocol

from game.hypercorn_patches.http2 import Http1Protocol

_MOST_BYTES: Final = 20 * 1024
"""Most bytes of a head. Browsers send 1 to 2 kB; a link may have 8 kB."""

_MOST_LINES: Final = 100
"""Most lines of a head. Browsers send 15 to 20, and a proxy adds some."""

_VERSION: Final = re.compile(rb"\A[^\n]* HTTP/(\d\.\d)\r?(?:\n|\Z)")
_VERSIONS: Final = (b"1.0", b"1.1")
_HEAD_ENDS: Final = (b"\r\n\r\n", b"\n\n", b"\n\r\n")

REFUSALS: Final = {
    400: ("bad_request", "The server cannot understand this request."),
    403: ("forbidden", "The server does not take this connection."),
    426: ("websocket_version", "The server speaks version 13 of the WebSocket protocol only."),
    431: ("head_too_large", "The headers of this request are too large, or there are too many."),
    500: ("internal_error", "Something went wrong on the server. Please try again."),
    501: ("not_implemented", "The server does not know this transfer encoding."),
    505: ("http_version", "The server speaks HTTP/1.0 and HTTP/1.1 only."),
}
"""Code and message of each status that the server may give before the application sees a request."""


def make_refusal(status: int) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return the body of a refusal, as the application's errors are, and its headers. The connection is closed."""
    code, message = REFUSALS.get(status, REFUSALS[400])
    body = b'{"error":{"code":"%b","message":"%b"}}' % (code.encode(), message.encode())
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if status == 426:
        headers += [(b"upgrade", b"websocket"), (b"sec-websocket-version", b"13")]
    return body, headers


class _BoundedConnection(h11.Connection):
    """A connection that does not look into a head that is too large."""

    def next_event(self) -> Any:
        """Return the next event.

        Raises:
            RemoteProtocolError: also for a head that is too large, or of a version of HTTP that is not served.
        """
        if self.their_state is h11.IDLE:
            self._check_head()
        return super().next_event()

    def _check_head(self) -> None:
        data, _ = self.trailing_data
        end = min((place for mark in _HEAD_ENDS if (place := data.find(mark)) >= 0), default=len(data))
        if end > _MOST_BYTES or data.count(b"\n", 0, end) > _MOST_LINES:
            raise h11.RemoteProtocolError("head too large", error_status_hint=431)
        version = _VERSION.search(data, 0, end)
        if version and version[1] not in _VERSIONS:
            raise h11.RemoteProtocolError("unknown version of HTTP", error_status_hint=505)


class BoundedProtocol(Http1Protocol):
    """HTTP/1.1 with bounded heads and refusals that say why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection = _BoundedConnection(
            h11.SERVER, max_incomplete_event_size=self.config.h11_max_incomplete_size
        )

    async def _send_error_response(self, status_code: int) -> None:
        body, headers = make_refusal(status_code)
        await self._send_h11_event(
            h11.Response(status_code=status_code, headers=headers + self.config.response_headers("h11"))
        )
        await self._send_h11_event(h11.Data(data=body))
        await self._send_h11_event(h11.EndOfMessage())


def bound_heads() -> None:
    """Have Hypercorn, in this process, refuse heads that are too large. Call it after `refuse_http2`."""
    protocol.H11Protocol = BoundedProtocol  # type: ignore[attr-defined]
