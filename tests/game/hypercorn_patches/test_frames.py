"""Frames that break the WebSocket protocol, and frames without a message: the client is told why it is closed."""

from __future__ import annotations

import contextlib
import socket

import pytest

from tests.game.hypercorn_patches.test_framing import HANDSHAKE
from tests.serving import HOST, Server

FINAL, MASKED = 0x80, 0x80
CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10


def make_frame(first: int, content: bytes = b"") -> bytes:
    """Return a client's frame with up to 125 bytes, masked with zeros."""
    return bytes([first, MASKED | len(content)]) + bytes(4) + content


FRAMES = {
    "text that is not UTF-8": (make_frame(FINAL | TEXT, b"\xff\xfe"), 1007),
    "a surrogate": (make_frame(FINAL | TEXT, b"\xed\xa0\x80"), 1007),
    "a reserved bit": (make_frame(FINAL | 0x40 | TEXT, b"{}"), 1002),
    "an unknown opcode": (make_frame(FINAL | 3, b"x"), 1002),
    "no mask": (b"\x81\x02{}", 1002),
    "a ping in pieces": (make_frame(PING, b"x"), 1002),
    "a continuation of nothing": (make_frame(FINAL | CONTINUATION, b"x"), 1002),
    "a message inside another": (make_frame(TEXT, b"{") + make_frame(FINAL | TEXT, b"}"), 1002),
    "a close with one byte": (make_frame(FINAL | CLOSE, b"\x03"), 1002),
    "a close with a code that does not exist": (make_frame(FINAL | CLOSE, b"\x03\xe7"), 1002),
    "many pings": (make_frame(FINAL | PING, b"x" * 20) * 1000, 1008),
    "many pongs": (make_frame(FINAL | PONG) * 1000, 1008),
    "many empty fragments": (make_frame(TEXT, b"{") + make_frame(CONTINUATION) * 1000, 1008),
}


@pytest.mark.parametrize("name", FRAMES)
def test_the_close_says_what_is_wrong_with_a_frame(shared_server: Server, name: str) -> None:
    frames, code = FRAMES[name]
    answer = b""
    with socket.create_connection((HOST, shared_server.port), timeout=20) as peer:
        peer.sendall(HANDSHAKE)
        while b"\r\n\r\n" not in answer:
            answer += peer.recv(4096)
        peer.sendall(frames)
        with contextlib.suppress(ConnectionError):
            while received := peer.recv(65536):
                answer += received
    assert code.to_bytes(2, "big") in answer.partition(b"\r\n\r\n")[2]


def test_a_client_that_goes_on_after_the_close_is_cut_off(shared_server: Server) -> None:
    junk = bytes([FINAL | TEXT, MASKED | 127]) + (1 << 40).to_bytes(8, "big") + bytes(4) + bytes(1 << 20)
    with socket.create_connection((HOST, shared_server.port), timeout=20) as peer:
        peer.sendall(HANDSHAKE)
        peer.recv(4096)
        with pytest.raises(ConnectionError):
            for _ in range(200):
                peer.sendall(junk)
