from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from game.inference.worker_pool import Busy, WorkerPool


@pytest.fixture
async def offload() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool("test", threads=1, waiting=2)
    yield pool
    pool.close()


async def test_results_and_errors_come_back(offload: WorkerPool) -> None:
    assert await offload.run(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await offload.run(divmod, 1, 0)


async def test_the_loop_goes_on_meanwhile(offload: WorkerPool) -> None:
    gate = threading.Event()
    waiting = asyncio.create_task(offload.run(gate.wait, 10))
    await asyncio.sleep(0)
    gate.set()
    assert await waiting


async def test_more_than_may_wait_is_refused_until_there_is_room(offload: WorkerPool) -> None:
    gate = threading.Event()
    first, second = (asyncio.create_task(offload.run(gate.wait, 10)) for _ in range(2))
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await offload.run(int)
    gate.set()
    await asyncio.gather(first, second)
    assert await offload.run(int) == 0


async def test_work_whose_caller_went_away_still_counts(offload: WorkerPool) -> None:
    gate, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        gate.wait(10)

    running, waiting = (asyncio.create_task(offload.run(work)) for _ in range(2))
    await asyncio.to_thread(begun.wait, 10)
    running.cancel()
    await asyncio.wait([running])
    other = asyncio.create_task(offload.run(int))
    await asyncio.wait([other], timeout=0.05)
    assert isinstance(other.exception(), Busy)
    gate.set()
    await waiting
