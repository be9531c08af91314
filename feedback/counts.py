"""How much is stored, counted with each change."""

from __future__ import annotations

from feedback.records import SYNTHETIC, Counts
from feedback.sql import Connection


def read_counts(connection: Connection) -> Counts:
    """Return how much is stored."""
    rows = connection.execute("SELECT name, sum(value) AS value FROM counts GROUP BY name")
    counts = {row["name"]: int(row["value"]) for row in rows}
    # A source whose rounds were all deleted keeps its count of 0.
    prefix = "rounds/"
    by_source = {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix) and n}
    generated = connection.execute("SELECT 1 FROM players WHERE id = ?", (SYNTHETIC,)).fetchone()
    return Counts(
        rounds=sum(by_source.values()),
        games=counts["games"],
        players=counts["players"] - (generated is not None),
        # Generated rounds have labels too, but no person gave them.
        labeled=counts["labels"] - by_source.get(SYNTHETIC, 0),
        by_source=by_source,
    )
