"""Blocking work beside the event loop, in threads that a process does not wait for when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def run_in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in a thread and return what it does.

    Whoever is cancelled leaves the thread behind: a request to Google that hangs must not hold up a shutdown, and
    the mirror takes it for one whose outcome is in doubt.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def deliver(tell: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(lambda: None if done.done() else tell())

    def run() -> None:
        try:
            result = work(*args, **kwargs)
        except Exception as error:
            failure = error
            deliver(lambda: done.set_exception(failure))
        else:
            deliver(lambda: done.set_result(result))

    threading.Thread(target=run, name="sheet", daemon=True).start()
    return await done
