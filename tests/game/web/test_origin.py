from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.web.errors import ApiError
from game.web.origin import check_origin, is_foreign

ALLOWED = frozenset({"https://play.example"})


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "127.0.0.1:8000"},
        {},
        {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"},
        {"Host": "Ink.Example", "Origin": "https://ink.example"},
        {"Host": "ink.example", "Origin": "https://ink.example:443"},
        {"Host": "ink.example", "Origin": "https://ink.example."},
        {"Host": "ink.example.:8443", "Origin": "https://ink.example.:8443"},
        {"Host": "ink.example:80", "Origin": "http://ink.example"},
        {"Host": "[::1]:8000", "Origin": "http://[::1]:8000"},
        {"Host": "inner", "Origin": "https://play.example"},
        {"Host": "inner", "Origin": "https://PLAY.example", "Sec-Fetch-Site": "cross-site"},
        {"Host": "a", "Origin": "http://a", "Sec-Fetch-Site": "same-origin"},
        # A proxy put its own name for us there, or lost the port: the browser knows better.
        {"Host": "127.0.0.1:8000", "Origin": "https://ink.example", "Sec-Fetch-Site": "same-origin"},
        {"Host": "ink.example", "Origin": "https://ink.example:8443", "Sec-Fetch-Site": "Same-Origin"},
        {"Host": "ink.example", "Origin": "https://ink.example", "Sec-Fetch-Site": ""},
        {"Host": "a", "Sec-Fetch-Site": "none"},
    ],
)
def test_own_allowed_and_missing_origins_are_not_foreign(headers: dict[str, str]) -> None:
    assert not is_foreign(headers, ALLOWED)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "127.0.0.1:8000", "Origin": "http://evil.example"},
        {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8001"},
        {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1"},
        {"Host": "ink.example", "Origin": "https://ink.example.evil.example"},
        {"Host": "ink.example", "Origin": "https://sub.ink.example"},
        {"Host": "ink.example", "Origin": "null"},
        {"Host": "ink.example", "Origin": ""},
        {"Host": "ink.example", "Origin": "file://"},
        {"Host": "ink.example", "Origin": "ftp://ink.example"},
        {"Host": "ink.example", "Origin": "http://[::1"},
        {"Host": "ink.example", "Origin": "http://ink.example:99999"},
        {"Host": "", "Origin": "http://"},
        {"Host": ".", "Origin": "http://."},
        {"Origin": "http://ink.example"},
        {"Host": "ink.example", "Sec-Fetch-Site": "cross-site"},
        {"Host": "ink.example", "Sec-Fetch-Site": "Cross-Site"},
        {"Host": "ink.example", "Origin": "https://ink.example", "Sec-Fetch-Site": "cross-site"},
        {"Host": "ink.example", "Origin": "https://sub.ink.example", "Sec-Fetch-Site": "same-site"},
        {"Host": "ink.example", "Sec-Fetch-Site": "same-site"},
        {"Host": "ink.example", "Origin": "https://ink.example", "Sec-Fetch-Site": "nonsense"},
        {"Host": "127.0.0.1:8000", "Origin": "https://ink.example"},
        {"Host": "inner", "Origin": "http://play.example"},
    ],
)
def test_other_origins_are_foreign(headers: dict[str, str]) -> None:
    assert is_foreign(headers, ALLOWED)


def test_the_403_names_the_origin_the_host_and_the_settings() -> None:
    headers = {"Host": "127.0.0.1:8000", "Origin": "https://ink.example:8443"}
    with pytest.raises(ApiError) as refused:
        check_origin(headers, ALLOWED)
    assert (refused.value.status, refused.value.code) == (403, "foreign_origin")
    message = str(refused.value)
    for word in (*headers.values(), "INKRUSH_ALLOWED_ORIGINS", "INKRUSH_TRUSTED_PROXIES"):
        assert word in message
    with pytest.raises(ApiError) as refused:
        check_origin({"Origin": "http://" + "a" * 5000, "Host": "b" * 5000})
    assert len(str(refused.value)) < 600
    check_origin({"Host": "ink.example"})


@given(origin=st.text(max_size=40), host=st.text(max_size=40))
def test_nonsense_never_raises(origin: str, host: str) -> None:
    assert is_foreign({"Origin": origin, "Host": host}) in (True, False)
