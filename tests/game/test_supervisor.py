"""The supervisor: what it does when workers die, cannot start, are replaced or stopped, and when it dies itself.

The workers are small (`tests.game.example_worker`). `tests.test_workers` has the real ones.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.serving import HOST, ROOT, free_port

pytestmark = pytest.mark.slow

WORKERS = 2
PATIENCE_SECONDS = 30.0


class Answer(NamedTuple):
    """Which worker answered."""

    number: int
    pid: int


class Supervised:
    """The supervisor with small workers, as a process."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.behavior = folder / "behavior"
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self._log.read_text()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.game.example_supervisor", str(self.port), str(WORKERS)],
                cwd=ROOT,
                env={**os.environ, "EXAMPLE_BEHAVIOR": str(self.behavior)},
                stdout=log,
                stderr=log,
            )

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self) -> int:
        assert self._process is not None
        return self._process.wait(PATIENCE_SECONDS)

    def is_ready(self) -> bool:
        return "Inkrush is ready at" in self.log

    def find_workers(self) -> dict[int, Answer]:
        """Return which worker answers, by process id."""
        answers: dict[int, Answer] = {}
        while len({answer.number for answer in answers.values()}) < WORKERS:
            with self.connect() as connection:
                answer = ask(connection)
                answers[answer.pid] = answer
        return answers

    def connect(self) -> socket.socket:
        return socket.create_connection((HOST, self.port), timeout=PATIENCE_SECONDS)


def ask(connection: socket.socket) -> Answer:
    connection.sendall(b"who?\n")
    received = b""
    while not received.endswith(b"\n"):
        data = connection.recv(100)
        assert data, "The connection was closed."
        received += data
    number, pid = received.split()
    return Answer(int(number), int(pid))


def ask_often(supervised: Supervised) -> set[Answer]:
    """Return who answers connections that are all open at the same time: so many that each listener gets some."""
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(supervised.connect()) for _ in range(30)]
        return {ask(connection) for connection in connections}


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@contextmanager
def supervise(folder: Path, behavior: str = "") -> Iterator[Supervised]:
    supervised = Supervised(folder)
    supervised.behavior.write_text(behavior)
    supervised.start()
    try:
        yield supervised
    finally:
        supervised.send(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            supervised.wait()
        supervised.send(signal.SIGKILL)
        supervised.wait()


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    with supervise(tmp_path) as running:
        wait_until(running.is_ready)
        yield running


def test_all_workers_answer_on_one_address_and_end_on_sigterm(supervised: Supervised) -> None:
    workers = supervised.find_workers()
    assert sorted(worker.number for worker in workers.values()) == [1, 2]
    supervised.send(signal.SIGTERM)
    assert supervised.wait() == 0
    assert not any(map(is_running, workers))
    assert supervised.log.count("is ready") == 1
    assert "Traceback" not in supervised.log


def test_a_killed_worker_is_replaced_and_another_takes_its_connections_meanwhile(supervised: Supervised) -> None:
    before = supervised.find_workers()
    killed, survivor = before
    supervised.behavior.write_text("start fails")
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: "did not start" in supervised.log)
    assert {answer.pid for answer in ask_often(supervised)} == {survivor}
    supervised.behavior.unlink()
    after = supervised.find_workers()
    assert survivor in after
    assert killed not in after
    assert f"({killed}) was ended by SIGKILL" in supervised.log


def test_no_connection_is_lost_when_a_worker_is_killed(supervised: Supervised) -> None:
    killed, _ = supervised.find_workers()
    os.kill(killed, signal.SIGKILL)
    assert killed not in {answer.pid for answer in ask_often(supervised)}


def test_another_worker_takes_the_connections_of_one_that_hangs(supervised: Supervised) -> None:
    hanging, survivor = supervised.find_workers()
    os.kill(hanging, signal.SIGSTOP)
    try:
        assert {answer.pid for answer in ask_often(supervised)} == {survivor}
    finally:
        os.kill(hanging, signal.SIGCONT)
    assert supervised.find_workers().keys() == {hanging, survivor}


def test_if_the_first_worker_cannot_start_the_whole_command_fails_with_its_status(tmp_path: Path) -> None:
    with supervise(tmp_path, "start fails") as supervised:
        assert supervised.wait() == 2
        assert supervised.log == "The settings are wrong.\n"


def test_a_worker_that_cannot_be_restarted_is_tried_again(supervised: Supervised) -> None:
    (killed, lost), *_ = supervised.find_workers().items()
    supervised.behavior.write_text("start fails")
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: supervised.log.count(f"Worker {lost.number} did not start. The next try is in") == 2)
    assert "in 0.5 s" in supervised.log
    assert "in 1 s" in supervised.log
    supervised.behavior.unlink()
    assert supervised.find_workers().keys().isdisjoint({killed})


def test_sighup_replaces_one_worker_after_the_other_and_every_connection_is_served(supervised: Supervised) -> None:
    before = supervised.find_workers()
    first, second = sorted(before.values())
    answers: list[Answer] = []
    is_done = threading.Event()

    def keep_asking() -> None:
        while not is_done.is_set():
            with supervised.connect() as connection:
                answers.append(ask(connection))

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        with contextlib.ExitStack() as stack:
            connections = [stack.enter_context(supervised.connect()) for _ in range(30)]
            held = {ask(connection): connection for connection in connections}
            supervised.send(signal.SIGHUP)
            wait_until(lambda: f"Worker 1 ({first.pid}) is replaced by" in supervised.log)
            # Connections that were open stay with the old worker. The next worker's turn comes when it has ended.
            assert ask(held[first]) == first
            assert ask(held[second]) == second
            assert f"({second.pid}) is replaced" not in supervised.log
        wait_until(lambda: not any(map(is_running, before)))
    finally:
        is_done.set()
        asking.join()
    after = supervised.find_workers()
    assert before.keys().isdisjoint(after)
    assert {answer.pid for answer in answers} <= before.keys() | after.keys()
    assert "Traceback" not in supervised.log


def test_a_replacement_that_cannot_start_leaves_the_old_workers_at_work(supervised: Supervised) -> None:
    before = supervised.find_workers()
    supervised.behavior.write_text("start fails")
    supervised.send(signal.SIGHUP)
    wait_until(lambda: "cannot be replaced" in supervised.log)
    assert supervised.find_workers().keys() == before.keys()


def test_a_worker_that_could_not_store_everything_gives_the_command_its_status(tmp_path: Path) -> None:
    with supervise(tmp_path, "stop fails") as supervised:
        wait_until(supervised.is_ready)
        supervised.send(signal.SIGINT)
        assert supervised.wait() == 1


def test_workers_do_not_outlive_a_killed_supervisor_and_the_port_is_free(supervised: Supervised) -> None:
    before = supervised.find_workers()
    supervised.send(signal.SIGKILL)
    supervised.wait()
    wait_until(lambda: not any(map(is_running, before)))
    supervised.start()
    wait_until(lambda: supervised.log.count("is ready") == 2)
    assert supervised.find_workers().keys().isdisjoint(before)


def test_a_second_supervisor_does_not_share_the_port(supervised: Supervised, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    with supervise(tmp_path / "second") as second:
        second.port = supervised.port
        second.send(signal.SIGKILL)
        second.wait()
        second.start()
        assert second.wait() == 1
        assert "Address already in use" in second.log
