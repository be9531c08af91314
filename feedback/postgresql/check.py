"""Finds out whether a database is sound: its settings, every round, the counts, and what the server noticed."""

from __future__ import annotations

import contextlib
from typing import Any, Final, NamedTuple

import psycopg

from feedback.database_rows import parse_game, parse_round
from feedback.errors import StoreError
from feedback.postgresql.connection import Address, connect, explain_error
from feedback.postgresql.schema import LATEST, read_version
from feedback.repair.check import Progress

_PAGE: Final = 500  # rows read at a time

_COUNTED: Final = """
    SELECT 'rounds/' || source AS name, count(*) AS value FROM rounds GROUP BY source
    UNION ALL SELECT 'labels', count(label) FROM rounds
    UNION ALL SELECT 'games', count(finished_at) FROM games
    UNION ALL SELECT 'players', count(*) FROM players
"""
_COUNTS: Final = f"""
    SELECT coalesce(stored.name, counted.name), coalesce(stored.value, 0), coalesce(counted.value, 0)
    FROM (SELECT name, sum(value) AS value FROM counts WHERE name NOT LIKE 'mirrored/%' GROUP BY name) AS stored
    FULL JOIN ({_COUNTED}) AS counted ON counted.name = stored.name
    WHERE coalesce(stored.value, 0) <> coalesce(counted.value, 0) ORDER BY 1
"""  # noqa: S608 (our own statement)


class Report(NamedTuple):
    """What was found.

    Attributes:
        facts: the server, the size and the settings, a sentence each.
        rows: how many rows each table has.
        problems: what is wrong, a sentence each.
    """

    facts: list[str]
    rows: dict[str, int]
    problems: list[str]


def check_database(url: str, progress: Progress) -> Report:
    """Read the whole store. Nothing is changed, and servers may run meanwhile.

    Raises:
        StoreError: if the database cannot be read at all.
    """
    address = Address(url)
    try:
        with contextlib.closing(connect(address, "read")) as connection:
            connection.execute("SET statement_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            version = read_version(connection)
            if not version:
                raise StoreError(f"There is no store in {address}.")
            problems = _check_settings(connection)
            rows = _count_rows(connection)
            problems += _check_rows(connection, "rounds", "sequence", rows["rounds"], progress)
            problems += _check_rows(connection, "games", "id", rows["games"], progress)
            problems += [
                f"The count {name} is {stored:,}, but there are {counted:,}."
                for name, stored, counted in connection.execute(_COUNTS)
            ]
            return Report([_describe(connection, address, version)], rows, problems)
    except psycopg.Error as error:
        raise explain_error(error, address) from error


def _describe(connection: psycopg.Connection[Any], address: Address, version: int) -> str:
    size, server = connection.execute(
        "SELECT pg_database_size(current_database()), current_setting('server_version')"
    ).fetchone() or (0, "")
    return f"{address}: {size / 1e6:.1f} MB, server {server}, tables of version {version} (this Inkrush: {LATEST})"


def _check_settings(connection: psycopg.Connection[Any]) -> list[str]:
    problems = [
        f"The server does not wait for its disk: {name} is off. A power cut loses or damages data."
        for name in ("fsync", "full_page_writes")
        if connection.execute("SELECT current_setting(%s)", (name,)).fetchone() == ("off",)
    ]
    (failures,) = connection.execute(
        "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
    ).fetchone() or (0,)
    if failures:
        problems.append(f"The server has met damaged pages: {failures:,}. Restore the database from a backup.")
    return problems


def _count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    tables = connection.execute(
        "SELECT relname FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        (counts[table],) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() or (0,)  # noqa: S608
    return counts


def _check_rows(
    connection: psycopg.Connection[Any], table: str, key: str, total: int, progress: Progress
) -> list[str]:
    """Read every row of a table, and return a sentence if some make no sense."""
    parse = {"rounds": parse_round, "games": parse_game}[table]
    done = unusable = 0
    last: Any = None
    while True:
        condition = "" if last is None else f"WHERE {key} > %(last)s "
        rows = connection.execute(
            f"SELECT * FROM {table} {condition}ORDER BY {key} LIMIT {_PAGE}",  # noqa: S608 (our own names)
            {"last": last},
        ).fetchall()
        for row in rows:
            try:
                parse(row)
            except StoreError:
                unusable += 1
            last = row[key]
        done += len(rows)
        progress(done, total)
        if not rows:
            return [f"{table.capitalize()} that make no sense: {unusable:,}."] if unusable else []
