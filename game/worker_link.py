"""What the supervisor and its workers tell each other.

The supervisor passes a worker its assignment on the command line, and one end of a pair of sockets. If one side
ends, however it ends, the other sees the end of the stream. The messages are ``r``, ``.``, ``i1``, ``b1``, ``x``:

- ready, from the worker.
- a beat, from the worker, once a second: its event loop runs.
- stand in, with a listener: accept its connections too, because worker 1 is not there.
- stand back: worker 1 is there again.
- retire: another worker has taken over.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine
from typing import Any, Final

import msgspec

READY: Final = b"r"
RETIRE: Final = b"x"
BEAT: Final = b"."
STAND_IN: Final = b"i"
STAND_BACK: Final = b"b"
_LONGEST: Final = 16  # bytes of a message
BEAT_SECONDS: Final = 1.0
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


ServeToo = Callable[[socket.socket], Coroutine[Any, Any, asyncio.Server]]
"""Serves connections from one more listener, until the result is closed."""


class WorkerLink:
    """The worker's side of the link.

    Args:
        assignment: of the worker.
        serve_too: is called with the listener of a worker that is not there, to stand in for it.

    Attributes:
        stop: set when the worker should end.
        is_orphan: whether the supervisor is gone.
    """

    def __init__(self, assignment: Assignment, serve_too: ServeToo) -> None:
        self.stop = asyncio.Event()
        self.is_orphan = False
        self._serve_too = serve_too
        self._listener = assignment.listener
        self._standing_in: dict[bytes, asyncio.Task[asyncio.Server]] = {}  # by the number of the other worker
        self._socket = socket.socket(fileno=assignment.link)
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._receive)

    def announce_ready(self) -> None:
        """Tell the supervisor that connections are accepted now, and from now on that this goes on."""
        self._send(READY)
        self._beat()

    def _beat(self) -> None:
        self._send(BEAT)
        asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)

    def _send(self, message: bytes) -> None:
        with contextlib.suppress(OSError):  # if the supervisor is gone, `stop` is set
            self._socket.send(message)

    def _receive(self) -> None:
        message = b""
        descriptors: list[int] = []
        try:
            message, descriptors, _, _ = socket.recv_fds(self._socket, _LONGEST, 1)
        except BlockingIOError:
            return
        except OSError:
            pass  # the supervisor is gone
        kind, number = message[:1], message[1:]
        if kind == STAND_IN:
            self._stand_in(number, socket.socket(fileno=descriptors[0]))
        elif kind == STAND_BACK:
            self._stand_back(number)
        else:
            self.is_orphan = kind != RETIRE
            self._stop_accepting()
            self.stop.set()

    def _stand_in(self, number: bytes, listener: socket.socket) -> None:
        self._standing_in[number] = asyncio.create_task(self._serve_too(listener))

    def _stand_back(self, number: bytes) -> None:
        if (starting := self._standing_in.pop(number, None)) is not None:
            starting.add_done_callback(lambda _: _close_gently(starting.result()))

    def _stop_accepting(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        loop.remove_reader(self._listener)  # asyncio's servers accept where a listener is readable
        if self.is_orphan:
            # Nobody else accepts from these. Closed at once, so that another supervisor can take the port.
            others = [starting.result().sockets for starting in self._standing_in.values() if starting.done()]
            for descriptor in (self._listener, *(listener.fileno() for sockets in others for listener in sockets)):
                _shut_down(descriptor)
        for number in tuple(self._standing_in):
            self._stand_back(number)


def _close_gently(server: asyncio.Server) -> None:
    """Accept nothing more, and close the server once it serves all that it has accepted.

    asyncio forgets a connection that it has accepted in the turn of the loop before the server is closed.
    """
    loop = asyncio.get_running_loop()
    for listener in server.sockets:
        loop.remove_reader(listener.fileno())
    loop.call_later(LINGER_SECONDS, server.close)


def _shut_down(descriptor: int) -> None:
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as listener:
        listener.shutdown(socket.SHUT_RDWR)
