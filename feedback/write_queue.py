"""Writes on their way to a thread that stores them. Writes that wait together share a commit."""

from __future__ import annotations

import contextlib
import queue
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from feedback.errors import StoreError
from feedback.sql import Work

_MOST_WAITING: Final = 1024  # more would mean that the disk cannot keep up
_BATCH: Final = 256  # writes that share one commit, and so one wait for the disk
_GATHER_SECONDS: Final = 0.01
"""How long a batch waits for more while several write at once. A commit costs three times as much as another round
in it, and nobody notices the wait."""


@dataclass(slots=True)
class Write:
    """A write that waits, and where its result goes."""

    work: Work[Any]
    done: Future[Any] = field(default_factory=Future)


class WriteQueue:
    """Writes of all callers, for one or more threads."""

    def __init__(self) -> None:
        self._writes: queue.Queue[Write | None] = queue.Queue(_MOST_WAITING)

    def __len__(self) -> int:
        """Return how many writes wait."""
        return self._writes.qsize()

    def put(self, work: Work[Any]) -> Future[Any]:
        """Add a write, and return the future of its result. Never waits.

        Raises:
            StoreError: if too many writes are waiting.
        """
        write = Write(work)
        try:
            self._writes.put_nowait(write)
        except queue.Full:
            raise StoreError("Too many writes are waiting. Try again in a moment.", "it is too slow") from None
        return write.done

    def take(self, *, gather: bool) -> list[Write]:
        """Wait for writes and return those that share a commit; none if the queue was closed for this thread.

        Args:
            gather: wait a moment longer for others. Worth it if the last batch had more than one write.
        """
        if (first := self._writes.get()) is None:
            return []
        if gather:
            time.sleep(_GATHER_SECONDS)
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < _BATCH:
                if (write := self._writes.get_nowait()) is None:
                    self._writes.put(None)  # for the next call
                    break
                batch.append(write)
        return batch

    def refuse_waiting(self, error: Exception) -> None:
        """Give ``error`` to all callers whose writes wait."""
        with contextlib.suppress(queue.Empty):
            while (write := self._writes.get_nowait()) is not None:
                write.done.set_exception(error)
            self.close()  # that was asked for meanwhile

    def close(self) -> None:
        """Let one thread end once it has taken the writes that were added before."""
        self._writes.put(None)
