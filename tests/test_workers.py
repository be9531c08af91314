"""Two real workers on one machine, over PostgreSQL. `tests.bench.kill_workers` does the same for longer."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
import pytest
from websockets.asyncio.client import connect

from feedback.store import open_store
from game.play.protocol import Close
from game.worker_metrics import FOLDER_VARIABLE
from tests.bench.kill_workers import Site, kill_worker, play_through, replace_workers, stop_database
from tests.bench.swap import VERSIONS, prepare_registry
from tests.feedback.making import a_round
from tests.feedback.sheet.contents import read_ids
from tests.game.hosting import Client
from tests.game.test_server import complaint, run
from tests.postgresql import Cluster
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow

PLAYERS = 6
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
"""The mirror waits for labels of rounds that are newer."""


@pytest.fixture(scope="module")
def sheets() -> Iterator[SheetsEmulator]:
    with SheetsEmulator() as emulator:
        emulator.create(KEY)
        yield emulator


@pytest.fixture(scope="module")
def site(cluster: Cluster, sheets: SheetsEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = {"INKRUSH_SHEET_ID": KEY, "SHEETS_EMULATOR_HOST": sheets.host}
    site = Site(cluster, tmp_path_factory.mktemp("workers") / "var", settings)
    with site.server:
        site.wait_for_workers()
        yield site
        assert site.server.stop() == 0
    assert "Traceback" not in site.server.log


async def wait_until(is_true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await is_true():
            await asyncio.sleep(0.1)


async def test_another_worker_mirrors_when_the_one_that_did_is_killed(site: Site, sheets: SheetsEmulator) -> None:
    rounds = [a_round(at=EARLIER) for _ in range(3)]

    async def is_writing() -> bool:
        return bool(sheets.faults.struck[Fault.TIMEOUT_AFTER])

    async def are_mirrored() -> bool:
        row = await store.database.read(
            lambda c: c.execute("SELECT count(*) AS rows FROM sheet_rows WHERE state = 'kept'").fetchone()
        )
        return bool(row["rows"] == len(rounds))

    store = await open_store(site.server.database_url)
    try:
        sheets.faults.next(Fault.TIMEOUT_AFTER, "values.append")
        await store.add_rounds(rounds)
        await wait_until(is_writing)
        row = await store.database.read(lambda c: c.execute("SELECT holder FROM sheets").fetchone())
        holder = int(row["holder"].split()[1])
        assert holder in site.list_workers()
        os.kill(holder, signal.SIGKILL)
        await wait_until(are_mirrored)
        # The killed worker's rows had arrived. The other one looks before it writes.
        assert sorted(read_ids(sheets)) == sorted(round_.id for round_ in rounds)
    finally:
        await store.close()
        await asyncio.to_thread(site.wait_for_workers)


async def test_metrics_are_those_of_all_workers_and_do_not_fall_when_one_dies(site: Site) -> None:
    def count_requests() -> float:
        name = 'inkrush_http_requests_total{endpoint="health.livez",status="200"}'
        lines = [line for line in site.read_metrics().splitlines() if line.startswith(name)]
        return float(lines[0].rpartition(" ")[2]) if lines else 0

    before = count_requests()
    for _ in range(20):
        site.server.get("/livez")
    assert count_requests() == before + 20
    await kill_worker(site)
    assert count_requests() == before + 20


async def test_all_workers_take_a_promoted_model(site: Site) -> None:
    registry = prepare_registry(site.server.models)

    async def has_followed() -> bool:
        models = [(await asyncio.to_thread(site.server.get, "/healthz"))["model"] for _ in range(20)]
        return set(models) == {version}

    for version in VERSIONS:
        registry.promote(version)
        await wait_until(has_followed)


async def test_deleting_a_player_ends_their_games_at_all_workers(site: Site) -> None:
    first = Client(await connect(site.server.play_url, proxy=None))
    headers = {"Cookie": first.cookie}
    # So many that some are at each worker.
    others = [
        Client(await connect(site.server.play_url, additional_headers=headers, proxy=None)) for _ in range(9)
    ]
    for client in (first, *others):
        await client.join(mode="practice")
    async with httpx.AsyncClient(base_url=site.server.url, headers=headers, timeout=60) as http:
        assert (await http.delete("/api/me")).status_code == 200
    assert {await client.closed() for client in (first, *others)} == {Close.DELETED}


async def test_a_killed_worker_costs_no_verdict_and_no_game(site: Site) -> None:
    result = await play_through(site, kill_worker, "kill", times=2, players=PLAYERS, pause_seconds=1)
    assert result.is_good, result
    assert result.resumed
    assert result.refused_connections == 0


async def test_replacing_all_workers_costs_no_game_and_no_connection(site: Site) -> None:
    result = await play_through(site, replace_workers, "SIGHUP", times=1, players=PLAYERS, pause_seconds=1, seed=1)
    assert result.is_good, result
    assert result.resumed
    assert result.refused_connections == 0


async def test_play_waits_for_a_database_that_was_stopped(site: Site) -> None:
    result = await play_through(
        site, lambda site: stop_database(site, 3), "stop", times=1, players=PLAYERS, pause_seconds=1, seed=2
    )
    assert result.is_good, result
    assert result.waits


def test_a_server_with_another_key_does_not_start_beside_them(site: Site, tmp_path: Path) -> None:
    url = site.server.database_url
    sentence = complaint(run("--workers", "2", var=tmp_path, INKRUSH_DATABASE_URL=url), 1)
    assert "another secret key" in sentence
    assert "Set INKRUSH_SECRET_KEY" in sentence


def test_if_the_database_cannot_be_used_the_reason_is_given_once(tmp_path: Path) -> None:
    ended = run("--workers", "2", var=tmp_path, INKRUSH_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    sentence = complaint(ended, 1)
    assert sentence.startswith("The store in PostgreSQL 127.0.0.1:1/none cannot be used: ")
    assert ended.stderr.count("cannot be used") == 1


def test_nothing_is_left_of_a_supervisor_that_was_killed(cluster: Cluster, tmp_path: Path) -> None:
    site = Site(cluster, tmp_path / "var")
    site.start()
    workers = [psutil.Process(pid) for pid in site.list_workers()]
    metrics = Path(workers[0].environ()[FOLDER_VARIABLE])
    assert metrics.is_dir()
    site.server.kill()
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []
    assert not metrics.exists()
