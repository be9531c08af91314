"""Checks before a request is looked at: how many its address sends and has open, and whether its Host is valid."""

from __future__ import annotations

import asyncio
import re
import resource
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from game import metrics
from game.play.clock import read_monotonic_ms
from game.play.rate_limit import Caller, CallLimits, TooManyCalls, make_address_key
from game.rules import tuning
from game.services import Services
from game.settings import Network
from game.web.errors import encode_error
from game.web.limits import hold_back
from game.web.proxies import Application, is_in_networks

BAD_HOST: Final = "inkrush.bad_host"
"""The key in the scope of a request whose header Host is not valid."""

_FILES_WANTED: Final = 65_536
_FILES_KEPT: Final = 256  # for the store, the model and the C library
_MOST_CONNECTIONS: Final = 20_000  # 30 kB each while idle
# RFC 9110, section 7.2, and RFC 3986, section 3.2.2; a label of a name has at most 63 characters.
_HOST: Final = re.compile(
    rb"(?:(?!\.|[^:]*\.\.|[^:]*[^.:]{64})[A-Za-z0-9._~!$&'()*+,;=%-]{0,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?"
)


class ConnectionLimits:
    """Decides which connections are taken. Those of trusted proxies count only toward the limit of all."""

    def __init__(self, trusted_proxies: Sequence[Network]) -> None:
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._most = min(_MOST_CONNECTIONS, max(files - _FILES_KEPT, files // 2))
        self._trusted = trusted_proxies
        self._open: Counter[str] = Counter()
        self._open_by_all = 0
        self._rates = CallLimits(read_monotonic_ms)

    def open(self, address: str | None) -> bool:
        """Count one more connection from ``address``, None if it has none. Return whether it may stay."""
        if self._open_by_all >= self._most:
            return False
        if key := self._make_key(address):
            if self._open[key] >= tuning.CONNECTIONS_PER_ADDRESS:
                return False
            try:
                self._rates.count(tuning.CONNECTIONS, Caller(None, key))
            except TooManyCalls:
                return False
            self._open[key] += 1
        self._open_by_all += 1
        return True

    def close(self, address: str | None) -> None:
        """Count one connection less, of those that could stay."""
        self._open_by_all -= 1
        if key := self._make_key(address):
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    def _make_key(self, address: str | None) -> str | None:
        if address is None or is_in_networks(address, self._trusted):
            return None
        return make_address_key(address)


class LimitedAddresses:
    """ASGI middleware: answers 429 to an address that sends more requests than a class of 60 would.

    It refuses before Quart sees the request, which costs a tenth. It needs the address of the real client, so it
    stands behind `game.web.proxies.TrustedProxies`.
    """

    def __init__(self, application: Application, get_services: Callable[[], Services]) -> None:
        self._application = application
        self._get_services = get_services

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request or socket."""
        limit = {"http": tuning.REQUESTS, "websocket": tuning.HANDSHAKES}.get(scope["type"])
        if limit is not None:
            address = make_address_key((scope.get("client") or ("",))[0])
            try:
                await self._get_services().limits.count(limit, Caller(None, address))
            except TooManyCalls as error:
                await self._refuse(scope["type"], receive, send, address, error)
                return
        await self._application(scope, receive, send)

    async def _refuse(self, kind: str, receive: Any, send: Any, address: str, error: TooManyCalls) -> None:
        message = f"Too many {error.limit.name} from your address. Please try again in {error.seconds} s."
        body = encode_error("too_many_requests", message)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            (b"retry-after", b"%d" % error.seconds),
        ]

        async def discard() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(tuning.DISCARD_SECONDS):
                    while kind == "http" and (await receive()).get("more_body", False):
                        pass

        if not await hold_back(self._get_services().refusals, address, discard):
            headers.append((b"connection", b"close"))
        prefix = "http" if kind == "http" else "websocket.http"
        metrics.REQUESTS.labels("none", 429).inc()
        await send({"type": f"{prefix}.response.start", "status": 429, "headers": headers})
        await send({"type": f"{prefix}.response.body", "body": body})


def has_valid_host(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether each header Host is a name or an address, with or without a port, or empty."""
    return all(_HOST.fullmatch(value) for name, value in headers if name == b"host")


def raise_file_limit() -> None:
    """Let this process open as many files and connections as it may, up to 65,536: often it begins with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, _FILES_WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
