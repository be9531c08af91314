"""Every number that shapes the mirror."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

MOST_CELL_CHARACTERS: Final = 49_999
"""Most characters in a cell: Google allows fewer than 50,000."""

BATCH_ROWS: Final = 500
BATCH_BYTES: Final = 1_500_000
"""Most that one request appends. Google recommends at most 2 MB."""

WORKSHEET_ROWS: Final = 200_000
"""Most rows in a worksheet, so that a browser can still open it. Then a new worksheet is begun."""

WORKBOOK_CELLS: Final = 10_000_000
"""Google's limit for the cells of all worksheets together, empty ones included."""

READ_TRIES: Final = 8
"""How often a read is tried before it counts as failed."""

SEND_TRIES: Final = 15
"""How many failures in a row end a command. The server never gives up."""

MOST_DEDUPLICATIONS: Final = 5
"""How often in a row duplicate rows are deleted while people keep sorting."""

LONGEST_WAIT: Final = 64.0
"""Most seconds between two tries, unless Google asks for more. Google recommends this limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How fast and how patiently the mirror works. Times are in seconds.

    Attributes:
        batch: most rounds in one append.
        per_minute: requests a minute, for reads and writes each. The quota is 60.
        connect: how long to wait for a connection.
        answer: how long to wait for an answer.
        read_tries: how often a read is tried before it counts as failed.
        backoff: the wait before the second try. It doubles with each further one.
        settle: from a failed append until column A is read, so that a request still on its way has landed.
        linger: from the last failed append until the first search for duplicate rows.
        late: from a failed append until nothing of it can arrive any more. Google ends every request after
            180 s (https://developers.google.com/workspace/sheets/api/limits).
        lease: how long a process that no longer renews its lease keeps others from writing.
        poll: between two checks for new rounds.
        sweep: between two searches for rows of rounds that players have deleted.
        rest: from a round's end until the server mirrors it, so that what the player says about it goes along.
    """

    batch: int = BATCH_ROWS
    per_minute: float = 55
    connect: float = 5
    answer: float = 20
    read_tries: int = READ_TRIES
    backoff: float = 0.5
    settle: float = 3
    linger: float = 8
    late: float = 200
    lease: float = 30
    poll: float = 5
    sweep: float = 30
    rest: float = 20


TIMING: Final = Timing()

STATUS_TIMING: Final = replace(TIMING, connect=3, answer=8, read_tries=1)
"""A person is waiting for ``status``: it asks once."""

STATUS_SECONDS: Final = 12.0
"""How long ``status`` waits for Google altogether. A name server that is silent heeds no time limit of ours."""
