"""How a player's characters are read, and how that changes."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.records import Outcome, ProgressRound
from game.rules.progress import Figures, summarize_progress

characters = st.sampled_from("179g")
drawn = st.builds(
    ProgressRound,
    day=st.sampled_from(["2026-11-24", "2026-11-25", "2026-11-26"]),
    mode=st.sampled_from(["sprint", "practice", "daily"]),
    target=characters,
    outcome=st.sampled_from(get_args(Outcome)),
    predicted=st.none() | characters,
    label=st.none() | characters,
    duration_ms=st.integers(0, 60_000),
)
free = st.builds(
    ProgressRound,
    day=st.just("2026-11-26"),
    mode=st.none(),
    target=st.none(),
    outcome=st.none(),
    predicted=st.none() | characters,
    label=st.none() | characters,
    duration_ms=st.none() | st.integers(0, 60_000),
)


def a_round(target: str | None, outcome: Outcome | None = "hit", **fields: Any) -> ProgressRound:
    defaults = {
        "day": "2026-11-26",
        "mode": "sprint",
        "predicted": target if outcome == "hit" else "1",
        "label": None,
        "duration_ms": 2000,
    }
    return ProgressRound(target=target, outcome=outcome, **{**defaults, **fields})


@given(st.lists(drawn | free, max_size=60))
def test_all_views_of_the_same_rounds_add_up(rounds: list[ProgressRound]) -> None:
    summary = summarize_progress(rounds)
    for parts in ([each.figures for each in summary.characters], [figures for _, figures in summary.days]):
        assert sum(part.rounds for part in parts) == summary.overall.rounds
        assert sum(part.hits for part in parts) == summary.overall.hits
    for each in summary.characters:
        assert each.ms_per_hit >= 0
        assert each.misread_as != each.character
        assert len(each.trend) <= 8
        if each.trend:
            assert sum(part.rounds for part in each.trend) == each.figures.rounds >= 10
            assert min(part.rounds for part in each.trend) >= 5
    assert [each.ms_per_hit for each in summary.characters] == sorted(
        (each.ms_per_hit for each in summary.characters), reverse=True
    )


def test_slow_and_missed_characters_are_the_weakest() -> None:
    rounds = [a_round(character) for character in "0123456789"] * 5
    rounds += [a_round("7", "skip")] * 5  # half of its rounds are missed
    rounds += [a_round("4", duration_ms=9000)] * 6
    assert [each.character for each in summarize_progress(rounds).characters][:2] == ["4", "7"]


def test_one_slow_round_does_not_make_a_character_the_weakest() -> None:
    rounds = [a_round("g", duration_ms=4000)] * 20 + [a_round("a", duration_ms=1000)] * 80
    rounds.append(a_round("q", duration_ms=6000))
    assert summarize_progress(rounds).characters[0].character == "g"


def test_the_most_frequent_misreading_is_told() -> None:
    (nine,) = summarize_progress(
        [
            a_round("9"),
            a_round("9", "skip", predicted="g"),
            a_round("9", "skip", predicted="7"),
            a_round("9", "skip", predicted=None),  # nothing was drawn
            a_round("9", "timeout", predicted="1"),  # was not finished
            a_round("9", "skip", predicted="1", label="1"),  # it was a 1 indeed
            a_round(None, None, predicted="7", label="9"),  # drawn freely, and corrected
            a_round(None, None, predicted="9", label="9"),
        ]
    ).characters
    assert (nine.misread_as, nine.misreadings) == ("7", 2)
    assert nine.figures == Figures(5, 1, 0.2, 2000)


@pytest.mark.parametrize("mode", ["practice", "keys"])
def test_practice_and_keys_do_not_slow_a_character_down(mode: str) -> None:
    (seven,) = summarize_progress(
        [a_round("7", mode="duel"), a_round("7", mode=mode, duration_ms=8000)]
    ).characters
    assert seven.figures.median_ms == 2000
    (seven,) = summarize_progress([a_round("7", mode=mode, duration_ms=8000)]).characters
    assert seven.figures.median_ms == 8000


def test_a_trend_shows_a_player_who_gets_better() -> None:
    rounds = [a_round("7", duration_ms=5000 - 40 * number) for number in range(80)]
    (seven,) = summarize_progress(rounds).characters
    times_ms = [part.median_ms or 0 for part in seven.trend]
    assert len(times_ms) == 8
    assert times_ms == sorted(times_ms, reverse=True)
