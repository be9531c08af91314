"""Rooms for tests."""

from __future__ import annotations

from typing import Any

from game.rules.room import Room, hash_secret


def a_room(host: str, **fields: Any) -> Room:
    """Return a class that the token ``host`` leads, or a duel that the player ``host`` has made."""
    defaults = {
        "kind": "class",
        "code": "CDFHJ",
        "alphabet": "digits",
        "duration_ms": 60_000,
        "names": "own",
        "seed": "seed",
    }
    return Room(host=hash_secret(host), **{**defaults, **fields})
