"""Every number that shapes the mirror."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_CELL_CHARACTERS: Final = 49_999
"""Characters that a cell may hold: Google allows fewer than 50,000."""

BATCH_ROWS: Final = 500
BATCH_BYTES: Final = 1_500_000
"""What one request may append: Google recommends at most 2 MB."""

WORKSHEET_ROWS: Final = 200_000
"""Rows after which a new worksheet is begun, so that each can still be opened in a browser."""

WORKBOOK_CELLS: Final = 10_000_000
"""Cells of all worksheets together, empty ones included: Google's limit."""

READ_TRIES: Final = 8
"""Times that one reading request is made before it counts as failed."""

SEND_TRIES: Final = 15
"""Times in a row that sending may fail before a command gives up; the server goes on for ever."""

MOST_DEDUPLICATIONS: Final = 5
"""Times in a row that rows are deleted which are there twice, while people keep on sorting."""

LONGEST_WAIT: Final = 64.0
"""Seconds between two tries, unless Google asks for more: its own recommendation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How fast and how patiently the mirror works, in seconds where nothing else is said.

    Attributes:
        batch: rounds that are appended by one request, at most.
        per_minute: requests of each kind, reading and writing; the quota is 60.
        connect: to wait for a connection.
        answer: to wait for an answer.
        backoff: before the second try; it doubles with each further one.
        settle: from a sending that failed until column A is read, so that what was still on its way has landed.
        linger: from the last such sending until the last look for rows that landed twice.
        late: from a sending that failed until nothing of it can arrive any more. Google ends every request
            after 180 s (https://developers.google.com/workspace/sheets/api/limits).
        lease: until another process may take over from one that no longer renews its lease.
        poll: between two looks for new rounds.
        sweep: between two looks for rows of rounds that players have deleted.
        rest: from a round's end until the server mirrors it, so that what its player says of it goes along.
    """

    batch: int = BATCH_ROWS
    per_minute: float = 55
    connect: float = 5
    answer: float = 20
    backoff: float = 0.5
    settle: float = 3
    linger: float = 8
    late: float = 200
    lease: float = 30
    poll: float = 5
    sweep: float = 30
    rest: float = 20


TIMING: Final = Timing()
