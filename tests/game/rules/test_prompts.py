"""The order of prompts."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from game.rules.prompts import shuffle_prompts
from recognition.alphabets import ALPHABETS

seeds = st.text(max_size=8)


@given(st.sampled_from(list(ALPHABETS.values())), seeds)
def test_each_character_comes_once_before_any_comes_again(characters: str, seed: str) -> None:
    order = shuffle_prompts(characters, seed)
    for _ in range(3):
        assert sorted(islice(order, len(characters))) == sorted(characters)


@given(st.integers(2, 12), seeds)
def test_no_character_comes_twice_in_a_row(size: int, seed: str) -> None:
    drawn = list(islice(shuffle_prompts("abcdefghijkl"[:size], seed), 10 * size))
    assert all(one != other for one, other in pairwise(drawn))


def test_a_single_character_comes_forever() -> None:
    assert list(islice(shuffle_prompts("7", "seed"), 5)) == ["7"] * 5


def test_the_same_seed_gives_the_same_order() -> None:
    def first(seed: str) -> tuple[str, ...]:
        return tuple(islice(shuffle_prompts("0123456789", seed), 10))

    assert first("1") == first("1")
    assert len({first(str(seed)) for seed in range(50)}) > 45


def test_every_character_is_equally_likely_to_come_first() -> None:
    firsts = Counter(next(shuffle_prompts("0123456789", str(seed))) for seed in range(2000))
    assert len(firsts) == 10
    assert max(firsts.values()) < 300


@given(st.sampled_from(list(ALPHABETS.values())), seeds, st.integers(0, 200))
def test_the_order_goes_on_after_those_that_were_given(characters: str, seed: str, after: int) -> None:
    whole = list(islice(shuffle_prompts(characters, seed), after + 20))
    assert list(islice(shuffle_prompts(characters, seed, after), 20)) == whole[after:]
