"""The server closes the connection of a handshake that it cannot accept."""

from __future__ import annotations

import pytest

from tests.serving import Server

UPGRADE = b"Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
VERSION = b"Sec-WebSocket-Version: 13\r\n"


@pytest.mark.parametrize("path", [b"/play/v1", b"/nothing"])
@pytest.mark.parametrize(
    ("version", "headers", "rest"),
    [
        (b"1.1", VERSION, b""),
        (b"1.1", KEY, b""),
        (b"1.1", KEY + b"Sec-WebSocket-Version: 8\r\n", b""),
        (b"1.0", KEY + VERSION, b""),
        (b"1.1", KEY + VERSION + b"Content-Length: 5\r\n", b"hello"),
    ],
    ids=["no key", "no version", "an old version", "HTTP/1.0", "a body"],
)
def test_the_connection_of_a_damaged_handshake_is_closed(
    shared_server: Server, path: bytes, version: bytes, headers: bytes, rest: bytes
) -> None:
    # This returns only when the server closes the connection.
    answer = shared_server.send_raw(b"GET %b HTTP/%b\r\n" % (path, version) + UPGRADE + headers + b"\r\n" + rest)
    assert answer.startswith(b"HTTP/1.1 426 " if b"Version: 8" in headers else b"HTTP/1.1 400 ")
    assert b'{"error":{"code":"' in answer


def test_the_connection_of_an_impatient_client_is_closed(shared_server: Server) -> None:
    handshake = b"GET /play/v1 HTTP/1.1\r\n" + UPGRADE + KEY + VERSION + b"\r\n"
    close = b"\x88\x80\0\0\0\0"
    assert shared_server.send_raw(handshake + close).startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("key", [b"abc", b"!" * 24, b"A" * 5000, b"\xff" * 24])
def test_a_key_that_is_none_is_refused(shared_server: Server, key: bytes) -> None:
    headers = UPGRADE + b"Sec-WebSocket-Key: " + key + b"\r\n" + VERSION
    assert shared_server.send_raw(b"GET /play/v1 HTTP/1.1\r\n" + headers + b"\r\n").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("name", [b"Sec-WebSocket-Protocol", b"Sec-WebSocket-Extensions"])
def test_offers_that_are_not_ascii_are_ignored(shared_server: Server, name: bytes) -> None:
    headers = UPGRADE + KEY + VERSION + name + b": \xff\xfe\r\n"
    answer = shared_server.send_raw(b"GET /nothing HTTP/1.1\r\n" + headers + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 404 ")
