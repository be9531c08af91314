"""Keeps connections to HTTP/1.1.

Hypercorn switches to HTTP/2 on a connection without TLS, when a request asks for it (``Upgrade: h2c``) or when the
client just begins with it. No setting stops it: https://github.com/pgjones/hypercorn/issues/38, and 317 for h2c.
A proxy that passes ``Upgrade`` on, as the play socket needs, would then let a client send requests through the
upgraded connection that the proxy's own rules never see ("h2c smuggling"). RFC 9110, section 7.8, lets a server
ignore ``Upgrade``, and RFC 9113 no longer has h2c. Browsers never use HTTP/2 without TLS.
"""

from __future__ import annotations

from h11 import Request
from hypercorn import protocol
from hypercorn.protocol.h11 import H11Protocol


class Http1Protocol(H11Protocol):
    """HTTP/1.1 that never gives way to HTTP/2: the request is answered as if it had not asked."""

    async def _check_protocol(self, event: Request) -> None:
        pass


def refuse_http2() -> None:
    """Have Hypercorn, in this process, answer in HTTP/1.1 whatever a client asks for."""
    protocol.H11Protocol = Http1Protocol  # type: ignore[attr-defined]
