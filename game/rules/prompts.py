"""The order of prompts: shuffled like a pack of cards."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random


def shuffle_prompts(characters: str, rng: Random) -> Iterator[str]:
    """Yield characters without end: each once before any comes again, and none twice in a row.

    Args:
        characters: at least one, all different.
        rng: where the order comes from; one that players cannot foresee, if they compete.
    """
    last = None
    while True:
        bag = list(characters)
        rng.shuffle(bag)
        if bag[0] == last:
            # Anywhere but in front keeps every order of the rest as likely as before.
            place = rng.randrange(1, len(bag)) if len(bag) > 1 else 0
            bag[0], bag[place] = bag[place], bag[0]
        yield from bag
        last = bag[-1]
