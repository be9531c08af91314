"""Several connections that read, so that a long read does not hold up the others."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from feedback.sql import Work

T = TypeVar("T")

READERS: Final = 4
"""As many reads run at the same time. Each connection has a cache of two megabytes at most."""


class Readers:
    """Runs functions that read, in threads. A connection is used by one thread at a time."""

    def __init__(self, connections: Sequence[sqlite3.Connection]) -> None:
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._count = len(connections)
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="store-reader")
        for connection in connections:
            self._idle.put(connection)

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, work)

    def disconnect(self) -> None:
        """Wait for the reads that run now, and close the connections. Reads fail after that."""
        connections = [self._idle.get() for _ in range(self._count)]
        for connection in connections:
            connection.close()
            self._idle.put(connection)

    def reconnect(self, connections: Sequence[sqlite3.Connection]) -> None:
        """Use new connections, as many as before, after `disconnect`."""
        for connection in connections:
            self._idle.get()
            self._idle.put(connection)

    def close(self) -> None:
        """Close the connections and end the threads."""
        self.disconnect()
        self._threads.shutdown()

    def _run(self, work: Work[T]) -> T:
        connection = self._idle.get()
        try:
            return work(connection)
        finally:
            self._idle.put(connection)
