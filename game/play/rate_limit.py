"""Limits for clients: the messages of a connection, the calls of a player and of an address, and open sockets."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

from game.rules import tuning
from game.rules.moves import Refused
from game.rules.tuning import CallLimit, Rate

_IPV6_PREFIX: Final = 64  # bits; whoever has one IPv6 address usually has all that begin with the same ones


class AddressFull(Exception):
    """An address has as many of something open as it may."""


class TooManyCalls(Exception):
    """A player or an address makes calls faster than it may.

    Attributes:
        limit: what they are limited to.
        seconds: after how many seconds, rounded up, the next call would be taken.
    """

    def __init__(self, limit: CallLimit, seconds: int) -> None:
        super().__init__(f"The next call is possible in {seconds} s.")
        self.limit = limit
        self.seconds = seconds


class TokenBucket:
    """Allows a burst, and after that so many a second."""

    __slots__ = ("_at_once", "_filled_ms", "_per_ms", "_tokens")

    def __init__(self, rate: Rate, now_ms: int) -> None:
        self._tokens = self._at_once = float(rate.at_once)
        self._per_ms = rate.per_second / 1000
        self._filled_ms = now_ms

    def allows(self, now_ms: int) -> bool:
        """Spend one token, and return whether there was one."""
        if self.get_wait_ms(now_ms):
            return False
        self.spend(1)
        return True

    def get_wait_ms(self, now_ms: int) -> int:
        """Return in how many ms there will be a token, 0 if there is one now."""
        passed_ms = max(0, now_ms - self._filled_ms)
        self._filled_ms += passed_ms
        self._tokens = max(self._tokens, min(self._at_once, self._tokens + passed_ms * self._per_ms))
        return max(0, math.ceil((1 - self._tokens) / self._per_ms))

    def spend(self, tokens: int) -> None:
        """Spend tokens, also those that are not there yet."""
        self._tokens -= tokens

    def give_back(self) -> None:
        """Give back a token that was spent. That makes no more than a burst."""
        self._tokens = min(self._at_once, self._tokens + 1)

    def extend(self, ms: int) -> None:
        """Add the tokens of ``ms`` in which the clock stood still, even if that makes more than a burst."""
        self._tokens += ms * self._per_ms

    def lower(self, tokens: float, now_ms: int) -> None:
        """Leave at most so many tokens."""
        self.get_wait_ms(now_ms)
        self._tokens = min(self._tokens, tokens)


class Caller(NamedTuple):
    """Who calls.

    Attributes:
        player: the player's id; None for a program or a browser without a cookie.
        address: as `make_address_key` returns it.
    """

    player: str | None
    address: str


class CallLimits:
    """Limits the calls of each player and of each address.

    A client without a cookie is no player yet: only the limits of its address hold for it. So a client that drops
    its cookie gains nothing beyond them.

    Args:
        clock: returns monotonic milliseconds.
        most_keys: how many buckets are kept. Beyond it, the one that was used least recently is forgotten.
    """

    def __init__(self, clock: Callable[[], int], most_keys: int = tuning.CLIENTS_KNOWN) -> None:
        self._clock = clock
        self._most_keys = most_keys
        self._buckets: OrderedDict[tuple[str, str, str], TokenBucket] = OrderedDict()

    def __len__(self) -> int:
        """Return how many buckets are kept."""
        return len(self._buckets)

    def check(self, limit: CallLimit, caller: Caller) -> None:
        """Raise what `count` would raise for one call, but count nothing."""
        now_ms = self._clock()
        wait_ms = max(bucket.get_wait_ms(now_ms) for bucket in self._get_buckets(limit, caller, now_ms))
        if wait_ms:
            raise TooManyCalls(limit, math.ceil(wait_ms / 1000))

    def count(self, limit: CallLimit, caller: Caller) -> None:
        """Count one call. A call that is refused counts for nobody.

        Raises:
            TooManyCalls: if the player or the address has no call left.
        """
        self.check(limit, caller)
        self.spend(limit, caller, 1)

    def spend(self, limit: CallLimit, caller: Caller, calls: int) -> None:
        """Count calls that were taken already. If more than are left, later calls wait the longer."""
        for bucket in self._get_buckets(limit, caller, self._clock()):
            bucket.spend(calls)

    @contextmanager
    def count_try(self, limit: CallLimit, caller: Caller, code: str) -> Iterator[None]:
        """Count one call, and take it back unless what is done meanwhile is refused with ``code``.

        Raises:
            TooManyCalls: as `count`. Then nothing is done, so that nobody learns what would have been refused.
        """
        self.count(limit, caller)
        has_failed = False
        try:
            yield
        except Refused as refused:
            has_failed = refused.code == code
            raise
        finally:
            if not has_failed:
                for bucket in self._get_buckets(limit, caller, self._clock()):
                    bucket.give_back()

    def lower(self, limit: CallLimit, caller: Caller, tokens: Sequence[float]) -> None:
        """Leave the address, and the player if there is one, at most so many calls: others have counted more."""
        now_ms = self._clock()
        for bucket, left in zip(self._get_buckets(limit, caller, now_ms), tokens, strict=True):
            bucket.lower(left, now_ms)

    def _get_buckets(self, limit: CallLimit, caller: Caller, now_ms: int) -> list[TokenBucket]:
        buckets = [self._get_bucket((limit.name, "address", caller.address), limit.address, now_ms)]
        if caller.player is not None:
            buckets.append(self._get_bucket((limit.name, "player", caller.player), limit.player, now_ms))
        return buckets

    def _get_bucket(self, key: tuple[str, str, str], rate: Rate, now_ms: int) -> TokenBucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(rate, now_ms)
            if len(self._buckets) > self._most_keys:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket


class AddressLimit:
    """Counts what each address has open: its sockets, or its refused calls that still wait.

    Attributes:
        at_most: how many an address may have open.
    """

    def __init__(self, at_most: int) -> None:
        self.at_most = at_most
        self._open: Counter[str] = Counter()

    def get_count(self, address: str) -> int:
        """Return how many ``address`` has open."""
        return self._open[address]

    @contextmanager
    def count(self, address: str) -> Iterator[None]:
        """Count one more of ``address`` as open while this lasts.

        Raises:
            AddressFull: if the address has as many open as it may.
        """
        if self._open[address] >= self.at_most:
            raise AddressFull
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


def make_address_key(text: str | None) -> str:
    """Return what limits count an address by: itself, or the /64 network of an IPv6 address."""
    try:
        address = ip_address(text or "")
    except ValueError:
        return text or ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _IPV6_PREFIX), strict=False))
