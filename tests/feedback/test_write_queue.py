"""Writes that wait together share a commit; no write is lost or taken twice."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.errors import StoreError
from feedback.sql import Connection
from feedback.write_queue import WriteQueue


def _do_nothing(_: Connection) -> None:
    pass


@given(writes=st.integers(0, 40), threads=st.integers(1, 3), gather=st.booleans())
def test_each_write_is_taken_once_and_all_threads_end(writes: int, threads: int, gather: bool) -> None:
    waiting = WriteQueue()
    futures = [waiting.put(_do_nothing) for _ in range(writes)]
    for _ in range(threads):
        waiting.close()

    def take_all() -> None:
        while batch := waiting.take(gather=gather):
            for write in batch:
                write.done.set_result(None)  # raises if it was set before

    takers = [threading.Thread(target=take_all) for _ in range(threads)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join(60)
        assert not taker.is_alive()
    assert all(future.done() for future in futures)


def test_writes_that_arrive_within_a_moment_are_taken_together() -> None:
    waiting = WriteQueue()
    waiting.put(_do_nothing)
    waiting.put(_do_nothing)
    assert len(waiting.take(gather=True)) == 2
    assert len(waiting) == 0


def test_writes_that_are_refused_are_told_so_and_a_close_stays() -> None:
    waiting = WriteQueue()
    futures = [waiting.put(_do_nothing), waiting.put(_do_nothing)]
    waiting.close()
    waiting.refuse_waiting(StoreError("It is gone.", "it is gone"))
    for future in futures:
        with pytest.raises(StoreError):
            future.result(0)
    assert waiting.take(gather=False) == []


def test_too_many_writes_are_refused() -> None:
    waiting = WriteQueue()
    with pytest.raises(StoreError, match="Too many writes"):
        for _ in range(10_000):
            waiting.put(_do_nothing)
    assert len(waiting) == 1024
