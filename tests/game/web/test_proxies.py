from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from game.web.proxies import TrustedProxies

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


async def seen_through(
    peer: str | None, headers: dict[str, str], kind: str = "http", scheme: str = "http"
) -> dict[str, Any]:
    """Return the scope that an application behind the proxies sees."""
    seen: list[dict[str, Any]] = []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(scope)

    scope = {
        "type": kind,
        "scheme": scheme,
        "client": (peer, 1234) if peer else None,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
    }
    await TrustedProxies(application, TRUSTED)(scope, None, None)
    return seen[0]


FORWARDED = {
    "Host": "inner:8000",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "play.example",
    "X-Forwarded-Port": "8443",
}


async def test_a_trusted_proxy_is_believed() -> None:
    scope = await seen_through("10.1.2.3", FORWARDED)
    assert scope["client"][0] == "203.0.113.9"
    assert scope["scheme"] == "https"
    assert [value for name, value in scope["headers"] if name == b"host"] == [b"play.example:8443"]


@pytest.mark.parametrize("peer", ["192.0.2.1", None, "unix:", "::2"])
async def test_nobody_else_is_believed(peer: str | None) -> None:
    scope = await seen_through(peer, FORWARDED)
    assert (scope["client"] or (None,))[0] == peer
    assert scope["scheme"] == "http"
    assert [value for name, value in scope["headers"] if name == b"host"] == [b"inner:8000"]


async def test_a_client_cannot_fake_its_address() -> None:
    scope = await seen_through("10.1.2.3", {"X-Forwarded-For": "1.1.1.1, 203.0.113.9, 10.9.9.9"})
    assert scope["client"][0] == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.9:5555", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9:5555", "203.0.113.9"),
        ("1.1.1.1, [2001:db8::9]:443, 10.9.9.9:80", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        # Whoever wrote what cannot be read may have made up the rest.
        ("1.1.1.1, unknown", "10.1.2.3"),
        ("1.1.1.1, unknown, 10.9.9.9", "10.9.9.9"),
        ("10.5.5.5, 10.9.9.9", "10.5.5.5"),
        (":80", "10.1.2.3"),
    ],
)
async def test_the_client_may_be_named_with_its_port(forwarded: str, client: str) -> None:
    scope = await seen_through("10.1.2.3", {"X-Forwarded-For": forwarded})
    assert scope["client"][0] == client


async def test_an_ipv4_proxy_seen_over_ipv6_is_the_same_proxy() -> None:
    scope = await seen_through("::ffff:10.1.2.3", {"X-Forwarded-For": "::ffff:203.0.113.9"})
    assert scope["client"][0] == "203.0.113.9"


@pytest.mark.parametrize(
    ("headers", "host"),
    [
        ({"Host": "play.example"}, "play.example"),
        ({"Host": "play.example:8443"}, "play.example:8443"),
        ({"Host": "play.example", "X-Forwarded-Port": "8443"}, "play.example:8443"),
        ({"Host": "inner", "X-Forwarded-Host": "play.example", "X-Forwarded-Port": "8443"}, "play.example:8443"),
        ({"Host": "inner:8000", "X-Forwarded-Host": "play.example:8443"}, "play.example:8443"),
        ({"Host": "play.example:8443", "X-Forwarded-Port": "9443"}, "play.example:8443"),
        ({"Host": "[::1]", "X-Forwarded-Port": "8443"}, "[::1]:8443"),
        ({"Host": "[::1]:8000", "X-Forwarded-Port": "8443"}, "[::1]:8000"),
        # Of several, the one that the proxy next to us wrote.
        ({"Host": "x", "X-Forwarded-Host": "first.example, last.example"}, "last.example"),
        ({"Host": "x", "X-Forwarded-Port": "1111, 8443"}, "x:8443"),
        # The usual port says nothing, and behind two proxies it is often that of the inner one.
        ({"Host": "play.example", "X-Forwarded-Port": "443"}, "play.example"),
        ({"Host": "play.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "80"}, "play.example"),
        ({"Host": "play.example", "X-Forwarded-Port": "x"}, "play.example"),
        ({"Host": "play.example", "X-Forwarded-Port": ""}, "play.example"),
        ({"X-Forwarded-Port": "8443"}, None),
    ],
)
async def test_the_host_is_the_one_the_client_asked_for(headers: dict[str, str], host: str | None) -> None:
    scope = await seen_through("10.1.2.3", headers)
    assert [value.decode() for name, value in scope["headers"] if name == b"host"] == ([host] if host else [])


async def test_sockets_get_their_own_schemes() -> None:
    scope = await seen_through("10.1.2.3", FORWARDED, kind="websocket", scheme="ws")
    assert scope["scheme"] == "wss"


async def test_nonsense_changes_nothing() -> None:
    scope = await seen_through("10.1.2.3", {"X-Forwarded-For": "unknown, _hidden, é", "X-Forwarded-Proto": ""})
    assert scope["client"][0] == "10.1.2.3"
    assert scope["scheme"] == "http"


async def test_other_events_pass_through() -> None:
    scope = await seen_through("10.1.2.3", FORWARDED, kind="lifespan")
    assert scope["client"][0] == "10.1.2.3"
