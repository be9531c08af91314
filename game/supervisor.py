"""Runs several workers on one address: starts them, restarts them when they die, replaces them, and stops them.

The supervisor holds a listener for each worker and accepts nothing itself. While a worker is dead, another
accepts the connections that come to its listener.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from game import worker_metrics
from game.exit_status import FAILED, WORKED, complain
from game.listening import CannotListen, announce, format_address, open_shared_listeners
from game.logs import configure_logging
from game.settings import Settings
from game.worker_link import READY, RETIRE, STAND_BACK, STAND_IN, Assignment

WORKER_COMMAND: Final = (sys.executable, "-m", "game.worker")
STOP_SECONDS: Final = 30.0
"""How long a worker may take to end before it is killed. All that it waits for has shorter limits of its own."""
RETRY_SECONDS: Final = (0.5, 10.0)
"""The first wait after a worker that did not start, and the longest. One that did start is replaced at once."""

_log = logging.getLogger(__name__)


def supervise(settings: Settings, workers: int) -> int:
    """Serve with several workers until SIGTERM or SIGINT. Return the exit status.

    It is what one server would return: the worker's own if the first one cannot start, and 1 if a worker could not
    store every game when it was stopped.
    """
    configure_logging(f"supervisor, {os.getpid()}")
    try:
        listeners = open_shared_listeners(settings.host, settings.port, workers)
    except CannotListen as error:
        return complain(str(error), FAILED)
    address = format_address(settings.host, listeners[0])
    metrics_folder = worker_metrics.make_folder()
    environment = {**os.environ, worker_metrics.FOLDER_VARIABLE: str(metrics_folder)}

    async def run() -> int:
        supervisor = Supervisor(
            listeners,
            WORKER_COMMAND,
            environment,
            announce_ready=lambda: announce(address),
            note_end=lambda name: worker_metrics.forget_gauges(metrics_folder, name),
        )
        return await supervisor.run()

    try:
        return asyncio.run(run())
    finally:
        shutil.rmtree(metrics_folder, ignore_errors=True)


@dataclass(slots=True)
class _Slot:
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
    worker: _Worker | None = None
    stand_in: _Worker | None = None
    retry_seconds: float = RETRY_SECONDS[0]


class _Worker:
    """A worker's process, from its start to its end.

    Attributes:
        slot: its place.
        metrics_name: as its assignment has it.
        is_ready: whether it accepts connections, or did so before it ended.
        status: its exit status, or minus the number of the signal that ended it; None while it runs.
    """

    def __init__(
        self,
        slot: _Slot,
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

    def stand_in_for(self, slot: _Slot) -> None:
        """Have it accept the connections of another slot as well."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._link, [STAND_IN + b"%d" % slot.number], [slot.listener.fileno()])

    def stand_back_from(self, slot: _Slot) -> None:
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
        asyncio.get_running_loop().remove_reader(self._link)  # one byte comes, or the end
        with contextlib.suppress(OSError):
            if self._link.recv(1) == READY:
                self.is_ready = True
                self.slot.has_been_ready.set()
                self.slot.retry_seconds = RETRY_SECONDS[0]
                self._is_ready_or_ended.set()
                self._note_ready()


