"""Rounds and games for tests to store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from feedback.ids import make_id
from feedback.records import Game, Round

MONDAY = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def a_round(**fields: Any) -> Round:
    defaults: dict[str, Any] = {
        "id": make_id(),
        "at": MONDAY,
        "player": "ada",
        "source": "challenge",
        "alphabet": "digits",
        "model": "m1",
        "predicted": "7",
        "confidence": 0.93,
        "top": [("7", 0.93), ("1", 0.04)],
        "drawing": [[[1, 2], [3, 4], [0, 16]]],
        "image": b"\x89PNG",
    }
    return Round(**{**defaults, **fields})


def a_game(**fields: Any) -> Game:
    defaults: dict[str, Any] = {
        "id": make_id(),
        "player": "ada",
        "name": "Ada",
        "mode": "sprint",
        "alphabet": "digits",
        "model": "m1",
        "started_at": MONDAY,
        "finished_at": MONDAY,
        "score": 100,
        "hits": 3,
        "prompts": 4,
        "accuracy": 0.75,
        "best_combo": 2,
    }
    return Game(**{**defaults, **fields})
