"""What the supervisor and its workers tell each other.

The supervisor passes a worker its assignment on the command line, and one end of a pair of sockets. The worker
sends one byte over it when it is ready. The supervisor sends one byte when another worker has taken over. If one
side ends, however it ends, the other sees the end of the stream.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from typing import Final

import msgspec

READY: Final = b"r"
RETIRE: Final = b"x"
LINGER_SECONDS: Final = 0.5
"""How long a worker that ends still answers at least, for requests on connections that it accepted just before."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker gets from the supervisor.

    Attributes:
        number: of the worker, from 1. A worker that replaces another has its number.
        listener: file descriptor of the listener. The supervisor holds it too, so that no connection is lost.
        link: file descriptor of the worker's end of the pair of sockets.
        metrics_name: names the worker's files of metrics. No two running workers have the same.
    """

    number: int
    listener: int
    link: int
    metrics_name: str


class WorkerLink:
    """The worker's side of the link.

    Attributes:
        stop: set when the worker should end.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.stop = asyncio.Event()
        self._listener = assignment.listener
        self._socket = socket.socket(fileno=assignment.link)
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._receive)

    def announce_ready(self) -> None:
        """Tell the supervisor that connections are accepted now."""
        with contextlib.suppress(OSError):  # if it is gone, `stop` is set
            self._socket.send(READY)

    def _receive(self) -> None:
        try:
            data = self._socket.recv(1)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._stop_accepting(is_orphan=data != RETIRE)
        self.stop.set()

    def _stop_accepting(self, *, is_orphan: bool) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        loop.remove_reader(self._listener)  # asyncio's servers accept where a listener is readable
        if is_orphan:
            # Nobody else accepts from it. Closed at once, so that another supervisor can take the port.
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._listener)) as listener:
                listener.shutdown(socket.SHUT_RDWR)
