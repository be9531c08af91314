"""Keeps pages of other sites from acting as a player."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from game.web.errors import ApiError

_DEFAULT_PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_OWN_SITES: Final = ("same-origin", "none")  # none: the person typed the address
_LONGEST_SHOWN: Final = 100


def check_origin(headers: Mapping[str, str] | Headers, allowed: Collection[str] = ()) -> None:
    """Refuse an unsafe request, or the handshake of a socket, that comes from a page of another site.

    Args:
        headers: looked up by ``Origin``, ``Host`` and ``Sec-Fetch-Site``.
        allowed: origins besides the server's own, ``scheme://host[:port]`` in lower case.

    Raises:
        ApiError: 403, ``foreign_origin``; the message names the settings that would allow the request.
    """
    if not is_foreign(headers, allowed):
        return
    origin, host = (headers.get(name, "")[:_LONGEST_SHOWN] for name in ("Origin", "Host"))
    raise ApiError(
        403,
        "foreign_origin",
        f"A page of {origin or 'another site'} may not do this here. The server takes its own address to be "
        f"{host or 'unknown'}. If both are yours, have your proxy pass on the Host header with its port, and list "
        "the proxy in INKRUSH_TRUSTED_PROXIES. Or list the page's origin in INKRUSH_ALLOWED_ORIGINS.",
    )


def is_foreign(headers: Mapping[str, str] | Headers, allowed: Collection[str] = ()) -> bool:
    """Return whether an unsafe request, or the handshake of a socket, comes from a page of another site.

    If the browser sends ``Sec-Fetch-Site``, that decides: no page can forge it, and no proxy rewrites it. Old
    browsers, browsers without TLS and Chromium's sockets do not send it. For them ``Origin`` must name the host
    that was asked for. A request without an origin is from a program, which sends nobody's cookie unasked.

    Args:
        headers: looked up by ``Origin``, ``Host`` and ``Sec-Fetch-Site``.
        allowed: origins besides the server's own, ``scheme://host[:port]`` in lower case.
    """
    origin = headers.get("Origin")
    if origin is not None and origin.lower() in allowed:
        return False
    if site := headers.get("Sec-Fetch-Site", "").lower():
        return site not in _OWN_SITES
    return origin is not None and not _is_same_host(origin, headers.get("Host", ""))


def _is_same_host(origin: str, host: str) -> bool:
    try:
        page = urlsplit(origin)
        server = urlsplit(f"{page.scheme}://{host}")
        default = _DEFAULT_PORTS[page.scheme.lower()]
        # nginx's $host has lost the dot that a browser may send at the end of a name.
        names = [(each.hostname or "").removesuffix(".") for each in (page, server)]
        return bool(names[1]) and names[0] == names[1] and (page.port or default) == (server.port or default)
    except (KeyError, ValueError):
        return False
