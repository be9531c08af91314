"""A web server on this machine that serves data sets and can be told to fail."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from training.datasets.download import RemoteFile

CONTENT = np.random.default_rng(1).bytes(3_000_000)
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@dataclass
class Host:
    """What a server serves.

    Attributes:
        address: address of the main file.
        content: the main file.
        others: other files, by their paths.
        faults: what to do wrong, one response after another.
        ranges: the Range headers of the requests so far.
    """

    address: str = ""
    content: bytes = CONTENT
    others: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)

    def remote(self, md5: str = MD5) -> RemoteFile:
        return RemoteFile(self.address, md5)


@contextmanager
def run_host() -> Iterator[Host]:
    """Run a server while the block runs."""
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested = self.headers.get("Range")
            host.ranges.append(requested)
            fault = host.faults.pop(0) if host.faults else ""
            if fault.isdigit():
                self.send_error(int(fault))
                return
            content = host.others.get(self.path, host.content)
            is_range = requested is not None and fault != "no ranges"
            start = int(requested.removeprefix("bytes=").removesuffix("-")) if requested and is_range else 0
            if requested and start >= len(content):
                self.send_error(416)
                return
            body = content[start:]
            self.send_response(206 if start else 200)
            if start:
                first = 7 if fault == "other range" else start
                self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
            if fault != "no length":
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else b"" if fault == "nothing" else body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    host.address = f"http://127.0.0.1:{server.server_port}/file"
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
