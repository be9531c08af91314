"""Whether a server grows with time: ``python -m tests.bench.soak --minutes 60 --players 100``.

Bots play without end: they come and go, lose their connections, resume, draw, upload, and delete their data. What
the server holds is recorded every ten seconds. At the end all bots leave, and it must hold no more than before.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.table import Table

from game.rules import tuning
from tests.bench.capacity import read_cpu_seconds
from tests.bench.counted_server import COUNT_SECONDS
from tests.bench.data import add_data_option, load_samples
from tests.bench.resources import Held, Opened, count_opened
from tests.bench.restless import RestlessBot
from tests.bench.trend import Trend, compute_trend, draw_trends
from tests.serving import HOST, Server, ServerFailed
from tests.strokes import Samples

SAMPLE_SECONDS: Final = 10.0
SPREAD_SECONDS: Final = 10.0
"""In which the bots come."""
WARM_UP_SHARE: Final = 0.5
"""Of the time, which the trends leave out: caches fill, and each new thread takes memory of its own."""
GROWTH_SHARE: Final = 0.05
"""A value grows if it would rise by more than this share of itself in an hour."""
LEAVE_SECONDS: Final = tuning.SEAT_SECONDS + tuning.LINGER_SECONDS + 5 + 2 * COUNT_SECONDS
"""How long the server may hold something for clients that are gone."""

_HOUR: Final = 60.0  # minutes
_FEW: Final = 2.0  # of files, tasks and so on: less than that is no growth
_BUSY: Final = ("memory_mb", "files", "handles", "system_threads", "tasks", "tokens")
_AT_REST: Final = ("games", "tokens", "sockets", "addresses", "refused", "tasks", "files", "handles")


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """What the server held at one moment, ``minute`` minutes after the start."""

    minute: float
    held: Held
    opened: Opened

    def get_value(self, name: str) -> float:
        """Return one of the values."""
        if name == "system_threads":
            return self.opened.threads
        return float(getattr(self.opened if hasattr(self.opened, name) else self.held, name))


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded.

    Attributes:
        minutes, players: how long, and how many bots.
        done: what the bots did, and how often.
        server_cores: how many cores the server took.
        before: the server before the bots came.
        samples: while they played.
        after: when all were gone.
        trends: of what should be flat, in the second half.
        growing: the names of what grows.
        left: what is more than before, and by how much.
    """

    minutes: float
    players: int
    done: dict[str, int]
    server_cores: float
    before: Sample
    samples: list[Sample]
    after: Sample
    trends: dict[str, Trend]
    growing: list[str]
    left: dict[str, float]


class CountedServer(Server):
    """A server that writes what it holds."""

    @property
    def counts_path(self) -> Path:
        """The file with the counts."""
        return self.var / "counts.json"

    def make_command(self) -> list[str]:
        module = ("-m", "tests.bench.counted_server", str(self.counts_path))
        return [sys.executable, *module, "--host", HOST, "--port", str(self.port)]

    def take_sample(self, begin: float) -> Sample:
        """Return what the server holds."""
        held = msgspec.json.decode(self.counts_path.read_bytes(), type=Held)
        return Sample(minute=(time.monotonic() - begin) / 60, held=held, opened=count_opened(self.pid))


