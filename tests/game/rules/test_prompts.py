"""The order of prompts."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from game.rules.prompts import shuffle_prompts
from recognition.alphabets import ALPHABETS

seeds = st.integers(0, 2**32)


@given(st.sampled_from(list(ALPHABETS.values())), seeds)
def test_each_character_comes_once_before_any_comes_again(characters: str, seed: int) -> None:
    order = shuffle_prompts(characters, Random(seed))  # noqa: S311
    for _ in range(3):
        assert sorted(islice(order, len(characters))) == sorted(characters)


@given(st.integers(2, 12), seeds)
def test_no_character_comes_twice_in_a_row(size: int, seed: int) -> None:
    drawn = list(islice(shuffle_prompts("abcdefghijkl"[:size], Random(seed)), 10 * size))  # noqa: S311
    assert all(one != other for one, other in pairwise(drawn))


def test_a_single_character_comes_forever() -> None:
    assert list(islice(shuffle_prompts("7", Random(0)), 5)) == ["7"] * 5  # noqa: S311


def test_the_same_seed_gives_the_same_order() -> None:
    def first(seed: int) -> tuple[str, ...]:
        return tuple(islice(shuffle_prompts("0123456789", Random(seed)), 10))  # noqa: S311

    assert first(1) == first(1)
    assert len({first(seed) for seed in range(50)}) > 45


def test_every_character_is_equally_likely_to_come_first() -> None:
    firsts = Counter(next(shuffle_prompts("0123456789", Random(seed))) for seed in range(2000))  # noqa: S311
    assert len(firsts) == 10
    assert max(firsts.values()) < 300
