"""Limits for clients: the message rate of a connection, and the open sockets of an address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from game.rules import tuning


class TooManySockets(Exception):
    """An address has as many sockets open as it may."""


class MessageRate:
    """A token bucket: it allows a burst of messages, and after that so many a second."""

    def __init__(self, now_ms: int) -> None:
        self._tokens = self._at_once = float(tuning.MESSAGES_AT_ONCE)
        self._per_ms = tuning.MESSAGES_PER_SECOND / 1000
        self._filled_ms = now_ms

    def allows(self, now_ms: int) -> bool:
        """Count one message, and return whether it may be taken."""
        passed_ms = max(0, now_ms - self._filled_ms)
        self._filled_ms += passed_ms
        self._tokens = min(self._at_once, self._tokens + passed_ms * self._per_ms)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class AddressLimit:
    """Counts the sockets that each address has open."""

    def __init__(self, at_most: int = tuning.SOCKETS_PER_ADDRESS) -> None:
        self._at_most = at_most
        self._open: Counter[str] = Counter()

    @contextmanager
    def count_socket(self, address: str) -> Iterator[None]:
        """Count a socket of ``address`` as open while this lasts.

        Raises:
            TooManySockets: if the address has as many open as it may.
        """
        if self._open[address] >= self._at_most:
            raise TooManySockets
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
