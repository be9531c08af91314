"""Messages without an end, sent by a client that ignores a close: the server needs no more memory."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable
from itertools import chain, repeat

import pytest

from tests.serving import HOST, Server

HANDSHAKE = (
    b"GET /play/v1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TOO_BIG = (1009).to_bytes(2, "big")
MEBIBYTE = 1 << 20
TEXT, CONTINUATION, FINAL, MASKED = 0x01, 0x00, 0x80, 0x80


def header(opcode: int, length: int) -> bytes:
    """Return the head of a client's frame, masked with zeros; a length may not be longer than it has to be."""
    if length < 126:
        size = bytes([MASKED | length])
    elif length < 1 << 16:
        size = bytes([MASKED | 126]) + length.to_bytes(2, "big")
    else:
        size = bytes([MASKED | 127]) + length.to_bytes(8, "big")
    return bytes([opcode]) + size + bytes(4)


def one_giant_frame() -> Iterable[bytes]:
    return chain([header(FINAL | TEXT, 1 << 40)], repeat(b"x" * MEBIBYTE))


def fragments_without_end() -> Iterable[bytes]:
    more = header(CONTINUATION, 1000) + b"x" * 1000
    return chain([header(TEXT, 0)], repeat(more * 1000))


@pytest.mark.parametrize("pieces", [one_giant_frame, fragments_without_end])
def test_a_message_without_end_is_refused_and_not_held_in_memory(server: Server, pieces: object) -> None:
    assert callable(pieces)
    before = server.resident
    with socket.create_connection((HOST, server.port), timeout=20) as peer:
        peer.sendall(HANDSHAKE)
        answer = peer.recv(4096)
        assert b" 101 " in answer
        sent = 0
        for piece in pieces():
            try:
                peer.sendall(piece)
            except ConnectionError:
                break  # the server may cut it off after the close
            sent += len(piece)
            if sent > 100 * MEBIBYTE:
                break
        grown = server.resident - before
        with contextlib.suppress(ConnectionError):
            while TOO_BIG not in answer and (received := peer.recv(4096)):
                answer += received
        assert sent > MEBIBYTE
        assert grown < 30 * MEBIBYTE
    assert TOO_BIG in answer
    assert server.get("/healthz")["status"] == "ok"
