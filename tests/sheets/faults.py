"""What goes wrong on the way to Google and back, switched on by share of requests or for a certain one."""

from __future__ import annotations

import threading
from collections import Counter
from enum import Enum, auto
from random import Random


class Fault(Enum):
    """One way to fail. BEFORE says that the request was not carried out, AFTER that it was."""

    QUOTA = auto()
    """429, without Retry-After."""
    QUOTA_RETRY_AFTER = auto()
    """429, with Retry-After."""
    SERVER_ERROR_BEFORE = auto()
    """500."""
    SERVER_ERROR_AFTER = auto()
    """500."""
    UNAVAILABLE = auto()
    """503, not carried out."""
    BAD_GATEWAY_BEFORE = auto()
    """502, with a page of HTML as proxies send it."""
    BAD_GATEWAY_AFTER = auto()
    """502, with a page of HTML as proxies send it."""
    TIMEOUT_BEFORE = auto()
    """No answer."""
    TIMEOUT_AFTER = auto()
    """No answer."""
    RESET_BEFORE = auto()
    """The connection is reset (RST)."""
    RESET_AFTER = auto()
    """The connection is reset (RST)."""
    CUT_SHORT = auto()
    """Carried out; the connection ends within the answer."""
    SLOW = auto()
    """Carried out; the answer takes its time."""
    LATE = auto()
    """No answer; carried out only when the client has given up and some further requests have been answered."""


class Faults:
    """Which request fails how.

    Attributes:
        shares: the share of requests that each fault strikes, 0..1 in all.
        struck: how often each did.
        slow: seconds that a slow answer takes.
        hold: seconds after which a connection that gets no answer is closed, unless the client gave up before.
        retry_after: seconds, of the header.
        late_requests: requests that are answered between a client's giving up and the landing of what it had sent;
            a range to choose from.
    """

    def __init__(self, seed: int = 0) -> None:
        self.shares: dict[Fault, float] = {}
        self.struck: Counter[Fault] = Counter()
        self.slow = 0.2
        self.hold = 120.0
        self.retry_after = 1
        self.late_requests = (1, 1)
        self._rng = Random(seed)  # noqa: S311 (no secrets here)
        self._scripted: list[tuple[Fault, str | None]] = []
        self._lock = threading.Lock()

    def spread(self, share: float) -> None:
        """Switch every fault on, so that they strike ``share`` of the requests together."""
        self.shares = {fault: share / len(Fault) for fault in Fault}

    def next(self, fault: Fault, method: str | None = None) -> None:
        """Let a fault strike the next request, or the next of a method such as ``values.append``, once."""
        with self._lock:
            self._scripted.append((fault, method))

    def draw(self, method: str) -> Fault | None:
        """Return what strikes this request."""
        with self._lock:
            fault = self._drawn(method)
            if fault is not None:
                self.struck[fault] += 1
            return fault

    def late(self) -> int:
        """Return after how many further requests a late one lands."""
        with self._lock:
            return self._rng.randint(*self.late_requests)

    def _drawn(self, method: str) -> Fault | None:
        for number, (fault, wanted) in enumerate(self._scripted):
            if wanted in (None, method):
                del self._scripted[number]
                return fault
        point = self._rng.random()
        for fault, share in self.shares.items():
            point -= share
            if point < 0:
                return fault
        return None
