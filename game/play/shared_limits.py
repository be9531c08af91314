"""Limits that hold over all workers and machines of a database together.

Each worker first counts for itself (`game.play.rate_limit`), so a flood costs the database nothing. What passes is
counted in the database too. If other workers have used up a limit, the worker lowers its own count, and so refuses
by itself until the next call is possible.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import math
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Final

from feedback.shared_counts import Charge, SharedCounts, exceeds
from game.play.rate_limit import AddressFull, AddressLimit, Caller, CallLimits, TooManyCalls
from game.rules.tuning import CallLimit

_FEW_SOCKETS: Final = 8
"""An address with fewer of them at a worker is not counted elsewhere: most sockets cost the database nothing."""
_PUBLISH_SECONDS: Final = 1.0
_REFRESH_BEATS: Final = 10  # well within the time after which other servers take a server for dead


class SharedLimits:
    """Counts calls and sockets, here and in the database.

    Attributes:
        sockets: the sockets that each address has open at this worker. Its limit holds for all workers together.

    Args:
        calls: counts the calls of this worker.
        sockets: as the attribute.
        counts: the database's counts; None if this is the only worker.
        server: the id of this worker.
        secret: makes callers unrecognizable in the database.
    """

    def __init__(
        self, calls: CallLimits, sockets: AddressLimit, counts: SharedCounts | None, server: str, secret: str
    ) -> None:
        self.sockets = sockets
        self._calls = calls
        self._counts = counts
        self._server = server
        self._key = hashlib.sha256(f"limits {secret}".encode()).digest()
        self._spending: set[asyncio.Task[None]] = set()
        self._published: set[str] = set()  # addresses whose sockets the database counts
        self._changed: set[str] = set()  # those of them that have closed some since

    async def count(self, limit: CallLimit, caller: Caller) -> None:
        """Count one call. A call that is refused counts for nobody.

        Raises:
            TooManyCalls: if the player or the address has no call left.
        """
        self._calls.count(limit, caller)
        await self._charge(limit, caller, 1, is_bound=True)

    async def check(self, limit: CallLimit, caller: Caller) -> None:
        """Raise what `count` would raise for one call, but count nothing."""
        self._calls.check(limit, caller)
        await self._charge(limit, caller, 0, is_bound=False)
        self._calls.check(limit, caller)

    def spend(self, limit: CallLimit, caller: Caller, calls: int) -> None:
        """Count calls that were taken already. If more than are left, later calls wait the longer."""
        self._calls.spend(limit, caller, calls)
        if self._counts is None:
            return
        task = asyncio.create_task(self._charge(limit, caller, calls, is_bound=False))
        self._spending.add(task)
        task.add_done_callback(self._spending.discard)

    def count_try(self, limit: CallLimit, caller: Caller, code: str) -> AbstractContextManager[None]:
        """Count one call at this worker, as `CallLimits.count_try` does."""
        return self._calls.count_try(limit, caller, code)

    @asynccontextmanager
    async def count_socket(self, address: str) -> AsyncIterator[None]:
        """Count one more socket of ``address`` as open while this lasts.

        Raises:
            AddressFull: if the address has as many open as it may.
        """
        with self.sockets.count(address):
            try:
                if self.sockets.get_count(address) >= _FEW_SOCKETS and await self._is_full(address):
                    raise AddressFull
                yield
            finally:
                if address in self._published:
                    self._changed.add(address)

    async def run(self) -> None:
        """Keep the database's counts of our sockets up to date, until cancelled."""
        for beat in itertools.count(1):
            await asyncio.sleep(_PUBLISH_SECONDS)
            await self._publish(self._published if beat % _REFRESH_BEATS == 0 else self._changed)

    async def close(self) -> None:
        """Finish the counting that is under way."""
        await asyncio.gather(*self._spending)

    async def _charge(self, limit: CallLimit, caller: Caller, calls: int, *, is_bound: bool) -> None:
        if self._counts is None or not limit.is_shared:
            return
        callers = [("address", caller.address, limit.address)]
        if caller.player is not None:
            callers.append(("player", caller.player, limit.player))
        rates = [rate for _, _, rate in callers]
        charges = [
            Charge(
                key=self._make_key(limit.name, kind, who),
                seconds=calls / rate.per_second,
                most_seconds=rate.at_once / rate.per_second if is_bound else None,
            )
            for kind, who, rate in callers
        ]
        seconds = await self._counts.charge(charges)
        if seconds is None:
            return
        is_refused = any(map(exceeds, charges, seconds))
        not_charged = calls if is_refused else 0
        tokens = [rate.at_once - s * rate.per_second + not_charged for rate, s in zip(rates, seconds, strict=True)]
        self._calls.spend(limit, caller, -not_charged)
        self._calls.lower(limit, caller, tokens)
        if is_refused:
            waits = [(calls - left) / rate.per_second for rate, left in zip(rates, tokens, strict=True)]
            raise TooManyCalls(limit, max(1, math.ceil(max(waits))))

    async def _is_full(self, address: str) -> bool:
        elsewhere = await self._publish([address])
        return self.sockets.get_count(address) + elsewhere > self.sockets.at_most

    async def _publish(self, addresses: Iterable[str]) -> int:
        """Tell the database how many sockets addresses have open here. Return how many they have elsewhere."""
        sockets = {address: self.sockets.get_count(address) for address in addresses}
        if self._counts is None or not sockets:
            return 0
        self._changed -= sockets.keys()
        self._published |= sockets.keys()
        elsewhere = await self._counts.publish_sockets(
            self._server, {self._make_key("sockets", address): number for address, number in sockets.items()}
        )
        if elsewhere is None:
            self._changed |= sockets.keys()
            return 0
        self._published -= {address for address, number in sockets.items() if not number}
        return sum(elsewhere.values())

    def _make_key(self, *parts: str) -> bytes:
        return hashlib.blake2b("\0".join(parts).encode(), key=self._key, digest_size=16).digest()
