"""A worker's process, as the supervisor sees it, and its place."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from game.worker_link import READY, RETIRE, STAND_BACK, STAND_IN, Assignment

HANG_SECONDS: Final = 5.0
"""After this time without a beat, a worker hangs: another takes its connections until it goes on."""
RETRY_SECONDS: Final = (0.5, 10.0)
"""The first wait after a worker that did not start, and the longest. One that did start is replaced at once."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Slot:
    """A worker's place.

    Attributes:
        number: from 1.
        listener: stays open as long as the supervisor runs.
        has_been_ready: set once a worker has been ready here.
        worker: the one that serves here, or that starts because none does.
        stand_in: the worker that accepts the connections while no worker serves here.
        retry_seconds: how long to wait if that one ends before it is ready.
    """

    number: int
    listener: socket.socket
    has_been_ready: asyncio.Event = field(default_factory=asyncio.Event)
    worker: WorkerProcess | None = None
    stand_in: WorkerProcess | None = None
    retry_seconds: float = RETRY_SECONDS[0]


class WorkerProcess:
    """A worker's process, from its start to its end.

    Attributes:
        slot: its place.
        metrics_name: as its assignment has it.
        is_ready: whether it accepts connections, or did so before it ended.
        status: its exit status, or minus the number of the signal that ended it; None while it runs.
    """

    def __init__(
        self,
        slot: Slot,
        metrics_name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        note_ready: Callable[[], None],
    ) -> None:
        """Start the process. ``note_ready`` is called when it is ready.

        Raises:
            OSError: if that is not possible.
        """
        self.slot = slot
        self.metrics_name = metrics_name
        self.is_ready = False
        self.status: int | None = None
        self._note_ready = note_ready
        self._beat_at = 0.0
        self._is_ready_or_ended = asyncio.Event()
        self._has_ended = asyncio.Event()
        self._link, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._link.setblocking(False)
        assignment = Assignment(
            number=slot.number, listener=slot.listener.fileno(), link=far_end.fileno(), metrics_name=metrics_name
        )
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own command)
                [*command, msgspec.json.encode(assignment).decode()],
                env=environment,
                pass_fds=(assignment.listener, assignment.link),
                process_group=0,  # Ctrl-C in a terminal reaches only the supervisor, which stops the workers
            )
        except OSError:
            self._link.close()
            raise
        finally:
            far_end.close()
        asyncio.get_running_loop().add_reader(self._link, self._receive)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def is_serving(self) -> bool:
        """Whether it accepts connections now."""
        return self.is_ready and self.status is None and self._get_time() - self._beat_at < HANG_SECONDS

    async def wait_until_ready(self) -> bool:
        """Wait until it accepts connections or has ended. Return whether it accepts connections."""
        await self._is_ready_or_ended.wait()
        return self.status is None

    async def wait_until_ended(self, seconds: float) -> None:
        """Wait until the process has ended. After ``seconds``, kill it."""
        try:
            async with asyncio.timeout(seconds):
                await self._has_ended.wait()
        except TimeoutError:
            _log.error("Worker %d (%d) does not end. It is killed.", self.slot.number, self.pid)
            self.send_signal(signal.SIGKILL)
            await self._has_ended.wait()

    def retire(self) -> None:
        """Have it end, because another worker accepts the connections of its listener now."""
        with contextlib.suppress(OSError):
            self._link.send(RETIRE)

    def stand_in_for(self, slot: Slot) -> None:
        """Have it accept the connections of another slot as well."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._link, [STAND_IN + b"%d" % slot.number], [slot.listener.fileno()])

    def stand_back_from(self, slot: Slot) -> None:
        """Have it accept no more connections of another slot."""
        with contextlib.suppress(OSError):
            self._link.send(STAND_BACK + b"%d" % slot.number)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.status is None:
            os.kill(self.pid, number)

    def note_end(self, status: int) -> None:
        """Note that the process has ended."""
        self.status = self._process.returncode = status
        asyncio.get_running_loop().remove_reader(self._link)
        self._link.close()
        self._is_ready_or_ended.set()
        self._has_ended.set()

    def _receive(self) -> None:
        message = b""
        with contextlib.suppress(OSError):
            message = self._link.recv(1)
        self._beat_at = self._get_time()
        if message == READY:
            self.is_ready = True
            self.slot.has_been_ready.set()
            self.slot.retry_seconds = RETRY_SECONDS[0]
            self._is_ready_or_ended.set()
            self._note_ready()
        elif not message:
            asyncio.get_running_loop().remove_reader(self._link)

    def _get_time(self) -> float:
        return asyncio.get_running_loop().time()
