"""A real server in its own process, for tests and benchmarks."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

ROOT: Final = Path(__file__).parent.parent
HOST: Final = "127.0.0.1"
START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 15.0

_PORTS: Final = range(10_000, 30_000)
_port_numbers: Final = itertools.count(os.getpid() * 101)


class ServerFailed(RuntimeError):
    """The server did not start or did not stop; the text holds what it printed."""


class Server(AbstractContextManager["Server"]):
    """``python -m game`` on a free port of the loopback, with everything it keeps under ``var``.

    Used as a context manager it is started on entry and stopped by SIGTERM on exit. It may be started again
    after `stop` or `kill`, on the same port and the same ``var``.

    Args:
        var: the folder for everything that it keeps.
        environment: variables for it, besides those of this process.
        options: of the command line, besides host and port.
        root: the checkout that it runs from.
    """

    def __init__(
        self,
        var: Path,
        environment: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        root: Path = ROOT,
        module: str = "game",
    ) -> None:
        self.var = var
        self._module = module
        self.port = free_port()
        self._environment = dict(environment or {})
        self._options = options
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address pages are at, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def play_url(self) -> str:
        """The address of the play socket."""
        return f"ws://{HOST}:{self.port}/play/v1"

    @property
    def database_url(self) -> str:
        """Where the server keeps its rounds."""
        return self._environment.get("INKRUSH_DATABASE_URL", f"sqlite:///{self.var / 'inkrush.db'}")

    @property
    def models(self) -> Path:
        """The folder of the versions of the model."""
        return self.var / "models"

    @property
    def pid(self) -> int:
        """The process, for measurements."""
        return self._running().pid

    @property
    def log(self) -> str:
        """What the server printed since it was first started."""
        path = self.var / "server.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def resident(self) -> int:
        """The bytes of memory that the server holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize()

    def make_command(self) -> list[str]:
        """Return the command that starts it."""
        return [sys.executable, "-m", self._module, "--host", HOST, "--port", str(self.port), *self._options]

    def start(self) -> None:
        """Start the server and return once it answers.

        Raises:
            ServerFailed: if it ends or stays silent instead.
        """
        self.var.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {
            "INKRUSH_VAR": str(self.var),
            "INKRUSH_DATABASE_URL": self.database_url,
            "INKRUSH_MODELS": str(self.models),
            "PYTHONPATH": str(self._root),
            "PYTHONUNBUFFERED": "1",
            **self._environment,
        }
        with (self.var / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.make_command(), cwd=self._root, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None:
                raise ServerFailed(f"The server ended with {self._process.returncode}:\n{self.log}")
            if time.monotonic() > deadline:
                self.kill()
                raise ServerFailed(f"The server did not answer in {START_SECONDS:.0f} s:\n{self.log}")
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask the server to end (SIGTERM), wait until it has, and return its exit status.

        Raises:
            ServerFailed: if it does not end; it is killed then.
        """
        process = self._running()
        process.terminate()
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerFailed(f"The server outlived SIGTERM by {STOP_SECONDS:.0f} s:\n{self.log}") from None

    def kill(self) -> None:
        """End the server at once (SIGKILL), as a power cut would."""
        process = self._running()
        process.send_signal(signal.SIGKILL)
        process.wait()

    def get(self, path: str) -> Any:
        """Return the JSON at ``path``."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def send_raw(self, request: bytes) -> bytes:
        """Send bytes over a connection of their own and return all that comes back until the server closes it.

        Raises:
            TimeoutError: if it does not; ask for ``Connection: close``.
        """
        with socket.create_connection((HOST, self.port), timeout=20) as connection:
            connection.sendall(request)
            answer = b""
            with contextlib.suppress(ConnectionError):
                while received := connection.recv(65536):
                    answer += received
        return answer

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServerFailed("The server was not started.")
        return self._process

    def _answers(self) -> bool:
        try:
            self.get("/healthz")
        except (urllib.error.URLError, OSError, ValueError):
            return False
        return True


def free_port() -> int:
    """Return a port of the loopback that nobody listens on.

    It is not one that the system gives to outgoing connections, and another process begins its search elsewhere,
    so nobody else takes it before the server listens on it.
    """
    while True:
        port = _PORTS[next(_port_numbers) % len(_PORTS)]
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind((HOST, port))
            return port
