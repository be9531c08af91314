"""Rates and numbers of sockets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.play.rate_limit import AddressLimit, MessageRate, TooManySockets
from game.rules import tuning


def test_forty_at_once_and_no_more() -> None:
    rate = MessageRate(0)
    assert [rate.allows(0) for _ in range(41)] == [True] * 40 + [False]


def test_twenty_five_a_second_forever() -> None:
    rate = MessageRate(0)
    assert all(rate.allows(at_ms) for at_ms in range(0, 60_000, 40))


@given(st.lists(st.integers(0, 400), max_size=300))
def test_never_more_than_the_burst_and_the_rate(pauses: list[int]) -> None:
    rate = MessageRate(0)
    now = taken = 0
    for pause in pauses:
        now += pause
        taken += rate.allows(now)
        assert taken <= tuning.MESSAGES_AT_ONCE + tuning.MESSAGES_PER_SECOND * now / 1000


def test_a_clock_that_stands_still_or_goes_back_gives_no_tokens() -> None:
    rate = MessageRate(1000)
    assert all(rate.allows(1000) for _ in range(tuning.MESSAGES_AT_ONCE))
    assert not rate.allows(0)
    assert not rate.allows(1000)


def test_an_address_has_so_many_sockets_and_gets_them_back() -> None:
    addresses = AddressLimit(2)
    with addresses.count_socket("a"):
        with (
            addresses.count_socket("a"),
            addresses.count_socket("b"),
            pytest.raises(TooManySockets),
            addresses.count_socket("a"),
        ):
            pass
        with addresses.count_socket("a"):
            pass
