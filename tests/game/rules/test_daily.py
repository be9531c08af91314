"""The seeds of dailies."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from game.rules.daily import make_daily_seed
from recognition.alphabets import ALPHABETS

games = st.tuples(st.text(min_size=1, max_size=8), st.dates(), st.sampled_from(sorted(ALPHABETS)))


@given(games, games)
def test_each_secret_day_and_alphabet_has_a_seed_of_its_own(
    one: tuple[str, date, str], other: tuple[str, date, str]
) -> None:
    assert (make_daily_seed(*one) == make_daily_seed(*other)) == (one == other)


def test_the_seed_of_a_day_stays_the_same_from_release_to_release() -> None:
    # Servers of two releases run side by side during an update.
    assert make_daily_seed("a secret key 1234", date(2026, 11, 26), "digits").startswith("3100b5e1a5fcb258")
