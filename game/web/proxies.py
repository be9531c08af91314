"""Behind a reverse proxy: who the client really is, told by proxies that are named and by nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from game.settings import Network

Scope = dict[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]

_SECURE: Final = {"http": "https", "websocket": "wss"}
_PLAIN: Final = {"http": "http", "websocket": "ws"}


class TrustedProxies:
    """ASGI middleware: applies X-Forwarded-For, -Proto and -Host where the peer is one of ``trusted``."""

    def __init__(self, application: Application, trusted: Sequence[Network]) -> None:
        self._application = application
        self._trusted = trusted

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] in _PLAIN and self._trusts((scope.get("client") or ("",))[0]):
            scope = self._forwarded(scope)
        await self._application(scope, receive, send)

    def _forwarded(self, scope: Scope) -> Scope:
        changed = dict(scope)
        # Each proxy appends whom it heard from: the last address that is no proxy of ours is the client.
        hops = [hop for hop in _listed(scope, b"x-forwarded-for") if _address(hop) is not None]
        if hops:
            client = next((hop for hop in reversed(hops) if not self._trusts(hop)), hops[0])
            changed["client"] = (str(_address(client)), 0)
        schemes = _listed(scope, b"x-forwarded-proto")
        if schemes:
            secure = schemes[-1].lower() in ("https", "wss")
            changed["scheme"] = (_SECURE if secure else _PLAIN)[scope["type"]]
        hosts = _listed(scope, b"x-forwarded-host")
        if hosts:
            others = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
            changed["headers"] = [(b"host", hosts[-1].encode("latin-1")), *others]
        return changed

    def _trusts(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


def _listed(scope: Scope, wanted: bytes) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted]
    return [item for part in ",".join(values).split(",") if (item := part.strip())]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A server that listens on both families sees its IPv4 peers in this disguise.
    return getattr(address, "ipv4_mapped", None) or address
