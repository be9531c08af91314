"""The card of a game."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.records import Outcome
from game.rules.card import make_card
from recognition.alphabets import ALPHABETS

DAY = date(2026, 11, 26)
rounds = st.lists(st.tuples(st.sampled_from(get_args(Outcome)), st.integers(0, 240_000)), max_size=60)


def test_a_card_tells_how_it_went() -> None:
    hits: list[tuple[Outcome, int]] = [("hit", time_ms) for time_ms in (0, 1499, 1500, 2999, 3000, 60_000)]
    card = make_card(DAY, "digits", 1240, [*hits, ("skip", 900), *hits, ("timeout", 100)], 5)
    assert card == "Inkrush 2026-11-26 · 0-9 · 1,240 · 🔥 5\n🟨🟨🟧🟧🟫🟫❌🟨🟨🟧\n🟧🟫🟫❌"
    assert make_card(DAY, "lower", 0, [], 1) == "Inkrush 2026-11-26 · a-z · 0"


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_alphabet_has_a_title(alphabet: str) -> None:
    assert make_card(DAY, alphabet, 7, []).startswith("Inkrush 2026-11-26 · ")


@given(rounds)
def test_a_card_has_a_sign_for_each_round_and_no_other_characters(played: list[tuple[Outcome, int]]) -> None:
    _, *lines = make_card(DAY, "any", 7, played).split("\n")
    assert "".join(lines).translate(dict.fromkeys(map(ord, "🟨🟧🟫❌"))) == ""
    assert [len(line) for line in lines[:-1]] == [10] * (len(lines) - 1)
    assert sum(map(len, lines)) == len(played)
    assert sum(line.count("❌") for line in lines) == sum(outcome != "hit" for outcome, _ in played)
