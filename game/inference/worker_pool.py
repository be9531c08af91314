"""Work that would hold up the event loop, done in a few threads with a bounded queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Busy(Exception):
    """Too much work is waiting to take on more."""

    def __init__(self) -> None:
        super().__init__("The server is busy right now. Please try again in a moment.")


class WorkerPool:
    """Runs functions in ``threads`` threads; at most ``waiting`` calls are running or waiting."""

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._waiting = waiting
        self._jobs: set[Future[Any]] = set()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what ``function`` returns, or raise what it raises.

        Raises:
            Busy: at once, if too much is waiting already.
        """
        # A caller that goes away does not stop its thread, so jobs are counted, not callers.
        if len(self._jobs) >= self._waiting:
            raise Busy
        job = self._executor.submit(function, *args, **kwargs)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return await asyncio.wrap_future(job)

    def close(self) -> None:
        """Let running work end, and drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)
