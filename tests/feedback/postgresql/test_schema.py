"""The tables of both engines stay the same, and several processes may migrate at once."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feedback.errors import StoreError
from feedback.store import open_store
from tests.feedback.making import a_round
from tests.feedback.sqlite.inside import get_path
from tests.postgresql import Cluster

FEEDBACK = Path(__file__).parents[3] / "feedback"
ONLY_POSTGRESQL = {
    ("counts", "shard"),
    ("standing_counts", "shard"),
    ("schema_version", "version"),
    ("schema_version", "oldest"),
}
ONLY_POSTGRESQL_TABLES = {"call_counts", "open_sockets"}


def test_each_migration_is_there_for_both_engines() -> None:
    sqlite, postgresql = (
        sorted(path.name for path in (FEEDBACK / engine / "migrations").glob("*.sql"))
        for engine in ("sqlite", "postgresql")
    )
    assert postgresql[0] == "0009_initial.sql"
    assert postgresql[1:] == [name for name in sqlite if name > "0010"]


async def test_both_engines_have_the_same_columns(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.create_store()
    store = await open_store(f"sqlite:///{tmp_path}/inkrush.db")
    await store.close()
    with closing(sqlite3.connect(get_path(store))) as connection:
        expected = set(
            connection.execute(
                "SELECT tables.name, columns.name "
                "FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns "
                "WHERE tables.type = 'table' AND tables.name NOT GLOB 'sqlite_*'"
            )
        )
    columns = cluster.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'",
        url.rpartition("/")[2],
    )
    shared = {(table, column) for table, column in columns if table not in ONLY_POSTGRESQL_TABLES}
    assert shared == expected | ONLY_POSTGRESQL


async def test_text_sorts_by_its_bytes_and_integers_are_large(cluster: Cluster) -> None:
    columns = cluster.execute(
        "SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns "
        "WHERE table_schema = 'public'",
        cluster.create_store().rpartition("/")[2],
    )
    wrong = [
        (table, column)
        for table, column, type_, collation in columns
        if table not in ONLY_POSTGRESQL_TABLES
        if (type_ == "text" and collation != "C") or type_ not in {"text", "bigint", "double precision", "bytea"}
    ]
    assert wrong == []


async def test_several_processes_may_migrate_at_once(cluster: Cluster) -> None:
    url = cluster.create_database()
    stores = await asyncio.gather(*(open_store(url) for _ in range(6)))
    try:
        await stores[0].add_round(a_round())
        assert {(await store.read_counts()).rounds for store in stores} == {1}
    finally:
        for store in stores:
            await store.close()


async def test_a_program_goes_on_while_a_newer_one_adds_columns(cluster: Cluster) -> None:
    """Prepared plans become stale by that."""
    url = cluster.create_database()
    store = await open_store(url)
    try:
        round_ = a_round()
        await store.add_round(round_)
        for _ in range(40):  # on every connection, often enough for it to prepare the statement
            await asyncio.gather(*(store.get_round(round_.id) for _ in range(8)))
            await asyncio.gather(*(store.give_feedback(round_.id, "ada", "1") for _ in range(4)))
        cluster.execute("ALTER TABLE rounds ADD COLUMN later TEXT", url.rpartition("/")[2])
        await asyncio.gather(*(store.get_round(round_.id) for _ in range(8)))
        await asyncio.gather(*(store.give_feedback(round_.id, "ada", "7") for _ in range(8)))
        stored = await store.get_round(round_.id)
        assert stored is not None
        assert stored.label == "7"
    finally:
        await store.close()


async def test_an_older_program_opens_newer_tables_unless_they_need_a_newer_one(cluster: Cluster) -> None:
    url = cluster.create_database()
    await (await open_store(url)).close()
    name = url.rpartition("/")[2]
    cluster.execute("UPDATE schema_version SET version = 1000", name)
    await (await open_store(url)).close()
    cluster.execute("UPDATE schema_version SET oldest = 1000", name)
    with pytest.raises(StoreError, match=re.escape("its tables need version 1000")):
        await open_store(url)
