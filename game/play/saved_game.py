"""A running game in the form in which the store holds it: JSON, and the hash of the token that resumes it."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from game.play.records import GameInfo
from game.rules.challenge import Challenge
from game.rules.saved import SavedChallenge


class SavedGame(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a game needs to go on, beside its stored rounds. See `game.rules.saved` for how to change it.

    Attributes:
        seed: of its prompts.
        characters: those that are asked for; empty for all of the alphabet.
        room, seat: where it is played; empty and 0 if not in a room.
    """

    seed: str
    challenge: SavedChallenge
    characters: str = ""
    room: str = ""
    seat: int = 0


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(SavedGame)


def encode_game(info: GameInfo, challenge: Challenge, now_ms: int) -> str:
    """Return a game as JSON, as it stands at ``now_ms``."""
    saved = SavedGame(
        seed=info.seed,
        challenge=challenge.save(now_ms),
        characters=info.characters,
        room=info.room,
        seat=info.seat,
    )
    return _ENCODER.encode(saved).decode()


def decode_game(state: str) -> SavedGame:
    """Return the game that `encode_game` has encoded.

    Raises:
        msgspec.DecodeError: if it is of another kind.
    """
    return _DECODER.decode(state)


def hash_token(token: str) -> str:
    """Return what is stored of a token that resumes a game, so that whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
