"""Whether a store of a million rounds is as quick as an empty one: ``python -m tests.bench.million --folder DIR``.

The store is filled once, in a few minutes, and later runs use it again. A server is started on it. Thirty clients
look at every page and make every call while some bots play; a player downloads 20,000 rounds, another one deletes
as many; then all rounds are exported. Clients, bots and server share this machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from feedback.errors import StoreError
from feedback.records import Counts
from feedback.store import open_store
from recognition import Recognizer
from tests.bench.data import add_data_option, load_samples
from tests.bench.filling import HEAVY_SHARE, Past, fill_store, name_players, read_drawings, store_past
from tests.bench.million_load import BOTS, CLIENTS, PLAYERS, Served, list_known, measure_served
from tests.bench.visitors import SECRET_KEY, Known
from tests.serving import ROOT, Server, ServerFailed

ROUNDS: Final = 1_000_000
LIMIT_MS: Final = 50.0
START_LIMIT_SECONDS: Final = 2.0

_READINGS: Final = 300  # of the player who deletes everything
_SAMPLE_SECONDS: Final = 0.2


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """One export of everything.

    Attributes:
        seconds: how long it took, the start of the command included.
        early_mb: the most memory in the first fifth of that time.
        most_mb: the most memory.
    """

    seconds: float
    early_mb: float
    most_mb: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        rounds, games, players: how much is stored.
        database: the engine.
        load: how busy the machine was before: the mean number of running processes in the last minute.
        start_seconds: from the start of the server's process until it answers.
        start_mb, end_mb: memory of the server when it was ready, and at the end.
        served: what clients saw.
        export: of everything.
        status_seconds: of the command that shows how much is stored.
    """

    rounds: int
    games: int
    players: int
    database: str
    load: float
    start_seconds: float
    start_mb: float
    end_mb: float
    served: Served
    export: Export
    status_seconds: float

    def list_missed(self) -> list[str]:
        """Return what was not as quick as it must be."""
        times = {**self.served.calls, "any call during a download": self.served.downloading}
        missed = [f"{name}: p99 {each.p99:.0f} ms" for name, each in times.items() if each.p99 > LIMIT_MS]
        if self.start_seconds > START_LIMIT_SECONDS:
            missed.append(f"start: {self.start_seconds:.1f} s")
        if self.served.deleting.longest > LIMIT_MS:
            missed.append(f"a write during a deletion: {self.served.deleting.longest:.0f} ms")
        return missed


