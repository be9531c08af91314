"""A server that is stopped, hangs, or loses its connection loses no round, and the callers are told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest

from feedback.errors import StoreError
from feedback.postgresql import database as postgresql
from feedback.records import Round
from feedback.running_games import RunningGame
from feedback.sql import Connection
from feedback.store import Store, open_store
from tests.feedback.making import a_game, a_round
from tests.postgresql import Cluster


@pytest.fixture
def server(cluster: Cluster) -> Iterator[Cluster]:
    """Return the server, and make sure that it runs for the next test."""
    yield cluster
    cluster.resume()
    with suppress(AssertionError):  # it runs already
        cluster.start()


async def add_patiently(store: Store, round_: Round) -> int:
    """Store a round as a game does: again and again. Return how often that failed."""
    failures = 0
    while True:
        try:
            await store.add_round(round_)
        except StoreError:
            failures += 1
            await asyncio.sleep(0.05)
        else:
            return failures


async def test_a_server_that_stops_and_starts_loses_nothing(store: Store, server: Cluster) -> None:
    rounds: list[Round] = []
    failures = 0
    is_over = asyncio.Event()

    async def play(player: str) -> None:
        nonlocal failures
        while not is_over.is_set():
            rounds.append(a_round(player=player))
            failures += await add_patiently(store, rounds[-1])

    playing = [asyncio.create_task(play(f"player {number}")) for number in range(20)]
    await asyncio.sleep(0.5)
    for mode in ("immediate", "fast"):
        await asyncio.to_thread(server.stop, mode)
        assert await store.find_fault() == "the database server cannot be reached"
        began = time.monotonic()
        with pytest.raises(StoreError, match="cannot be reached"):
            await store.read_counts()
        assert time.monotonic() - began < 30  # at once, even on a busy machine
        await asyncio.to_thread(server.start)
        await asyncio.sleep(0.5)
    is_over.set()
    await asyncio.gather(*playing)
    assert failures
    assert {round_.id async for round_ in store.read_rounds()} == {round_.id for round_ in rounds}


async def test_a_server_that_hangs_is_noticed(
    store: Store, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.add_round(a_round())
    monkeypatch.setattr(postgresql, "_PATIENCE_SECONDS", {"read": 1, "write": 1})
    server.pause()
    results = await asyncio.gather(store.add_round(a_round()), store.read_counts(), return_exceptions=True)
    assert {type(result) for result in results} == {StoreError}
    server.resume()
    await add_patiently(store, a_round())
    assert (await store.read_counts()).rounds >= 2


async def test_a_long_transaction_of_short_statements_is_not_cut(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_PATIENCE_SECONDS", {"read": 30, "write": 1.5})

    def work(connection: Connection) -> None:
        for _ in range(8):
            connection.execute("SELECT pg_sleep(0.4)")

    await store.database.write(work)


async def test_a_server_that_hangs_does_not_keep_a_store_open(
    url: str, server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_PATIENCE_SECONDS", {"read": 1, "write": 1})
    store = await open_store(url)

    async def write(statement: str) -> None:
        await store.database.write(lambda connection: connection.execute(statement))

    await asyncio.gather(*(write("SELECT pg_sleep(0.3)") for _ in range(postgresql.WRITERS)))  # all connect
    server.pause()
    writing = [asyncio.create_task(write("SELECT 1")) for _ in range(postgresql.WRITERS)]
    await asyncio.sleep(0.1)
    await store.close()
    results = await asyncio.gather(*writing, return_exceptions=True)
    assert {type(result) for result in results} == {StoreError}


class CuttingProxy:
    """Passes everything on, but once: the answer to a COMMIT, instead of which it ends the connection."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self.is_cutting = False
        self.connections: list[asyncio.Task[None] | None] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.connections.append(asyncio.current_task())
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        is_committing = False

        async def pass_requests() -> None:
            nonlocal is_committing
            while data := await reader.read(65536):
                is_committing = self.is_cutting and b"COMMIT" in data
                to_server.write(data)

        async def pass_answers() -> None:
            while data := await from_server.read(65536):
                if is_committing:
                    self.is_cutting = False
                    return
                writer.write(data)

        passing = [asyncio.create_task(pass_requests()), asyncio.create_task(pass_answers())]
        await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        for task in passing:
            task.cancel()
        for end in (writer, to_server):
            end.close()
            with suppress(OSError):
                await end.wait_closed()


