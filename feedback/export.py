"""Rounds as lines of JSON in the fields of the Quick, Draw! data set, with ours beside them."""

from __future__ import annotations

from typing import Final

import msgspec

from feedback.records import Round
from feedback.rows import time_text

_ENCODER: Final = msgspec.json.Encoder()


def ndjson_line(kept: Round) -> bytes:
    """Return one round as a line.

    ``word`` is what was asked for or, where nothing was, what it is known to be; ``recognized`` whether the
    model agreed. ``drawing`` is null for a character that was uploaded.
    """
    word = kept.target or kept.label
    line = {
        "key_id": kept.id,
        "word": word,
        "recognized": None if word is None else kept.outcome == "hit" or kept.predicted == word,
        "timestamp": time_text(kept.at),
        "drawing": kept.drawing,
        "label": kept.label,
        "verdict": kept.verdict,
        "predicted": kept.predicted,
        "confidence": kept.confidence,
        "outcome": kept.outcome,
        "source": kept.source,
        "mode": kept.mode,
        "alphabet": kept.alphabet,
        "duration_ms": kept.duration_ms,
        "model": kept.model,
        "player": kept.player,
        "flag": kept.flag,
    }
    return _ENCODER.encode(line) + b"\n"
