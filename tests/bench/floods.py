"""What players notice of floods: ``python -m tests.bench.floods``.

Twenty bots play on a server of its own, alone and while one client floods it. The table says how long the server
took to answer them: for the guess that has seen an ink message, for the verdict of a skip, and for a drawing over
HTTP by another player. Players, flood and server share this machine's cores, so compare the rows of one run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import httpx
import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from tests.bench.client import Guess, Message, PlayClient, Prompt, Verdict, open_client
from tests.bench.flooder import FLOODS
from tests.bench.hand import pace_drawing, place_randomly
from tests.bench.json_output import print_json
from tests.bench.measured import make_table, write_measured
from tests.serving import Server
from tests.strokes import load_fixture

PLAYERS: Final = 20
SECONDS: Final = 6.0
"""How long each flood lasts."""
START_SECONDS: Final = 1.0
"""Time from the first move of the players to the first measured answer."""
PATIENCE_SECONDS: Final = 0.05
"""How long a finished drawing waits for its hit before it is skipped."""
PROBE_SECONDS: Final = 0.2
"""Time between two drawings over HTTP."""
HEADINGS: Final = ("flood", "guess", "verdict", "drawing over HTTP", "the server's cores")


class Times(msgspec.Struct, frozen=True):
    """Percentiles of times in ms, and how many there are."""

    p50: float
    p99: float
    count: int


class Row(msgspec.Struct, frozen=True):
    """What players and the flood saw.

    Attributes:
        flood: its name, None if the players were alone.
        guess: from an ink message to the guess that has seen it.
        verdict: from a skip to its verdict.
        drawing: of a drawing over HTTP by somebody else.
        cores: how many cores the server used.
        statuses: how many of the flood's calls got which status.
    """

    flood: str | None
    guess: Times
    verdict: Times
    drawing: Times
    cores: float
    statuses: dict[str, int]


@dataclass(slots=True)
class Latencies:
    """Seconds, of everything that is measured at a time."""

    guess: list[float] = field(default_factory=list)
    verdict: list[float] = field(default_factory=list)
    drawing: list[float] = field(default_factory=list)


class Bot:
    """Draws what it is asked for, at the speed of a hand, and measures how long the server takes."""

    def __init__(self, client: PlayClient, rng: Random) -> None:
        self.latencies = Latencies()
        self._client = client
        self._rng = rng
        self._prompt: asyncio.Queue[Prompt] = asyncio.Queue()
        self._sent: deque[tuple[int, float]] = deque()  # points of the round so far, and when they were sent
        self._skipped_at: float | None = None
        self._round = 0

    async def play(self) -> None:
        """Play until canceled."""
        await self._client.join("practice", "digits", "Bot")
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read())
            group.create_task(self._draw())

    async def _draw(self) -> None:
        while True:
            prompt = await self._prompt.get()
            begin = time.perf_counter()
            points = 0
            sample = self._rng.choice(load_fixture().get(prompt.target))
            for batch in pace_drawing(place_randomly(sample, self._rng), self._rng):
                await asyncio.sleep(begin + batch.at - time.perf_counter())
                if self._round != prompt.round:
                    break
                points += len(batch.points) // 3
                self._sent.append((points, time.perf_counter()))
                await self._client.send_ink(prompt.round, batch.stroke, batch.points)
            await asyncio.sleep(PATIENCE_SECONDS)
            if self._round == prompt.round:
                self._skipped_at = time.perf_counter()
                await self._client.send_skip(prompt.round)

    async def _read(self) -> None:
        while True:
            self._take(await self._client.receive(), time.perf_counter())

    def _take(self, message: Message, now: float) -> None:
        if isinstance(message, Guess) and message.round == self._round:
            while self._sent and self._sent[0][0] <= message.seen:
                self.latencies.guess.append(now - self._sent.popleft()[1])
        elif isinstance(message, Verdict):
            self._sent.clear()
            self._round = 0
            if message.outcome == "skip" and self._skipped_at is not None:
                self.latencies.verdict.append(now - self._skipped_at)
            self._skipped_at = None
        elif isinstance(message, Prompt):
            self._round = message.round
            self._prompt.put_nowait(message)


async def measure(server: Server, names: Sequence[str | None]) -> list[Row]:
    """Measure under each of the floods, None for no flood."""
    bots: list[Bot] = []

    async def play(number: int) -> None:
        async with open_client(server.play_url) as client:
            bots.append(Bot(client, Random(number)))  # noqa: S311
            await bots[-1].play()

    playing = [asyncio.create_task(play(number)) for number in range(PLAYERS)]
    try:
        await asyncio.sleep(START_SECONDS)
        rows = [await _measure_flood(server, bots, name) for name in names]
        for task in playing:
            if task.done():
                task.result()
        return rows
    finally:
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


async def _measure_flood(server: Server, bots: list[Bot], name: str | None) -> Row:
    flooding = None
    if name is not None:
        address = f"127.0.0.{2 + list(FLOODS).index(name)}"
        command = ("-m", "tests.bench.flooder", name, address, str(server.port), str(SECONDS))
        flooding = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
        assert flooding.stdout is not None
        await flooding.stdout.readline()
    for bot in bots:
        bot.latencies = Latencies()
    begin, used = time.perf_counter(), _read_processor_seconds(server)
    drawings = await _draw_over_http(server, SECONDS)
    cores = (_read_processor_seconds(server) - used) / (time.perf_counter() - begin)
    guesses = [seconds for bot in bots for seconds in bot.latencies.guess]
    verdicts = [seconds for bot in bots for seconds in bot.latencies.verdict]
    statuses = json.loads((await flooding.communicate())[0]) if flooding else {}
    return Row(name, _summarize(guesses), _summarize(verdicts), _summarize(drawings), round(cores, 2), statuses)


def _read_processor_seconds(server: Server) -> float:
    fields = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _draw_over_http(server: Server, seconds: float) -> list[float]:
    body = {"strokes": load_fixture().get("7")[0].place(), "store": False}
    taken = []
    until = time.perf_counter() + seconds
    async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
        while time.perf_counter() < until:
            begin = time.perf_counter()
            (await client.post("/api/recognize", json=body)).raise_for_status()
            taken.append(time.perf_counter() - begin)
            await asyncio.sleep(PROBE_SECONDS)
    return taken


def _summarize(seconds: list[float]) -> Times:
    p50, p99 = (1000 * np.percentile(seconds or [float("nan")], [50, 99])).tolist()
    return Times(round(p50, 1), round(p99, 1), len(seconds))


def print_rows(rows: list[Row], console: Console) -> None:
    """Print a table of the measurements."""
    table = Table(title=f"{PLAYERS} players, and one client that floods: p50 / p99 in ms")
    for heading in (*HEADINGS, "the flood's responses"):
        table.add_column(heading)
    for row in rows:
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(row.statuses.items()))
        table.add_row(*_list_cells(row), statuses)
    console.print(table)


def _list_cells(row: Row) -> list[str]:
    times = [f"{times.p50:.0f} / {times.p99:.0f}" for times in (row.guess, row.verdict, row.drawing)]
    return [row.flood or "none", *times, f"{row.cores:.2f}"]


def main() -> int:
    """Measure, print the result, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.floods", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/deploying/limits.md")
    parser.add_argument("--only", choices=FLOODS, action="append", help="measure this flood, may be repeated")
    options = parser.parse_args()
    names = (None, *(options.only or FLOODS))
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "var") as server:
        rows = asyncio.run(measure(server, names))
    if options.json:
        print_json(rows)
    elif options.docs:
        write_measured("deploying/limits.md", "floods", make_table(HEADINGS, [_list_cells(row) for row in rows]))
    else:
        print_rows(rows, Console(width=150))
    return 0


if __name__ == "__main__":
    sys.exit(main())