@pytest.fixture
async def proxy(cluster: Cluster) -> AsyncIterator[CuttingProxy]:
    made = CuttingProxy(cluster.port)
    server = await asyncio.start_server(made, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await asyncio.wait([task for task in made.connections if task])


@pytest.fixture
async def cut_store(cluster: Cluster, proxy: CuttingProxy) -> AsyncIterator[Store]:
    """Yield a store whose connections the proxy can cut."""
    store = await open_store(cluster.create_store().replace(f":{cluster.port}/", f":{proxy.port}/"))
    yield store
    await store.close()


async def test_a_write_whose_commit_was_not_answered_can_be_repeated(
    cut_store: Store, proxy: CuttingProxy
) -> None:
    await cut_store.add_round(a_round())
    round_ = a_round()
    proxy.is_cutting = True
    with pytest.raises(StoreError, match="cannot be reached"):
        await cut_store.add_round(round_)
    assert await cut_store.get_round(round_.id) is not None
    await cut_store.add_round(round_)
    assert (await cut_store.read_counts()).rounds == 2


async def test_a_game_is_not_lost_between_two_servers(cut_store: Store, proxy: CuttingProxy) -> None:
    """Its token is good once, and is used up when the answer to that is lost."""
    game = a_game(finished_at=None)
    await cut_store.start_game(game, RunningGame(game.id, "ada", "one", 0, "old", "state"))
    proxy.is_cutting = True
    taken = await cut_store.running_games.take("old", "ada", "two", "new")
    assert not proxy.is_cutting
    assert taken is not None
    assert (taken.running.server, taken.running.token) == ("two", "new")
    assert await cut_store.running_games.take("old", "ada", "two", "other") is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:s3cret@127.0.0.1:1/inkrush",
        "postgresql://ada:s3cret@no.such.host.invalid/inkrush?connect_timeout=2",
        "postgres://ada:s3cret@127.0.0.1:port/inkrush",
        "postgresql://ada:s3cret/x@127.0.0.1/inkrush",
    ],
)
async def test_an_error_does_not_show_the_password(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        await open_store(url)
    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in repr(refused.value.__cause__)


async def test_a_server_that_refuses_a_connection_is_told_from_one_that_is_away(cluster: Cluster) -> None:
    url = cluster.create_database()
    cluster.execute("DROP ROLE IF EXISTS crowded")
    cluster.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    for wrong, reason in (
        (url.replace("postgres@", "crowded@"), "the database server has no free connection"),
        (url.replace("postgres@", "nobody@"), "the database server refuses the user or the password"),
        (f"{url}x", "there is no such database"),
    ):
        with pytest.raises(StoreError) as refused:
            await open_store(wrong)
        assert refused.value.reason == reason
    cluster.execute("DROP ROLE crowded")


async def test_no_more_connections_than_documented(store: Store, url: str, cluster: Cluster) -> None:
    await asyncio.gather(
        *(store.add_round(a_round()) for _ in range(200)), *(store.read_counts() for _ in range(200))
    )
    databases = [name for (name,) in cluster.execute("SELECT datname FROM pg_stat_activity")]
    assert databases.count(url.rpartition("/")[2]) <= postgresql.CONNECTIONS


async def test_commits_wait_for_the_disk_whatever_the_server_is_set_to(cluster: Cluster) -> None:
    url = cluster.create_database()
    cluster.execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off")
    store = await open_store(url)
    try:
        row = await store.database.write(lambda c: c.execute("SHOW synchronous_commit").fetchone())
        assert row[0] == "on"
    finally:
        await store.close()
