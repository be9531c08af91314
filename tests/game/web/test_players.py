from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from game.web.players import COOKIE, Player, make_cookie, make_signer, read_player

SIGNER = make_signer("a key of some length")


def sent_back(cookie: str) -> Headers:
    return Headers({"Cookie": cookie.split(";", maxsplit=1)[0]})


def test_the_cookie_identifies_the_player() -> None:
    player = read_player(SIGNER, Headers())
    assert player.is_new
    again = read_player(SIGNER, sent_back(make_cookie(SIGNER, player, secure=False)))
    assert again == Player(player.id, is_new=False)


def test_scripts_and_other_sites_cannot_read_the_cookie() -> None:
    cookie = SimpleCookie(make_cookie(SIGNER, Player("0" * 32, is_new=True), secure=True))[COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert int(cookie["max-age"]) == 365 * 24 * 60 * 60
    assert not SimpleCookie(make_cookie(SIGNER, Player("0" * 32, is_new=True), secure=False))[COOKIE]["secure"]


def test_a_cookie_signed_with_another_key_makes_a_new_player() -> None:
    forged = make_cookie(make_signer("another key entirely"), Player("0" * 32, is_new=True), secure=False)
    assert read_player(SIGNER, sent_back(forged)).is_new


@pytest.mark.parametrize("value", ["0" * 32, "0" * 32 + ".", ".", "%00", "é", "a" * 10_000])
def test_a_forged_cookie_makes_a_new_player(value: str) -> None:
    assert read_player(SIGNER, Headers({"Cookie": f"{COOKIE}={value}"})).is_new


@given(st.text(alphabet=st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=100))
def test_no_cookie_header_raises(value: str) -> None:
    assert read_player(SIGNER, Headers({"Cookie": value})).is_new


def test_cookies_of_other_servers_do_not_hide_the_player() -> None:
    own = make_cookie(SIGNER, Player("a" * 32, is_new=True), secure=False).split(";")[0]
    for header in (
        f"other=\xff\xfe; {own}",
        f'{own}; broken="',
        f"x{COOKIE}={'0' * 32}.x; {own}",
        f"{COOKIE}=; {own}",
    ):
        assert read_player(SIGNER, Headers({"Cookie": header})) == Player("a" * 32, is_new=False)
    assert read_player(SIGNER, Headers([("Cookie", "a=b"), ("Cookie", own)])) == Player("a" * 32, is_new=False)