class Supervisor:
    """Keeps a worker at work on each listener. It needs the main thread, and reaps all children of the process.

    Args:
        listeners: one for each worker.
        command: starts a worker. The assignment, in JSON, is added to it.
        environment: of the workers.
        announce_ready: is called once, when all workers are ready.
        note_end: is called with the metrics' name of each worker that has ended.
    """

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        command: Sequence[str],
        environment: Mapping[str, str],
        announce_ready: Callable[[], None],
        note_end: Callable[[str], None],
    ) -> None:
        self._slots = [_Slot(number, listener) for number, listener in enumerate(listeners, 1)]
        self._command = command
        self._environment = environment
        self._announce_ready = announce_ready
        self._note_end = note_end
        self._workers: dict[int, _Worker] = {}  # those that run, by process id
        self._stop = asyncio.Event()
        self._replace = asyncio.Event()
        self._failed_status: int | None = None  # of a worker that could not start when the server started

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT, and return the exit status. SIGHUP replaces the workers, one by one."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._replace.set)
        loop.add_signal_handler(signal.SIGCHLD, self._reap)
        working = asyncio.create_task(self._work())
        working.add_done_callback(lambda _: self._stop.set())
        await self._stop.wait()
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        status = await self._stop_workers()
        return status if self._failed_status is None else self._failed_status

    async def _work(self) -> None:
        # The first one alone: if it cannot start, the reason is given once. It also migrates the database.
        for slots in (self._slots[:1], self._slots[1:]):
            for slot in slots:
                self._fill(slot)
            for slot in slots:
                await slot.has_been_ready.wait()
        self._announce_ready()
        while True:
            await self._replace.wait()
            self._replace.clear()
            await self._replace_all()

    async def _replace_all(self) -> None:
        """Replace each worker by a new one. If a new one does not get ready, leave the others as they are."""
        for slot in self._slots:
            worker = self._start(slot)
            if worker is None or not await worker.wait_until_ready():
                _log.error("Worker %d cannot be replaced. The workers that are not replaced go on.", slot.number)
                return
            old_worker, slot.worker = slot.worker, worker
            self._fill_gaps(leaving=old_worker)
            if old_worker is not None:
                _log.info("Worker %d (%d) is replaced by %d.", slot.number, old_worker.pid, worker.pid)
                old_worker.retire()
                await old_worker.wait_until_ended(STOP_SECONDS)

    async def _stop_workers(self) -> int:
        workers = list(self._workers.values())
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        await asyncio.gather(*(worker.wait_until_ended(STOP_SECONDS) for worker in workers))
        # One that had not got far enough to take the signal has nothing to store.
        did_work = all(worker.status == 0 or worker.status == -signal.SIGTERM for worker in workers)
        return WORKED if did_work else FAILED

    def _fill(self, slot: _Slot) -> None:
        """Start a worker in a slot, if it has none."""
        if slot.worker is None and not self._stop.is_set():
            slot.worker = self._start(slot)
            if slot.worker is None:
                self._fill_later(slot)

    def _fill_later(self, slot: _Slot) -> None:
        _log.error("Worker %d did not start. The next try is in %g s.", slot.number, slot.retry_seconds)
        asyncio.get_running_loop().call_later(slot.retry_seconds, self._fill, slot)
        slot.retry_seconds = min(2 * slot.retry_seconds, RETRY_SECONDS[1])

    def _fill_gaps(self, leaving: _Worker | None = None) -> None:
        """Have a worker that is ready accept the connections of each slot where none is."""
        ready = [slot.worker for slot in self._slots if slot.worker is not None and slot.worker.is_ready]
        for slot in self._slots:
            if slot.stand_in is not None and (slot.stand_in.status is not None or slot.stand_in is leaving):
                slot.stand_in = None
            if slot.worker in ready:
                if slot.stand_in is not None:
                    slot.stand_in.stand_back_from(slot)
                slot.stand_in = None
            elif slot.stand_in is None and ready:
                slot.stand_in = ready[0]
                slot.stand_in.stand_in_for(slot)

    def _start(self, slot: _Slot) -> _Worker | None:
        names_in_use = {worker.metrics_name for worker in self._workers.values()}
        metrics_name = next(name for name in map(str, itertools.count(1)) if name not in names_in_use)
        try:
            worker = _Worker(slot, metrics_name, self._command, self._environment, self._fill_gaps)
        except OSError as error:
            _log.error("No process can be started: %s.", error.strerror)
            return None
        self._workers[worker.pid] = worker
        return worker

    def _reap(self) -> None:
        """Note which children have ended. As the first process of a container, also take those of others."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, wait_status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                if (worker := self._workers.pop(pid, None)) is not None:
                    worker.note_end(os.waitstatus_to_exitcode(wait_status))
                    self._note_end(worker.metrics_name)
                    self._replace_dead(worker)

    def _replace_dead(self, worker: _Worker) -> None:
        slot, status = worker.slot, worker.status
        if self._stop.is_set() or status is None or slot.worker is not worker:
            return
        slot.worker = None
        self._fill_gaps()
        if status > 0 and not slot.has_been_ready.is_set():
            self._failed_status = status  # it has said why
            self._stop.set()
            return
        reason = f"ended with {status}" if status >= 0 else f"was ended by {signal.Signals(-status).name}"
        _log.warning("Worker %d (%d) %s.", slot.number, worker.pid, reason)
        if worker.is_ready:
            self._fill(slot)
        else:
            self._fill_later(slot)
