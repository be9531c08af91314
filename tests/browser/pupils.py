"""Pupils without a browser, who fill a room while a test goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

from tests.bench.pupils import play


@contextmanager
def let_pupils_play(port: int, code: str, pupils: int, names: Sequence[str]) -> Iterator[None]:
    """Let pupils play in a thread of their own, from entering to leaving this context.

    Args:
        port: of the server.
        code: of the room.
        pupils: how many.
        names: what the first of them call themselves.
    """
    begun: Future[Callable[[], object]] = Future()

    async def play_until_stopped() -> None:
        playing = asyncio.create_task(play(port, code, pupils, seed=1, names=names))
        begun.set_result(partial(asyncio.get_running_loop().call_soon_threadsafe, playing.cancel))
        with suppress(asyncio.CancelledError):
            await playing

    with ThreadPoolExecutor(1) as executor:
        ended = executor.submit(asyncio.run, play_until_stopped())
        try:
            yield
        finally:
            stop = begun.result()
            stop()
    ended.result()
