"""Predictions as responses give them, and as rounds store them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from feedback.ids import make_id
from feedback.records import Drawing, Round
from game.api.schemas import Candidate
from game.play.records import list_top_candidates
from recognition import Prediction, encode_png


def list_candidates(prediction: Prediction) -> list[Candidate]:
    """Return every candidate of ``prediction``, best first."""
    return [Candidate(candidate.label, candidate.probability) for candidate in prediction.candidates]


def make_round(
    prediction: Prediction,
    *,
    player: str,
    source: Literal["draw", "upload"],
    alphabet: str,
    drawing: Drawing | None = None,
    duration_ms: int | None = None,
    crop: bytes | None = None,
) -> Round:
    """Return a round of something recognized now, outside of a game, under a new id."""
    return Round(
        id=make_id(),
        at=datetime.now(UTC),
        player=player,
        source=source,
        alphabet=alphabet,
        predicted=prediction.label,
        confidence=prediction.confidence,
        top=list_top_candidates(prediction),
        model=prediction.model,
        duration_ms=duration_ms,
        drawing=drawing,
        crop=crop,
        image=encode_png(prediction.image),
    )
