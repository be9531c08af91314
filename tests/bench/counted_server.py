"""``python -m game`` that also writes what it holds: ``python -m tests.bench.counted_server FILE OPTION…``.

``FILE`` has the newest counts, as JSON. They are written every two seconds.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

import msgspec

from game.__main__ import main as run_game
from game.lifespan import open_services
from game.services import Services
from game.settings import Settings
from tests.bench.resources import count_held

COUNT_SECONDS: Final = 2.0
"""Between two counts."""


def main(arguments: list[str]) -> int:
    """Run the server and return its exit status."""
    path, *options = arguments

    @asynccontextmanager
    async def open_counted_services(settings: Settings) -> AsyncIterator[Services]:
        async with open_services(settings) as services:
            counting = asyncio.create_task(_write_counts(services, Path(path)))
            yield services
            counting.cancel()

    with patch("game.server.open_services", open_counted_services):
        return run_game(options)


async def _write_counts(services: Services, path: Path) -> None:
    part = path.with_suffix(".part")
    while True:
        part.write_bytes(msgspec.json.encode(count_held(services)))
        part.replace(path)
        await asyncio.sleep(COUNT_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
