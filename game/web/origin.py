"""Whether a browser speaks for a page of another site."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

_DEFAULT_PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def is_foreign(headers: Mapping[str, str] | Headers, allowed: Collection[str] = ()) -> bool:
    """Return whether the headers of an unsafe request or a socket's handshake betray another site's page.

    A program that names no Origin is no browser and carries nobody's cookie unasked: it is not foreign.

    Args:
        headers: looked up by ``Origin``, ``Host`` and ``Sec-Fetch-Site``.
        allowed: origins besides the server's own, ``scheme://host[:port]`` in lower case.
    """
    origin = headers.get("Origin")
    if origin is not None and origin.lower() in allowed:
        return False
    if headers.get("Sec-Fetch-Site", "").lower() == "cross-site":
        return True
    return origin is not None and not _same_host(origin, headers.get("Host", ""))


def _same_host(origin: str, host: str) -> bool:
    try:
        named = urlsplit(origin)
        own = urlsplit(f"{named.scheme}://{host}")
        default = _DEFAULT_PORTS[named.scheme.lower()]
        return bool(own.hostname) and (named.hostname, named.port or default) == (
            own.hostname,
            own.port or default,
        )
    except (KeyError, ValueError):
        return False
