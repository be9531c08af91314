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
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from game import worker_metrics
from game.exit_status import FAILED, WORKED, complain
from game.listening import CannotListen, announce, format_address, open_shared_listeners
from game.logs import configure_logging
from game.settings import Settings
from game.worker_link import BEAT_SECONDS
from game.worker_process import RETRY_SECONDS, Slot, WorkerProcess

WORKER_COMMAND: Final = (sys.executable, "-m", "game.worker")
STOP_SECONDS: Final = 30.0
"""How long a worker may take to end before it is killed. All that it waits for has shorter limits of its own."""

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
        self._slots = [Slot(number, listener) for number, listener in enumerate(listeners, 1)]
        self._command = command
        self._environment = environment
        self._announce_ready = announce_ready
        self._note_end = note_end
        self._workers: dict[int, WorkerProcess] = {}  # those that run, by process id
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
        watching = asyncio.create_task(self._watch())
        working = asyncio.create_task(self._work())
        working.add_done_callback(lambda _: self._stop.set())
        await self._stop.wait()
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
        watching.cancel()
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

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self._fill_gaps()

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

    def _fill(self, slot: Slot) -> None:
        """Start a worker in a slot, if it has none."""
        if slot.worker is None and not self._stop.is_set():
            slot.worker = self._start(slot)
            if slot.worker is None:
                self._fill_later(slot)

    def _fill_later(self, slot: Slot) -> None:
        _log.error("Worker %d did not start. The next try is in %g s.", slot.number, slot.retry_seconds)
        asyncio.get_running_loop().call_later(slot.retry_seconds, self._fill, slot)
        slot.retry_seconds = min(2 * slot.retry_seconds, RETRY_SECONDS[1])

    def _fill_gaps(self, leaving: WorkerProcess | None = None) -> None:
        """Have a worker that serves accept the connections of each slot where none does."""
        serving = [slot.worker for slot in self._slots if slot.worker is not None and slot.worker.is_serving]
        for slot in self._slots:
            stand_in = slot.stand_in
            if stand_in is not None and (slot.worker in serving or stand_in is leaving or not stand_in.is_serving):
                stand_in.stand_back_from(slot)
                slot.stand_in = None
            if serving and slot.worker not in serving and slot.stand_in is None:
                if slot.worker is not None and slot.worker.is_ready:
                    _log.warning("Worker %d (%d) hangs.", slot.number, slot.worker.pid)
                slot.stand_in = serving[0]
                slot.stand_in.stand_in_for(slot)

    def _start(self, slot: Slot) -> WorkerProcess | None:
        names_in_use = {worker.metrics_name for worker in self._workers.values()}
        metrics_name = next(name for name in map(str, itertools.count(1)) if name not in names_in_use)
        try:
            worker = WorkerProcess(slot, metrics_name, self._command, self._environment, self._fill_gaps)
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

    def _replace_dead(self, worker: WorkerProcess) -> None:
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
