"""Behind a reverse proxy: the client's address and the host it asked for, from proxies that are trusted."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from game.settings import Network

Scope = dict[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]

_SECURE: Final = {"http": "https", "websocket": "wss"}
_PLAIN: Final = {"http": "http", "websocket": "ws"}
_HAS_PORT: Final = re.compile(r":\d*$")
_PORT: Final = re.compile(r"\d{1,5}", re.ASCII)
# Some proxies name the client with its port.
_WITH_PORT: Final = re.compile(r"\[([^]]*)\](?::\d+)?|([\d.]+):\d+", re.ASCII)
# Left out of addresses, and a proxy behind another proxy often names the wrong one.
_USUAL_PORTS: Final = ("80", "443")


class TrustedProxies:
    """ASGI middleware: applies X-Forwarded-For, -Proto, -Host and -Port if the peer is one of ``trusted``.

    If a header has several values, one for each proxy on the way, the last one counts, because a trusted proxy
    wrote it. In X-Forwarded-For, the client is the last address that is not a trusted proxy.
    """

    def __init__(self, application: Application, trusted: Sequence[Network]) -> None:
        self._application = application
        self._trusted = trusted

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] in _PLAIN and self._is_trusted((scope.get("client") or ("",))[0]):
            scope = self._apply_headers(scope)
        await self._application(scope, receive, send)

    def _apply_headers(self, scope: Scope) -> Scope:
        changed = dict(scope)
        for hop in reversed(_list_values(scope, b"x-forwarded-for")):
            # Addresses before one that cannot be read may be made up by the client.
            if (address := _parse_address(hop)) is None:
                break
            changed["client"] = (str(address), 0)
            if not self._is_trusted(hop):
                break
        if schemes := _list_values(scope, b"x-forwarded-proto"):
            is_secure = schemes[-1].lower() in ("https", "wss")
            changed["scheme"] = (_SECURE if is_secure else _PLAIN)[scope["type"]]
        if host := _find_host(scope):
            others = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
            changed["headers"] = [(b"host", host.encode("latin-1")), *others]
        return changed

    def _is_trusted(self, text: str) -> bool:
        return is_in_networks(text, self._trusted)


def is_in_networks(text: str, networks: Sequence[Network]) -> bool:
    """Return whether ``text`` is an address in one of the networks."""
    if not networks:
        return False
    address = _parse_address(text)
    return address is not None and any(address in network for network in networks)


def _find_host(scope: Scope) -> str | None:
    """Return the host, with the port where it is known, that the client asked the proxy for."""
    hosts = _list_values(scope, b"x-forwarded-host") or _list_values(scope, b"host")
    if not hosts:
        return None
    host = hosts[-1]
    port = next(reversed(_list_values(scope, b"x-forwarded-port")), "")
    # nginx's $host has lost the port.
    if _PORT.fullmatch(port) and port not in _USUAL_PORTS and not _HAS_PORT.search(host):
        host = f"{host}:{port}"
    return host


def _list_values(scope: Scope, wanted: bytes) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted]
    return [item for part in ",".join(values).split(",") if (item := part.strip())]


def _parse_address(text: str) -> IPv4Address | IPv6Address | None:
    match = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address(match[1] or match[2] if match else text)
    except ValueError:
        return None
    # A server that listens on IPv6 and IPv4 sees IPv4 peers as such an IPv6 address.
    return getattr(address, "ipv4_mapped", None) or address
