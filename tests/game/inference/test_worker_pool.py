from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from game.inference.worker_pool import Busy, FairQueue, WorkerPool

MOST = 6
MOST_PER_KEY = 3


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool("test", threads=1, waiting=3, waiting_per_key=2)
    yield pool
    pool.close()


async def test_results_and_errors_come_back(pool: WorkerPool) -> None:
    assert await pool.run("a", divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await pool.run("a", divmod, 1, 0)


async def test_an_error_keeps_nothing_of_the_work(pool: WorkerPool) -> None:
    class Picture:
        def decode(self) -> None:
            raise OSError

    pictures: list[weakref.ref[Picture]] = []

    def read() -> None:
        picture = Picture()
        pictures.append(weakref.ref(picture))
        try:
            picture.decode()
        except OSError as error:
            raise Busy from error

    gc.disable()
    try:
        with pytest.raises(Busy) as raised:
            await pool.run("a", read)
        assert raised.value.__cause__ is not None
        assert [picture() for picture in pictures] == [None]
    finally:
        gc.enable()


async def test_an_error_is_gone_once_it_is_handled(pool: WorkerPool) -> None:
    class Refusal(Exception):
        pass

    refusals: list[weakref.ref[Refusal]] = []

    def refuse() -> None:
        refusal = Refusal()
        refusals.append(weakref.ref(refusal))
        raise refusal

    async def ask() -> None:
        try:
            await pool.run("a", refuse)
        except Refusal:
            return

    gc.disable()
    try:
        await ask()
        await pool.run("a", int)  # the thread has let go of what it did before
        assert [refusal() for refusal in refusals] == [None]
    finally:
        gc.enable()


async def test_the_loop_goes_on_meanwhile(pool: WorkerPool) -> None:
    gate = threading.Event()
    waiting = asyncio.create_task(pool.run("a", gate.wait, 10))
    await asyncio.sleep(0)
    gate.set()
    assert await waiting


async def test_more_than_may_wait_is_refused_until_there_is_room(pool: WorkerPool) -> None:
    gate = threading.Event()
    calls = [asyncio.create_task(pool.run(key, gate.wait, 10)) for key in "aab"]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await pool.run("c", int)
    gate.set()
    await asyncio.gather(*calls)
    assert await pool.run("c", int) == 0


async def test_one_client_cannot_take_all_the_room(pool: WorkerPool) -> None:
    gate = threading.Event()
    calls = [asyncio.create_task(pool.run("a", gate.wait, 10)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await pool.run("a", int)
    other = asyncio.create_task(pool.run("b", int))
    gate.set()
    assert await other == 0
    await asyncio.gather(*calls)


async def test_a_client_with_much_work_waits_behind_itself() -> None:
    pool = WorkerPool("test", threads=1, waiting=100, waiting_per_key=50)
    gate, done = threading.Event(), list[str]()

    def work(name: str) -> None:
        gate.wait(10)
        done.append(name)

    calls = [asyncio.create_task(pool.run("flood", work, "flood")) for _ in range(50)]
    await asyncio.sleep(0)
    calls += [asyncio.create_task(pool.run(key, work, key)) for key in "ab"]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*calls)
    assert done[:4] == ["flood", "flood", "a", "b"]
    pool.close()


async def test_work_whose_caller_went_away_is_not_begun(pool: WorkerPool) -> None:
    gate, begun = threading.Event(), list[str]()
    running = asyncio.create_task(pool.run("a", gate.wait, 10))
    waiting = asyncio.create_task(pool.run("a", begun.append, "a"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    # Its place is free again.
    other = asyncio.create_task(pool.run("a", begun.append, "b"))
    gate.set()
    await asyncio.gather(running, other)
    assert begun == ["b"]


async def test_running_work_whose_caller_went_away_still_counts(pool: WorkerPool) -> None:
    gate, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        gate.wait(10)

    running, waiting = (asyncio.create_task(pool.run("a", work)) for _ in range(2))
    await asyncio.to_thread(begun.wait, 10)
    running.cancel()
    await asyncio.wait([running])
    with pytest.raises(Busy):
        await pool.run("a", int)
    gate.set()
    await waiting


async def test_callers_that_wait_when_it_closes_are_canceled() -> None:
    pool = WorkerPool("test", threads=1, waiting=3, waiting_per_key=3)
    gate = threading.Event()
    running, waiting = (asyncio.create_task(pool.run("a", gate.wait, 10)) for _ in range(2))
    await asyncio.sleep(0)
    gate.set()
    pool.close()
    assert await running
    await asyncio.wait([waiting])
    assert waiting.cancelled()


class FairQueueMachine(RuleBasedStateMachine):
    """Whatever happens, bounds hold, each key is first in, first out, and the keys take turns."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: FairQueue[int] = FairQueue(MOST, MOST_PER_KEY)
        self.waiting: list[tuple[str, int]] = []  # in the order of arrival
        self.in_work: list[str] = []
        self.overtaken: dict[int, Counter[str]] = {}  # by waiting item: which keys went before it, how often
        self.number = 0

    def count(self, key: str) -> int:
        return [k for k, _ in self.waiting].count(key) + self.in_work.count(key)

    @rule(key=st.sampled_from("abcd"))
    def add(self, key: str) -> None:
        is_full = len(self.waiting) + len(self.in_work) >= MOST or self.count(key) >= MOST_PER_KEY
        self.number += 1
        if is_full:
            with pytest.raises(Busy):
                self.queue.add(key, self.number)
            return
        self.queue.add(key, self.number)
        self.waiting.append((key, self.number))

    @rule()
    def take(self) -> None:
        turn = self.queue.take()
        if turn is None:
            assert not self.waiting
            return
        key, item = turn
        assert item == next(number for k, number in self.waiting if k == key)
        self.waiting.remove((key, item))
        self.in_work.append(key)
        firsts = dict(reversed(self.waiting))
        for other, number in firsts.items():
            if other != key:
                before = self.overtaken.setdefault(number, Counter())
                before[key] += 1
                assert before[key] <= 1, f"{key} went twice before {other}"

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        if self.in_work:
            key = data.draw(st.sampled_from(self.in_work))
            self.in_work.remove(key)
            self.queue.finish(key)

    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        if self.waiting:
            key, item = data.draw(st.sampled_from(self.waiting))
            self.queue.drop(key, item)
            self.waiting.remove((key, item))
            self.overtaken.clear()  # the next item of the key took over its turn

    @rule(number=st.integers(1000, 1001))
    def drop_what_is_not_there(self, number: int) -> None:
        self.queue.drop("a", number)

    @invariant()
    def something_is_next_as_long_as_something_waits(self) -> None:
        assert len(self.waiting) + len(self.in_work) <= MOST


TestFairQueue = FairQueueMachine.TestCase
TestFairQueue.settings = settings(max_examples=60, stateful_step_count=40)
