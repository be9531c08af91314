"""What a page asks for and gets over the network, counted by Chromium itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page


@dataclass(frozen=True, slots=True)
class Line:
    """A slow line, the same in both directions."""

    bits_per_second: int
    round_trip_ms: int


@dataclass
class Traffic:
    """The requests of a page, and the bytes that came for each: head and body as sent, compressed if they were."""

    bytes_by_path: dict[str, int] = field(default_factory=dict)
    """In the order of asking. A file that is asked for twice is one entry with the bytes of both."""
    requests: int = 0
    socket_bytes: int = 0
    """The messages of the play socket in both directions, before compression."""
    _paths: dict[str, str] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """All bytes that came in answer to requests."""
        return sum(self.bytes_by_path.values())

    def note_request(self, event: Mapping[str, Any]) -> None:
        url = urlsplit(event["url"] if "url" in event else event["request"]["url"])
        if url.scheme in ("http", "ws"):
            self.requests += 1
            self._paths[event["requestId"]] = url.path
            self.bytes_by_path.setdefault(url.path, 0)

    def note_end(self, event: Mapping[str, Any]) -> None:
        if path := self._paths.get(event["requestId"]):
            self.bytes_by_path[path] += int(event["encodedDataLength"])

    def note_frame(self, event: Mapping[str, Any]) -> None:
        self.socket_bytes += len(event["response"]["payloadData"].encode())


def watch_traffic(page: Page, line: Line | None = None) -> Traffic:
    """Count what ``page`` asks for from now on. With a ``line``, the page loads as slowly as over that line."""
    session: CDPSession = page.context.new_cdp_session(page)
    traffic = Traffic()
    session.on("Network.requestWillBeSent", traffic.note_request)
    session.on("Network.webSocketCreated", traffic.note_request)
    session.on("Network.loadingFinished", traffic.note_end)
    session.on("Network.webSocketFrameReceived", traffic.note_frame)
    session.on("Network.webSocketFrameSent", traffic.note_frame)
    session.send("Network.enable")
    if line is not None:
        bytes_per_second = line.bits_per_second / 8
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": line.round_trip_ms,
                "downloadThroughput": bytes_per_second,
                "uploadThroughput": bytes_per_second,
            },
        )
    return traffic