class Bench:
    """Fills a store, and measures a server on it."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        self._rounds: int = options.rounds
        self._seconds: float = options.seconds
        self._samples = load_samples(options.data)
        self._console = console
        self._folder: Path = options.folder
        self._url: str = options.database or f"sqlite:///{self._folder.absolute()}/inkrush.db"

    def measure(self) -> Result:
        """Measure everything.

        Raises:
            StoreError: if the store cannot be used.
            ServerFailed: if the server does not start or stop.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        load = os.getloadavg()[0]
        heavy, *players = name_players(self._rounds)
        leaver = uuid.uuid4().hex
        counts, known = asyncio.run(self._prepare(players, leaver))
        environment = {"INKRUSH_DATABASE_URL": self._url, "INKRUSH_SECRET_KEY": SECRET_KEY}
        begin = time.perf_counter()
        with Server(self._folder, environment) as server:
            start_seconds = time.perf_counter() - begin
            start_mb = server.resident / 1e6
            with self._console.status("Serving…"):
                served = asyncio.run(measure_served(server, heavy, known, leaver, self._seconds))
            end_mb = server.resident / 1e6
        with self._console.status("Exporting…"):
            export = self._export()
        begin = time.perf_counter()
        subprocess.run(self._make_command("status"), check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        return Result(
            rounds=counts.rounds,
            games=counts.games,
            players=counts.players,
            database=self._url.partition(":")[0],
            load=load,
            start_seconds=start_seconds,
            start_mb=start_mb,
            end_mb=end_mb,
            served=served,
            export=export,
            status_seconds=time.perf_counter() - begin,
        )

    async def _prepare(self, players: Sequence[str], leaver: str) -> tuple[Counts, list[Known]]:
        """Fill the store, and return how much it holds, and what some players know of it."""
        store = await open_store(self._url)
        try:
            with make_progress(self._console) as progress:
                task = progress.add_task("filling the store", total=self._rounds)
                await fill_store(
                    store, self._rounds, self._samples, lambda rounds: progress.update(task, completed=rounds)
                )
            counts = await store.read_counts()
            with self._console.status("Adding the player who will delete everything…"):
                rng = Random(leaver)  # noqa: S311 - no secrets here
                readings = read_drawings(self._samples, Recognizer.load(), rng, _READINGS)
                past = Past(readings, [leaver], datetime.now(UTC), rng)
                await store_past(store, past.play(int(HEAVY_SHARE * self._rounds)))
            return counts, await list_known(store, players[:PLAYERS])
        finally:
            await store.close()

    def _export(self) -> Export:
        """Export everything to nowhere, and watch how much memory that takes."""
        begin = time.perf_counter()
        memory: list[float] = []
        with subprocess.Popen(
            self._make_command("export", "--out", os.devnull), cwd=ROOT, stderr=subprocess.PIPE, text=True
        ) as process:
            while process.poll() is None:
                memory.append(_read_memory_mb(process.pid))
                time.sleep(_SAMPLE_SECONDS)
            assert process.stderr is not None
            if process.returncode:
                raise StoreError(f"The export failed: {process.stderr.read()}")
        seconds = time.perf_counter() - begin
        early = memory[: max(1, len(memory) // 5)]
        return Export(seconds=seconds, early_mb=max(early), most_mb=max(memory))

    def _make_command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "feedback", "--database", self._url, *arguments]


def make_progress(console: Console) -> Progress:
    """Return a progress bar that counts."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )


def _read_memory_mb(pid: int) -> float:
    """Return the memory of a process that may have ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6


def print_result(result: Result, console: Console) -> None:
    """Print a table of the calls, and the other figures."""
    served, export = result.served, result.export
    table = Table(title=f"{result.rounds:,} rounds in {result.database}: {CLIENTS} clients and {BOTS} bots, in ms")
    table.add_column("call")
    for heading in ("p50", "p99", "longest", "calls"):
        table.add_column(heading, justify="right")
    rows = {
        **served.calls,
        "any call, during a download": served.downloading,
        "feedback, during a deletion": served.deleting,
    }
    for name, times in rows.items():
        table.add_row(name, f"{times.p50:.1f}", f"{times.p99:.1f}", f"{times.longest:.1f}", f"{times.count:,}")
    console.print(table)
    download = served.download
    for line in (
        f"{result.games:,} games, {result.players:,} players; load of the machine before: {result.load:.1f}",
        f"start: {result.start_seconds:.2f} s; memory {result.start_mb:.0f} MB, {result.end_mb:.0f} MB at the end",
        f"the server took {served.server_cores:.2f} cores",
        f"download of {download.rounds:,}: {download.seconds:.1f} s, first bytes {download.first_ms:.0f} ms",
        f"deletion of {served.deleted_rounds:,} rounds: {served.delete_seconds:.1f} s",
        f"export: {export.seconds:.0f} s, {result.rounds / export.seconds:,.0f} rounds/s",
        f"memory of the export: {export.early_mb:.0f} MB in its first fifth, {export.most_mb:.0f} MB at most",
        f"status: {result.status_seconds:.1f} s",
    ):
        console.print(line, highlight=False)
    if served.refused:
        console.print(f"[red]calls with another status: {served.refused}[/red]")
    for missed in result.list_missed():
        console.print(f"[red]too slow: {missed}[/red]")


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.million", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, required=True, help="where the store is, or is made; a million rounds take 2 GB"
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"rounds of the store (default: {ROUNDS:,}; at least 5,000)"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="of each measurement (default: 60)")
    parser.add_argument("--database", help="postgresql://… (default: an SQLite file in the folder)")
    add_data_option(parser, is_required=False)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_args(arguments)
    if options.rounds < 5_000:
        parser.error("--rounds must be at least 5000, so that there are enough players")
    return options


def main() -> int:
    """Measure, print the result, and return the exit status: 1 if anything was too slow."""
    options = parse_arguments()
    try:
        result = Bench(options, Console(stderr=True)).measure()
    except (OSError, StoreError, ServerFailed) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 1
    print_result(result, Console())
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    return 1 if result.list_missed() or result.served.refused else 0


if __name__ == "__main__":
    sys.exit(main())
