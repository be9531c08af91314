"""A request that never reaches the application is refused with a reason, and its connection is closed."""

from __future__ import annotations

import msgspec
import pytest

from tests.serving import Server

HOST = b"Host: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def make_get(headers: bytes, version: bytes = b"1.1", target: bytes = b"/healthz") -> bytes:
    return b"GET %b HTTP/%b\r\n%bConnection: close\r\n\r\n" % (target, version, headers)


def make_post(headers: bytes, body: bytes = b"") -> bytes:
    head = b"POST /api/recognize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    return head + headers + b"\r\n" + body


REQUESTS = {
    "1,000 headers": (make_get(HOST + b"".join(b"X%d: y\r\n" % n for n in range(1000))), 431),
    "a header of 21 kB": (make_get(HOST + b"X: " + b"a" * 21_000 + b"\r\n"), 431),
    "a header without end": (make_get(HOST + b"X: " + b"a" * 100_000), 431),
    "a target of 21 kB": (make_get(HOST, target=b"/" + b"a" * 21_000), 431),
    "HTTP/2.0": (make_get(HOST, version=b"2.0"), 505),
    "HTTP/9.9": (make_get(HOST, version=b"9.9"), 505),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "no host": (make_get(b""), 400),
    "two hosts": (make_get(HOST + b"Host: y\r\n"), 400),
    "a NUL byte": (make_get(HOST + b"X: a\0b\r\n"), 400),
    "a space before the colon": (make_get(HOST + b"X : a\r\n"), 400),
    "a bare CR": (make_get(HOST + b"X: a\rb\r\n"), 400),
    "a target that is not ASCII": (make_get(HOST, target="/ä".encode()), 400),
    "TLS": (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + bytes(160), 400),
    "two framings": (make_post(CHUNKED + b"Content-Length: 5\r\n", b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"), 400),
    "two lengths": (make_post(b"Content-Length: 5\r\nContent-Length: 6\r\n"), 400),
    "a negative length": (make_post(b"Content-Length: -1\r\n"), 400),
    "a length in hexadecimal": (make_post(b"Content-Length: 0x10\r\n"), 400),
    "a length of 5,000 digits": (make_post(b"Content-Length: " + b"9" * 5000 + b"\r\n"), 400),
    "an unknown encoding": (make_post(b"Transfer-Encoding: gzip, chunked\r\n"), 501),
    "chunked twice": (make_post(CHUNKED * 2), 501),
    "a chunk of size zz": (make_post(CHUNKED, b"zz\r\nabc\r\n0\r\n\r\n"), 400),
    "a chunk longer than it says": (make_post(CHUNKED, b"5\r\nabcdeX0\r\n\r\n"), 400),
    "trailers without end": (make_post(CHUNKED, b"0\r\n" + b"X: y\r\n" * 20_000), 431),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_damaged_request_is_refused_with_a_reason(shared_server: Server, name: str) -> None:
    request, status = REQUESTS[name]
    answer = shared_server.send_raw(request)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"connection: close" in head.lower()
    assert set(msgspec.json.decode(body)["error"]) == {"code", "message"}


@pytest.mark.parametrize(
    "request_",
    [
        make_get(HOST + b"".join(b"X%d: y\r\n" % n for n in range(80))),
        make_get(HOST + b"X: " + b"a" * 16_000 + b"\r\n"),
        make_get(HOST, version=b"1.0"),
    ],
)
def test_a_request_with_large_headers_is_answered(shared_server: Server, request_: bytes) -> None:
    assert shared_server.send_raw(request_).startswith(b"HTTP/1.1 200 ")


def test_requests_in_one_packet_are_all_answered(shared_server: Server) -> None:
    one = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = shared_server.send_raw(one * 99 + make_get(HOST))
    assert answer.count(b"HTTP/1.1 200 ") == 100
