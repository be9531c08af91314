"""A network between two programs that a test can cut: bytes are held back, and no connection is closed."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from tests.serving import HOST, free_port


class Link(AbstractContextManager["Link"]):
    """Passes the connections to ``port`` on to ``target``, another port of the loopback. Runs inside ``with``."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._is_open = asyncio.Event()
        self._is_open.set()
        self._is_ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))

    def cut(self) -> None:
        """Hold back all bytes from now on."""
        self._loop.call_soon_threadsafe(self._is_open.clear)

    def mend(self) -> None:
        """Pass on all bytes again, those that were held back first."""
        self._loop.call_soon_threadsafe(self._is_open.set)

    def __enter__(self) -> Self:
        self._thread.start()
        self._is_ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    async def _run(self) -> None:
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._pass_on(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        async with await asyncio.start_server(accept, HOST, self.port):
            self._is_ready.set()
            await self._stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            await self._is_open.wait()
            far_reader, far_writer = await asyncio.open_connection(HOST, self._target)
            with contextlib.closing(far_writer):
                ways = [self._copy(reader, far_writer), self._copy(far_reader, writer)]
                tasks = [asyncio.create_task(way) for way in ways]
                try:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._is_open.wait()
            writer.write(data)
            await writer.drain()
