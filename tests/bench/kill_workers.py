"""Kill workers, replace them and stop PostgreSQL under load: ``python -m tests.bench.kill_workers --json FILE``.

Players play on two workers over a PostgreSQL server of their own. They resume their games after each loss. In the
end, what they have seen is compared with the database.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from random import Random
from typing import Final

import msgspec
import psutil  # type: ignore[import-untyped]
from rich.console import Console

from feedback.store import open_store
from tests.bench.lasting_player import Experience, LastingPlayer
from tests.postgresql import Cluster, find_programs
from tests.serving import START_SECONDS, Server, ServerFailed
from tests.strokes import load_fixture

WORKERS: Final = 2
_numbers: Final = itertools.count(1)
_LAG_SECONDS: Final = 0.2  # until the metrics of a killed worker are gone


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What happened.

    Attributes:
        event: what was done to the server.
        times: how often.
        players: how many played at once.
        verdicts: how many verdicts the players saw.
        lost_verdicts: how many of them are not in the database as they were shown.
        games: how many games were begun.
        lost_games: games that could not go on, by reason.
        resumed: how often a game went on after its connection was lost.
        longest_resume_seconds: from the loss of a connection to the welcome that resumed its game.
        refused_connections: how often no connection could be made.
        waits: how often a player was told that the server could not save at the moment.
    """

    event: str
    times: int
    players: int
    verdicts: int
    lost_verdicts: int
    games: int
    lost_games: list[str]
    resumed: int
    longest_resume_seconds: float
    refused_connections: int
    waits: int

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost."""
        return not (self.lost_verdicts or self.lost_games)


class Site:
    """Two workers on a PostgreSQL server of their own."""

    def __init__(self, cluster: Cluster, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.cluster = cluster
        database = f"site_{next(_numbers)}"  # not a store of the cluster's, which is emptied after each test
        cluster.execute(f"CREATE DATABASE {database}")
        environment = {"INKRUSH_DATABASE_URL": cluster.make_url(database), **(settings or {})}
        self.server = Server(folder, environment, ("--workers", str(WORKERS)))

    def start(self) -> None:
        """Start the server, and return when all its workers are ready."""
        self.server.start()
        self.wait_for_workers()

    def wait_for_workers(self) -> None:
        """Return when all workers run and are ready.

        Raises:
            ServerFailed: if they do not get ready.
        """
        deadline = time.monotonic() + START_SECONDS
        while "is ready" not in self.server.log or len(self.list_workers()) != WORKERS or not self._are_counted():
            if time.monotonic() > deadline:
                raise ServerFailed(f"The workers did not get ready:\n{self.server.log}")
            time.sleep(0.1)

    def list_workers(self) -> list[int]:
        """Return the process ids of the workers, in the order in which they were started."""
        return [worker.pid for worker in psutil.Process(self.server.pid).children()]

    def _are_counted(self) -> bool:
        return f"inkrush_workers {WORKERS}.0" in self.read_metrics()

    def read_metrics(self) -> str:
        """Return the metrics of all workers."""
        with urllib.request.urlopen(f"{self.server.url}/metrics", timeout=START_SECONDS) as answer:  # noqa: S310
            text: str = answer.read().decode()
        return text


Event = Callable[[Site], Awaitable[None]]


async def kill_worker(site: Site) -> None:
    """Kill a worker, and return when another has taken its place."""
    workers = await asyncio.to_thread(site.list_workers)
    os.kill(workers[0], signal.SIGKILL)  # the older one: in turn, both places
    await asyncio.sleep(_LAG_SECONDS)
    await asyncio.to_thread(site.wait_for_workers)


async def replace_workers(site: Site) -> None:
    """Replace both workers, and return when the old ones have ended."""
    old_workers = set(await asyncio.to_thread(site.list_workers))
    os.kill(site.server.pid, signal.SIGHUP)
    while old_workers & set(await asyncio.to_thread(site.list_workers)):
        await asyncio.sleep(0.1)
    await asyncio.to_thread(site.wait_for_workers)


async def stop_database(site: Site, seconds: float) -> None:
    """Stop PostgreSQL, and start it after ``seconds``."""
    await asyncio.to_thread(site.cluster.stop, "fast")
    await asyncio.sleep(seconds)
    await asyncio.to_thread(site.cluster.start)


async def play_through(
    site: Site, event: Event, name: str, *, times: int, players: int, pause_seconds: float = 5, seed: int = 0
) -> Result:
    """Let players play while an event takes place several times, then compare what they saw with the database."""
    samples = load_fixture()
    crowd = [
        LastingPlayer(site.server.play_url, samples, Random(1000 * seed + number))  # noqa: S311
        for number in range(players)
    ]
    playing = [asyncio.create_task(player.play()) for player in crowd]
    await asyncio.sleep(pause_seconds)
    for _ in range(times):
        await event(site)
        await asyncio.sleep(pause_seconds)
    for player in crowd:
        player.stop()
    experiences = await asyncio.gather(*playing)
    lost_verdicts = await count_lost_verdicts(site.server.database_url, experiences)
    resumed = [seconds for experience in experiences for seconds in experience.resumed_seconds]
    return Result(
        event=name,
        times=times,
        players=players,
        verdicts=sum(len(experience.verdicts) for experience in experiences),
        lost_verdicts=lost_verdicts + sum(len(experience.missing) for experience in experiences),
        games=sum(experience.games for experience in experiences),
        lost_games=[reason for experience in experiences for reason in experience.lost],
        resumed=len(resumed),
        longest_resume_seconds=round(max(resumed, default=0), 2),
        refused_connections=sum(experience.refused for experience in experiences),
        waits=sum(experience.waits for experience in experiences),
    )


async def count_lost_verdicts(database_url: str, experiences: list[Experience]) -> int:
    """Return how many of the verdicts that players saw are not in the database as they were shown."""
    store = await open_store(database_url)
    lost = 0
    try:
        for verdict in (verdict for experience in experiences for verdict in experience.verdicts.values()):
            round_ = await store.get_round(verdict["id"])
            shown = (verdict["target"], verdict["outcome"], verdict["label"], verdict["points"])
            lost += round_ is None or (round_.target, round_.outcome, round_.predicted, round_.points) != shown
    finally:
        await store.close()
    return lost


async def run(site: Site, options: argparse.Namespace) -> list[Result]:
    """Run all three events, one after the other."""
    events: list[tuple[str, Event, int]] = [
        ("kill -9 of a worker", kill_worker, options.kills),
        ("SIGHUP", replace_workers, options.replacements),
        (
            f"PostgreSQL stopped for {options.away:.0f} s",
            lambda site: stop_database(site, options.away),
            options.stops,
        ),
    ]
    return [
        await play_through(site, event, name, times=times, players=options.players, seed=seed)
        for seed, (name, event, times) in enumerate(events)
        if times
    ]


def main() -> int:
    """Run the benchmark, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kill_workers", description=__doc__)
    parser.add_argument("--players", type=int, default=20, help="players at once (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=10, help="kills of a worker (default: %(default)s)")
    parser.add_argument("--replacements", type=int, default=3, help="times SIGHUP is sent (default: %(default)s)")
    parser.add_argument("--stops", type=int, default=1, help="stops of PostgreSQL (default: %(default)s)")
    parser.add_argument("--away", type=float, default=20, help="seconds of each stop (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="file for the results")
    options = parser.parse_args()
    programs = find_programs()
    console = Console()
    if programs is None:
        console.print("PostgreSQL is not installed.")
        return 1
    with Cluster(programs) as cluster, tempfile.TemporaryDirectory() as folder:
        site = Site(cluster, Path(folder) / "var")
        with site.server:
            site.wait_for_workers()
            results = asyncio.run(run(site, options))
            is_clean = site.server.stop() == 0 and "Traceback" not in site.server.log
        if not is_clean:
            console.print(site.server.log, markup=False)
    encoded = msgspec.json.format(msgspec.json.encode(results))
    if options.json:
        options.json.write_bytes(encoded + b"\n")
    console.print_json(encoded.decode())
    return 0 if is_clean and all(result.is_good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
