"""The order of prompts: shuffled like a deck of cards."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from random import Random


def shuffle_prompts(characters: str, seed: str, after: int = 0) -> Iterator[str]:
    """Yield characters without end: each one once before any comes again, and none twice in a row.

    Args:
        characters: at least one, all different.
        seed: decides the order. Players who compete must not be able to guess it.
        after: how many prompts of this order to leave out, because they were given already.
    """
    return islice(_shuffle(characters, seed), after, None)


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
