"""What is said of a game whose rounds come from the store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from feedback.unfinished_games import StoredResult
from game.play.records import judge_rounds
from game.rules import plausibility

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def make_hits(**changes: Any) -> list[StoredResult]:
    """Return the rounds of a game in which a finished drawing came 5 ms after each prompt."""
    fields: dict[str, Any] = {"outcome": "hit", "points": 99, "target": "7", "duration_ms": 5, **changes}
    return [StoredResult(at=NOW, drawing=[[[0, number], [0, 9], [0, 5]]], **fields) for number in range(20)]


def test_stored_rounds_are_judged_like_those_of_a_running_game() -> None:
    assert judge_rounds(make_hits()) == plausibility.TOO_FAST
    assert judge_rounds(make_hits(duration_ms=900)) is None


@pytest.mark.parametrize("outcome", ["skip", "timeout"])
def test_only_hits_count(outcome: str) -> None:
    assert judge_rounds(make_hits(outcome=outcome)) is None


def test_rounds_that_lack_something_count_for_the_player() -> None:
    assert judge_rounds(make_hits(target=None)) is None
    assert judge_rounds(make_hits(duration_ms=None)) is None