async def soak(server: CountedServer, players: int, minutes: float, samples: Samples) -> Result:
    """Have bots play, and record what the server holds."""
    await asyncio.sleep(2 * COUNT_SECONDS)
    begin = time.monotonic()
    before = server.take_sample(begin)
    cpu_begin = read_cpu_seconds(server.pid)
    bots = [RestlessBot(number, server.port, samples) for number in range(players)]

    async def come_later(number: int, bot: RestlessBot) -> None:
        await asyncio.sleep(SPREAD_SECONDS * number / players)
        await bot.run()

    tasks = [asyncio.create_task(come_later(number, bot)) for number, bot in enumerate(bots)]
    recorded = []
    while time.monotonic() < begin + 60 * minutes:
        await asyncio.sleep(min(SAMPLE_SECONDS, max(1.0, begin + 60 * minutes - time.monotonic())))
        recorded.append(server.take_sample(begin))
        for task in tasks:
            if task.done():
                task.result()
    server_cores = (read_cpu_seconds(server.pid) - cpu_begin) / (time.monotonic() - begin)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(LEAVE_SECONDS)
    after = server.take_sample(begin)
    trends = {name: _compute_trend(recorded, name, WARM_UP_SHARE * minutes) for name in _BUSY}
    return Result(
        minutes=minutes,
        players=players,
        done=dict(sum((bot.done for bot in bots), Counter())),
        server_cores=server_cores,
        before=before,
        samples=recorded,
        after=after,
        trends=trends,
        growing=[name for name, trend in trends.items() if _is_growing(name, trend)],
        left={
            name: after.get_value(name) - before.get_value(name)
            for name in _AT_REST
            if after.get_value(name) > before.get_value(name)
        },
    )


def _compute_trend(samples: Sequence[Sample], name: str, since: float) -> Trend:
    settled = [sample for sample in samples if sample.minute >= since]
    return compute_trend([sample.minute for sample in settled], [sample.get_value(name) for sample in settled])


def _is_growing(name: str, trend: Trend) -> bool:
    least = 0.0 if name == "memory_mb" else _FEW
    return trend.grows(_HOUR, max(least, GROWTH_SHARE * trend.median))


def draw_chart(result: Result) -> str:
    """Return a chart of all trends as SVG."""
    series = {name: [sample.get_value(name) for sample in result.samples] for name in result.trends}
    minutes = [sample.minute for sample in result.samples]
    return draw_trends(minutes, series, WARM_UP_SHARE * result.minutes)


def print_result(result: Result, console: Console) -> None:
    """Print a table of the trends, and the verdict."""
    table = Table(title=f"{result.players} bots for {result.minutes:g} minutes")
    table.add_column("held")
    for heading in ("before", "median", "slope an hour (95 %)", "after", ""):
        table.add_column(heading, justify="right")
    for name, trend in result.trends.items():
        slope = f"{_HOUR * trend.slope:+.2f} ({_HOUR * trend.low:+.2f} to {_HOUR * trend.high:+.2f})"
        before, after = (f"{sample.get_value(name):.0f}" for sample in (result.before, result.after))
        table.add_row(
            name, before, f"{trend.median:.1f}", slope, after, "growing" if name in result.growing else "flat"
        )
    console.print(table)
    done = ", ".join(f"{name} ×{times:,}" for name, times in sorted(result.done.items()))
    console.print(f"The server took {result.server_cores:.2f} cores. The bots: {done}", highlight=False)
    for name, number in result.left.items():
        console.print(f"[red]{number:+.0f} {name} although all are gone[/red]")


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (default: 60; at least 2)")
    parser.add_argument("--players", type=int, default=100, help="number of bots (default: 100)")
    parser.add_argument("--database", help="postgresql://… (default: SQLite in a temporary folder)")
    add_data_option(parser, is_required=False)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="write a chart there, as SVG")
    options = parser.parse_args(arguments)
    if options.minutes < 2 or options.players < 1:
        parser.error("--minutes must be at least 2, and --players at least 1")
    return options


def main() -> int:
    """Let bots play, print the result, and return the exit status: 1 if anything grows or is left over."""
    options = parse_arguments()
    errors = Console(stderr=True)
    environment = {"INKRUSH_DATABASE_URL": options.database} if options.database else {}
    try:
        samples = load_samples(options.data)
        with (
            tempfile.TemporaryDirectory() as folder,
            CountedServer(Path(folder) / "var", environment) as server,
            errors.status(f"Playing for {options.minutes:g} minutes…"),
        ):
            result = asyncio.run(soak(server, options.players, options.minutes, samples))
    except (OSError, ServerFailed) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    print_result(result, Console())
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    if options.chart:
        options.chart.write_text(draw_chart(result))
    return 1 if result.growing or result.left else 0


if __name__ == "__main__":
    sys.exit(main())
