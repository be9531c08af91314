"""Rounds from a file, as ``python -m feedback export`` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from feedback.importing.errors import NotRounds, UnusableLine
from feedback.importing.rounds_file import read_rounds
from feedback.records import Round
from training.errors import UnreadableRounds


def rounds_of(path: Path) -> Iterator[Round]:
    """Yield the rounds of a file, in its order.

    Raises:
        UnreadableRounds: naming the first line that is none.
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        try:
            for one in read_rounds(file):
                if isinstance(one, UnusableLine):
                    raise UnreadableRounds(f"Line {one.line} of {path} is no round: {one.why}.")
                yield one
        except NotRounds as error:
            raise UnreadableRounds(f"{path}: {error}.") from error
