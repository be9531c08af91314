"""Predictions as they are answered and as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from feedback.ids import make_id
from feedback.records import Round
from game.api.schemas import Candidate
from game.rules import tuning
from recognition import Prediction, encode_png


def list_candidates(prediction: Prediction) -> list[Candidate]:
    """Return every candidate, best first."""
    return [Candidate(candidate.label, candidate.probability) for candidate in prediction.candidates]


def make_round(
    prediction: Prediction,
    *,
    player: str,
    source: Literal["draw", "upload"],
    alphabet: str,
    drawing: list[list[list[int]]] | None = None,
    duration_ms: int | None = None,
    crop: bytes | None = None,
) -> Round:
    """Return the round, at this moment, of something recognised outside of a game."""
    best = prediction.candidates[: tuning.CANDIDATES_STORED]
    return Round(
        id=make_id(),
        at=datetime.now(UTC),
        player=player,
        source=source,
        alphabet=alphabet,
        predicted=prediction.label,
        confidence=prediction.confidence,
        top=[(candidate.label, candidate.probability) for candidate in best],
        model=prediction.model,
        duration_ms=duration_ms,
        drawing=drawing,
        crop=crop,
        image=encode_png(prediction.image),
    )
