"""Read rounds from a file that ``python -m feedback export`` wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from feedback.importing.errors import NotRounds, UnusableLine
from feedback.importing.rounds_file import read_rounds
from feedback.records import Round
from training.errors import UnreadableRounds


def read_rounds_file(path: Path) -> Iterator[Round]:
    """Yield the rounds of a file in its order.

    Raises:
        UnreadableRounds: naming the first line that is not a round.
        OSError: if the file cannot be read.
    """
    with path.open("rb") as file:
        try:
            for entry in read_rounds(file):
                if isinstance(entry, UnusableLine):
                    raise UnreadableRounds(f"Line {entry.line} of {path} is not a round: {entry.why}.")
                yield entry
        except NotRounds as error:
            raise UnreadableRounds(f"{path}: {error}.") from error
