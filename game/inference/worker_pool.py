"""Work that would hold up the event loop, done in a few threads, with fair turns for all clients."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from traceback import clear_frames
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Busy(Exception):
    """Too much work is waiting to take on more."""

    def __init__(self) -> None:
        super().__init__("The server is busy right now. Please try again in a moment.")


class FairQueue(Generic[T]):
    """Items that wait for their turn. The keys take turns, and the items of one key stay in order.

    So an item waits for the earlier items of its own key, and for at most one item of each other key between two
    of those.

    Args:
        most: how many items may wait or be in work.
        most_per_key: how many of them may have the same key.
    """

    def __init__(self, most: int, most_per_key: int) -> None:
        self._most = most
        self._most_per_key = most_per_key
        self._counts: Counter[str] = Counter()  # of the items that wait or are in work
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()  # the first key has the next turn

    def add(self, key: str, item: T) -> None:
        """Add an item behind those of its key.

        Raises:
            Busy: if there are too many, or too many of this key.
        """
        if self._counts.total() >= self._most or self._counts[key] >= self._most_per_key:
            raise Busy
        self._counts[key] += 1
        self._waiting.setdefault(key, deque()).append(item)

    def take(self) -> tuple[str, T] | None:
        """Return the next item and its key, or None if nothing waits. It is in work until `finish`."""
        if not self._waiting:
            return None
        key, items = self._waiting.popitem(last=False)
        item = items.popleft()
        if items:
            self._waiting[key] = items
        return key, item

    def finish(self, key: str) -> None:
        """Make room: an item of ``key`` is no longer in work."""
        self._counts[key] -= 1
        if not self._counts[key]:
            del self._counts[key]

    def drop(self, key: str, item: T) -> None:
        """Remove an item, unless it was taken."""
        items = self._waiting.get(key, ())
        if item in items:
            self._waiting[key].remove(item)
            if not self._waiting[key]:
                del self._waiting[key]
            self.finish(key)

    def clear(self) -> list[T]:
        """Remove and return everything that waits."""
        dropped = []
        for key, items in list(self._waiting.items()):
            for item in list(items):
                dropped.append(item)
                self.drop(key, item)
        return dropped


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    work: Callable[[], Any]
    result: asyncio.Future[Any]


class WorkerPool:
    """Runs functions in ``threads`` threads.

    Args:
        name: of the threads.
        threads: how many functions run at a time.
        waiting: how many calls may run or wait.
        waiting_per_key: how many of them may have the same key.
    """

    def __init__(self, name: str, *, threads: int, waiting: int, waiting_per_key: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._idle_threads = threads
        self._queue: FairQueue[_Job] = FairQueue(waiting, waiting_per_key)

    async def run(self, key: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what ``function`` returns, or raise what it raises.

        If the caller is canceled before its turn, the function does not run. Once it runs it cannot be stopped,
        and counts until it ends.

        Args:
            key: who calls. Those with different keys take turns.
            function: runs in a thread.
            args: its arguments.
            kwargs: its named arguments.

        Raises:
            Busy: at once, if too much is waiting already.
        """
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        job = _Job(partial(_call, function, *args, **kwargs), result)
        self._queue.add(key, job)
        self._start_jobs()
        try:
            return await result
        finally:
            self._queue.drop(key, job)
            del result, job  # An error knows this frame. They would keep each other until garbage is looked for.

    def close(self) -> None:
        """Let running work end, and drop what waits."""
        for job in self._queue.clear():
            job.result.cancel()
        self._executor.shutdown(wait=True)

    def _start_jobs(self) -> None:
        while self._idle_threads and (turn := self._queue.take()):
            key, job = turn
            self._idle_threads -= 1
            running = asyncio.wrap_future(self._executor.submit(job.work))
            running.add_done_callback(partial(self._finish_job, key, job.result))

    def _finish_job(self, key: str, result: asyncio.Future[Any], done: asyncio.Future[Any]) -> None:
        self._idle_threads += 1
        self._queue.finish(key)
        error = done.exception()
        if result.done():  # the caller has gone
            pass
        elif error is not None:
            result.set_exception(error)
        else:
            result.set_result(done.result())
        self._start_jobs()


def _call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``function`` returns. An error that it raises does not keep what its functions were working on.

    A traceback keeps the variables of all functions, such as the pixels of a picture that is no writing: 50 MB.
    """
    try:
        return function(*args, **kwargs)
    except BaseException as error:
        raised: BaseException | None = error
        while raised is not None:
            clear_frames(raised.__traceback__)
            raised = raised.__context__
        raise
