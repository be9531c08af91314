"""What can go wrong between a client and Google, for a share of all requests or for certain ones."""

from __future__ import annotations

import threading
from collections import Counter
from enum import Enum, auto
from random import Random


class Fault(Enum):
    """One way to fail. BEFORE means that the request is not carried out, AFTER that it is."""

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
    """502 with a page of HTML, as proxies send it."""
    BAD_GATEWAY_AFTER = auto()
    """502 with a page of HTML, as proxies send it."""
    TIMEOUT_BEFORE = auto()
    """No answer."""
    TIMEOUT_AFTER = auto()
    """No answer."""
    RESET_BEFORE = auto()
    """The connection is reset (RST)."""
    RESET_AFTER = auto()
    """The connection is reset (RST)."""
    CUT_SHORT = auto()
    """Carried out; the connection ends in the middle of the answer."""
    SLOW = auto()
    """Carried out; the answer is slow."""
    LATE = auto()
    """No answer; carried out only after the client has given up and some more requests were answered."""


class Faults:
    """Decides which requests fail, and how.

    Attributes:
        shares: the share of requests that each fault strikes; at most 1 in total.
        struck: how often each fault struck.
        slow: seconds that a slow answer takes.
        hold: seconds after which a connection without an answer is closed, unless the client gives up first.
        retry_after: seconds in the header Retry-After.
        late_requests: how many requests are answered after a client gave up before its late request is carried
            out; least and most.
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
        """Switch every fault on. Together they strike ``share`` of the requests."""
        self.shares = {fault: share / len(Fault) for fault in Fault}

    def next(self, fault: Fault, method: str | None = None) -> None:
        """Let a fault strike the next request once, or the next of a method such as ``values.append``."""
        with self._lock:
            self._scripted.append((fault, method))

    def draw(self, method: str) -> Fault | None:
        """Return the fault that strikes this request, or None."""
        with self._lock:
            fault = self._choose(method)
            if fault is not None:
                self.struck[fault] += 1
            return fault

    def draw_delay(self) -> int:
        """Return after how many more requests a late one is carried out."""
        with self._lock:
            return self._rng.randint(*self.late_requests)

    def _choose(self, method: str) -> Fault | None:
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
