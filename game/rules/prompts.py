"""The order of prompts: shuffled like a deck of cards. Late in a sprint, slow targets come more often."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from random import Random
from statistics import median_low
from typing import Final, NamedTuple

from feedback.records import Outcome
from game.rules import tuning

_SEED_BYTES: Final = 16


class RoundTime(NamedTuple):
    """What later prompts depend on in a round that is over."""

    target: str
    outcome: Outcome
    duration_ms: int


Adapt = Callable[[str, Sequence[RoundTime]], str]
"""Is told the next target and all rounds that are over, and returns the target to take."""


def make_seed() -> str:
    """Return a seed of prompts that nobody can guess."""
    return secrets.token_hex(_SEED_BYTES)


def shuffle_prompts(characters: str, seed: str, after: int = 0) -> Iterator[str]:
    """Yield characters without end: each one once before any comes again, and none twice in a row.

    Args:
        characters: at least one, all different.
        seed: decides the order. Players who compete must not be able to guess it.
        after: how many prompts of this order to leave out, because they were given already.
    """
    return islice(_shuffle(characters, seed), after, None)


def favor_slow_targets(seed: str, target: str, rounds: Sequence[RoundTime]) -> str:
    """Return the target to ask for after ``rounds``: ``target``, or one that the player is slow at.

    In the first `tuning.SLOW_TARGETS_AFTER_MS` of play it is always ``target``. After that, with a chance of
    `tuning.SLOW_TARGETS_SHARE`, it is one of those that take the player longer than most. The slower a target, the
    more likely it is. No target comes twice in a row. The same seed and rounds give the same target, so a game
    that is resumed elsewhere goes on as it would have here.
    """
    if not rounds or sum(round_.duration_ms for round_ in rounds) < tuning.SLOW_TARGETS_AFTER_MS:
        return target
    last = rounds[-1].target
    excess = {slow: ms for slow, ms in _measure_slowness(rounds).items() if slow != last}
    rng = Random(f"{seed}/slow/{len(rounds)}")  # noqa: S311
    if rng.random() < tuning.SLOW_TARGETS_SHARE and any(excess.values()):
        return rng.choices(list(excess), list(excess.values()))[0]
    if target == last and excess:
        return rng.choice(list(excess))
    return target


def _measure_slowness(rounds: Sequence[RoundTime]) -> dict[str, int]:
    """Return for each target that was asked for how many ms it takes on average, above the median of all of them.

    A skip counts as its cost more: a player who gives up at once is not fast.
    """
    times: dict[str, list[int]] = defaultdict(list)
    for round_ in rounds:
        extra_ms = tuning.SKIP_COST_MS if round_.outcome == "skip" else 0
        times[round_.target].append(round_.duration_ms + extra_ms)
    means = {target: sum(its_times) // len(its_times) for target, its_times in times.items()}
    middle = median_low(means.values())
    return {target: max(0, mean - middle) for target, mean in means.items()}


def _shuffle(characters: str, seed: str) -> Iterator[str]:
    last = None
    for number in count():
        # Seeded anew for each deck: what a player has seen of one deck tells nothing about the next.
        rng = Random(f"{seed}/{number}")  # noqa: S311
        deck = list(characters)
        rng.shuffle(deck)
        if deck[0] == last:
            # Swapping it to any other place keeps every order of the rest as likely as before.
            place = rng.randrange(1, len(deck)) if len(deck) > 1 else 0
            deck[0], deck[place] = deck[place], deck[0]
        yield from deck
        last = deck[-1]
