"""The order of prompts."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from game.rules import tuning
from game.rules.prompts import RoundTime, favor_slow_targets, shuffle_prompts
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


class Player:
    """Plays with its own time for each character, or skips it."""

    def __init__(self, characters: str, seed: str, times_ms: dict[str, int | None]) -> None:
        self.seed = seed
        self.times_ms = times_ms
        self.proposals = shuffle_prompts(characters, seed)
        self.rounds: list[RoundTime] = []
        self.proposed: list[str] = []

    def play(self, count: int) -> list[str]:
        """Play some rounds and return the targets of all so far."""
        for _ in range(count):
            self.proposed.append(next(self.proposals))
            target = favor_slow_targets(self.seed, self.proposed[-1], self.rounds)
            time_ms = self.times_ms[target]
            self.rounds.append(RoundTime(target, "skip" if time_ms is None else "hit", time_ms or 0))
        return [round_.target for round_ in self.rounds]


def characters_with_times() -> st.SearchStrategy[dict[str, int | None]]:
    times_ms = st.none() | st.integers(0, 20_000)
    return st.dictionaries(st.sampled_from("abcdefghijkl"), times_ms, min_size=2)


@given(characters_with_times(), seeds)
def test_slow_targets_change_nothing_in_the_first_minute_and_never_come_twice(
    times_ms: dict[str, int | None], seed: str
) -> None:
    player = Player("".join(times_ms), seed, times_ms)
    targets = player.play(60)
    played_ms = 0
    for round_, proposed in zip(player.rounds, player.proposed, strict=True):
        if played_ms < tuning.SLOW_TARGETS_AFTER_MS:
            assert round_.target == proposed
        played_ms += round_.duration_ms
    assert all(one != other for one, other in pairwise(targets))
    assert Player("".join(times_ms), seed, times_ms).play(60) == targets


def test_slow_and_skipped_targets_come_more_often_after_the_first_minute() -> None:
    times_ms = dict.fromkeys("0123456789", 1500) | {"4": 4000, "7": None}
    counts: Counter[str] = Counter()
    for seed in range(40):
        player = Player("0123456789", str(seed), times_ms)
        player.play(45)
        counts += Counter(player.play(40)[45:])
    assert min(counts["4"], counts["7"]) > 2 * max(counts[character] for character in "01235689")
    assert min(counts.values()) > 40  # but everything still comes


def test_a_player_of_even_speed_keeps_the_shuffled_order() -> None:
    player = Player("0123456789", "seed", dict.fromkeys("0123456789", 3000))
    assert player.play(60) == player.proposed
