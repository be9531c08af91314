"""A connection stays HTTP/1.1, whatever the client asks for."""

from __future__ import annotations

import pytest

from tests.serving import Server

SETTINGS = b"AAMAAABkAARAAAAAAAIAAAAA"
HTTP2_FRAME = b"\0\0\x2a\x04\0\0\0\0\0"  # how a server that speaks HTTP/2 begins: its SETTINGS


@pytest.mark.parametrize("connection", [b"Upgrade, HTTP2-Settings", b"Upgrade", b"keep-alive"])
def test_a_request_for_http2_is_answered_in_http1(shared_server: Server, connection: bytes) -> None:
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nHTTP2-Settings: %b\r\nConnection: %b\r\n\r\n"
    once_more = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = shared_server.send_raw(ask % (SETTINGS, connection) + once_more)
    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert b"101" not in answer.splitlines()[0]
    assert HTTP2_FRAME not in answer


def test_a_client_that_starts_with_http2_is_refused(shared_server: Server) -> None:
    answer = shared_server.send_raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HTTP2_FRAME)
    assert answer.startswith(b"HTTP/1.1 505 ")
    assert HTTP2_FRAME not in answer
