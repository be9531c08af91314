"""Rounds from a file, as `python -m feedback export` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from feedback.records import Drawing, LabelledBy, Outcome, Round, Source, Verdict
from training.errors import UnreadableRounds


class _Line(msgspec.Struct):
    key_id: str
    timestamp: datetime
    player: str
    source: Source
    alphabet: str
    model: str
    word: str | None = None
    drawing: Drawing | None = None
    label: str | None = None
    label_by: LabelledBy | None = None
    verdict: Verdict | None = None
    predicted: str | None = None
    confidence: float | None = None
    outcome: Outcome | None = None
    mode: str | None = None
    duration_ms: int | None = None
    flag: str | None = None


_DECODER: Final = msgspec.json.Decoder(_Line)


def rounds_of(path: Path) -> Iterator[Round]:
    """Yield the rounds of a file, in its order.

    Raises:
        UnreadableRounds: naming the first line that is none.
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield _round(_DECODER.decode(line))
                except msgspec.DecodeError as error:
                    raise UnreadableRounds(f"Line {number} of {path} is no round: {error}") from error


def _round(line: _Line) -> Round:
    return Round(
        id=line.key_id,
        at=line.timestamp,
        player=line.player,
        source=line.source,
        alphabet=line.alphabet,
        model=line.model,
        predicted=line.predicted,
        confidence=line.confidence,
        mode=line.mode,
        # Without an outcome, the word is what the drawing is known to be, which the label says.
        target=line.word if line.outcome else None,
        outcome=line.outcome,
        verdict=line.verdict,
        label=line.label,
        label_by=line.label_by,
        duration_ms=line.duration_ms,
        drawing=line.drawing,
        flag=line.flag,
    )
