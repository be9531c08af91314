"""Rates of messages and calls, and numbers of sockets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.play.rate_limit import (
    AddressFull,
    AddressLimit,
    Caller,
    CallLimits,
    TokenBucket,
    TooManyCalls,
    make_address_key,
)
from game.rules import tuning
from game.rules.moves import Refused
from game.rules.tuning import CallLimit, Rate
from tests.game.conftest import TestClock

MESSAGES = Rate(tuning.MESSAGES_AT_ONCE, tuning.MESSAGES_PER_SECOND)


def test_forty_at_once_and_no_more() -> None:
    rate = TokenBucket(MESSAGES, 0)
    assert [rate.allows(0) for _ in range(41)] == [True] * 40 + [False]


def test_twenty_five_a_second_forever() -> None:
    rate = TokenBucket(MESSAGES, 0)
    assert all(rate.allows(at_ms) for at_ms in range(0, 60_000, 40))


@given(st.lists(st.integers(0, 400), max_size=300))
def test_never_more_than_the_burst_and_the_rate(pauses: list[int]) -> None:
    rate = TokenBucket(MESSAGES, 0)
    now = taken = 0
    for pause in pauses:
        now += pause
        taken += rate.allows(now)
        assert taken <= tuning.MESSAGES_AT_ONCE + tuning.MESSAGES_PER_SECOND * now / 1000


def test_a_clock_that_stands_still_or_goes_back_gives_no_tokens() -> None:
    rate = TokenBucket(MESSAGES, 1000)
    assert all(rate.allows(1000) for _ in range(tuning.MESSAGES_AT_ONCE))
    assert not rate.allows(0)
    assert not rate.allows(1000)


def test_an_address_has_so_many_sockets_and_gets_them_back() -> None:
    addresses = AddressLimit(2)
    with addresses.count("a"):
        with (
            addresses.count("a"),
            addresses.count("b"),
            pytest.raises(AddressFull),
            addresses.count("a"),
        ):
            pass
        with addresses.count("a"):
            pass


LIMIT = CallLimit("calls", player=Rate(2, 1), address=Rate(5, 2))


def is_taken(limits: CallLimits, player: str | None, address: str, limit: CallLimit = LIMIT) -> bool:
    try:
        limits.count(limit, Caller(player, address))
    except TooManyCalls:
        return False
    return True


def test_only_tries_that_fail_count_and_others_save_up_nothing() -> None:
    clock = TestClock()
    limits, caller = CallLimits(clock), Caller("p", "a")

    def tries(*, fails: bool) -> None:
        with limits.count_try(LIMIT, caller, "no_such_room"):
            clock.now_ms += 1_000
            if fails:
                raise Refused("no_such_room", "")

    for _ in range(10):
        tries(fails=False)
    with pytest.raises(Refused, match="full"), limits.count_try(LIMIT, caller, "no_such_room"):
        raise Refused("room_full", "full")
    now_ms = clock.now_ms
    for _ in range(2):
        clock.now_ms = now_ms
        with pytest.raises(Refused):
            tries(fails=True)
        clock.now_ms = now_ms
    with pytest.raises(TooManyCalls):
        tries(fails=False)


def test_a_player_has_their_own_limit_and_shares_that_of_the_address() -> None:
    limits = CallLimits(TestClock())
    assert [is_taken(limits, "ada", "1") for _ in range(3)] == [True, True, False]
    assert [is_taken(limits, "bob", "1") for _ in range(3)] == [True, True, False]
    assert [is_taken(limits, "eve", "1") for _ in range(2)] == [True, False]
    assert is_taken(limits, "eve", "2")


def test_a_refused_call_counts_for_nobody() -> None:
    limits = CallLimits(TestClock())
    for _ in range(100):
        is_taken(limits, "ada", "1")
    assert [is_taken(limits, name, "1") for name in ("bob", "bob", "eve", "eve")] == [True, True, True, False]


def test_a_client_without_a_cookie_has_the_limit_of_its_address() -> None:
    limits = CallLimits(TestClock())
    assert [is_taken(limits, None, "1") for _ in range(6)] == [True] * 5 + [False]
    assert not is_taken(limits, "ada", "1")
    assert is_taken(limits, None, "2")


def test_new_cookies_do_not_help_against_the_limit_of_an_address() -> None:
    limits = CallLimits(TestClock(), most_keys=20)
    assert sum(is_taken(limits, str(player), "1") for player in range(1000)) == LIMIT.address.at_once


def test_whoever_is_refused_learns_when_to_try_again_and_is_taken_then() -> None:
    clock = TestClock()
    limits = CallLimits(clock)
    slow = CallLimit("slow calls", player=Rate(1, 0.1), address=Rate(9, 1))
    limits.count(slow, Caller("ada", "1"))
    clock.now_ms = 500
    with pytest.raises(TooManyCalls) as refused:
        limits.count(slow, Caller("ada", "1"))
    assert refused.value.seconds == 10
    clock.now_ms += 10_000
    limits.count(slow, Caller("ada", "1"))


def test_a_debt_is_paid_back_before_the_next_call() -> None:
    clock = TestClock()
    limits = CallLimits(clock)
    limits.spend(LIMIT, Caller("ada", "1"), 10)
    clock.now_ms = 8_900
    assert not is_taken(limits, "ada", "1")
    clock.now_ms = 9_000
    assert is_taken(limits, "ada", "1")


def test_a_check_counts_nothing() -> None:
    limits = CallLimits(TestClock())
    for _ in range(10):
        limits.check(LIMIT, Caller("ada", "1"))
    assert is_taken(limits, "ada", "1")


def test_so_many_clients_are_known_and_the_least_recent_is_forgotten() -> None:
    limits = CallLimits(TestClock(), most_keys=10)
    for number in range(1000):
        is_taken(limits, f"player {number}", f"address {number}")
        is_taken(limits, "ada", "1")
        assert len(limits) <= 10
    assert not is_taken(limits, "ada", "1")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("<local>", "<local>"),
        (None, ""),
    ],
)
def test_addresses_that_one_client_can_have_count_as_one(address: str | None, key: str) -> None:
    assert make_address_key(address) == key


@pytest.mark.slow
def test_a_class_of_sixty_behind_one_address_is_never_refused() -> None:
    clock = TestClock()
    limits = CallLimits(clock)
    for second in range(600):
        for student in range(60):
            caller = Caller(f"student {student}", "school")
            clock.now_ms = 1000 * second + student
            for _ in range(2):
                limits.count(tuning.READS, caller)
            if (second + student) % 4 == 0:
                limits.count(tuning.STORES, caller)
                limits.count(tuning.STORED_A_DAY, caller)
            if (second + student) % 20 == 0:
                limits.count(tuning.HEAVY, caller)


def test_a_class_may_start_together() -> None:
    limits = CallLimits(TestClock())
    for limit, calls in ((tuning.READS, 8), (tuning.STORES, 2), (tuning.HEAVY, 1)):
        for student in range(60):
            for _ in range(calls):
                limits.count(limit, Caller(f"student {student}", "school"))


@pytest.mark.parametrize("limit", [tuning.READS, tuning.STORES, tuning.HEAVY, tuning.STORED_A_DAY])
def test_one_client_has_a_small_share_of_what_its_address_has(limit: CallLimit) -> None:
    assert limit.player.at_once * 4 <= limit.address.at_once
    assert limit.player.per_second * 10 <= limit.address.per_second
