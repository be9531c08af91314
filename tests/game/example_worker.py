"""A small worker for tests of the supervisor: it answers each connection with its number and process id.

It ends when it should stop and its last connection has been closed. When it starts, it reads its behavior from the
file that ``EXAMPLE_BEHAVIOR`` names, if it exists: ``start fails`` ends at once with 2, ``stop fails`` with 1.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import msgspec

from game.worker_link import LINGER_SECONDS, Assignment, WorkerLink


async def serve(assignment: Assignment) -> None:
    connected: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.add(asyncio.current_task())
        try:
            while await reader.readline():
                writer.write(f"{assignment.number} {os.getpid()}\n".encode())
        finally:
            writer.close()
            connected.discard(asyncio.current_task())

    link = WorkerLink(assignment, lambda listener: asyncio.start_server(answer, sock=listener))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, link.stop.set)
    server = await asyncio.start_server(answer, sock=socket.socket(fileno=assignment.listener))
    link.announce_ready()
    await link.stop.wait()
    await asyncio.sleep(LINGER_SECONDS)
    while connected:
        await asyncio.sleep(0.01)
    server.close()


def main() -> int:
    path = Path(os.environ["EXAMPLE_BEHAVIOR"])
    behavior = path.read_text() if path.exists() else ""
    if behavior == "start fails":
        sys.stderr.write("The settings are wrong.\n")
        return 2
    asyncio.run(serve(msgspec.json.decode(sys.argv[1], type=Assignment)))
    return 1 if behavior == "stop fails" else 0


if __name__ == "__main__":
    sys.exit(main())
