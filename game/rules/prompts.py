"""The order of prompts: shuffled like a deck of cards."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random


def shuffle_prompts(characters: str, rng: Random) -> Iterator[str]:
    """Yield characters without end: each one once before any comes again, and none twice in a row.

    Args:
        characters: at least one, all different.
        rng: decides the order. Players who compete must not be able to predict it.
    """
    last = None
    while True:
        deck = list(characters)
        rng.shuffle(deck)
        if deck[0] == last:
            # Swapping it to any other place keeps every order of the rest as likely as before.
            place = rng.randrange(1, len(deck)) if len(deck) > 1 else 0
            deck[0], deck[place] = deck[place], deck[0]
        yield from deck
        last = deck[-1]
