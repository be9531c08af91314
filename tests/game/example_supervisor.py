"""Run the supervisor with small workers: ``python -m tests.game.example_supervisor PORT WORKERS``."""

from __future__ import annotations

import asyncio
import os
import sys

from game.listening import announce, format_address, open_shared_listeners
from game.logs import configure_logging
from game.supervisor import Supervisor


async def run(port: int, workers: int) -> int:
    listeners = open_shared_listeners("127.0.0.1", port, workers)
    address = format_address("127.0.0.1", listeners[0])
    command = [sys.executable, "-m", "tests.game.example_worker"]
    return await Supervisor(listeners, command, os.environ, lambda: announce(address), lambda _: None).run()


if __name__ == "__main__":
    configure_logging("supervisor")
    sys.exit(asyncio.run(run(int(sys.argv[1]), int(sys.argv[2]))))
