"""Find out what is wrong with a store: with the file, the rows, and what they refer to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from feedback.repair.damaged_file import DamagedFile, is_round
from feedback.standings import BUCKET

_MOST_NAMED: Final = 20  # problems that SQLite is asked for

Progress = Callable[[int, int], None]
"""Is told how many rounds of how many are done."""


def check_integrity(file: DamagedFile) -> list[str]:
    """Return what SQLite finds wrong with the file, at most twenty sentences. It reads all of the file."""
    try:
        rows = file.connection.execute(f"PRAGMA integrity_check({_MOST_NAMED})").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    lines = [line.strip() for row in rows for line in str(row[0]).splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")]


def count_rows(file: DamagedFile) -> dict[str, int | None]:
    """Return how many rows each table has, by name; None for a table that cannot be counted."""
    counts: dict[str, int | None] = {}
    for table in file.list_tables():
        row = file.read_row(f"SELECT count(*) FROM {table}")  # noqa: S608 (its own name)
        counts[table] = None if row is None else row[0]
    return counts


def check_rounds(file: DamagedFile, progress: Progress) -> list[str]:
    """Read every round, and return what is wrong with them."""
    if "rounds" not in file.list_tables():
        return ["There is no table of rounds."]
    last = file.find_last_sequence()
    unusable = 0
    for row in file.read_rounds(0, last):
        unusable += not is_round(row)
        progress(row["sequence"], last)
    problems = ["Not every round can be read."] if file.has_failed else []
    return problems + (
        [f"Rounds whose drawing, time or candidates make no sense: {unusable:,}."] if unusable else []
    )


def check_boards(file: DamagedFile) -> list[str]:
    """Return what is wrong with the places on the leaderboards."""
    queries = {"whose game is missing": "SELECT count(*) FROM standings WHERE game NOT IN (SELECT id FROM games)"}
    if "standing_counts" in file.list_tables():  # earlier versions lack it
        queries["that are counted wrong"] = (
            f"SELECT coalesce(sum(n), 0) FROM (SELECT board, score / {BUCKET}, count(*) AS n FROM standings "  # noqa: S608
            "GROUP BY 1, 2 EXCEPT SELECT board, bucket, players FROM standing_counts)"
        )
    problems = []
    for fault, query in queries.items():
        row = file.read_row(query)
        if row is None:
            return ["The leaderboards cannot be read."]
        if row[0]:
            problems.append(f"Places on leaderboards {fault}: {row[0]:,}.")
    return problems
