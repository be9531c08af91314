"""What the store holds: rounds, games, and places on the leaderboards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final, Literal, NamedTuple, get_args

import msgspec

LABELS: Final = digits + ascii_uppercase + ascii_lowercase
"""The 62 characters that a drawing can be."""

SYNTHETIC: Final = "synthetic"
"""The player of generated rounds; no person has this id."""

KEYS_MODE: Final = "keys"
"""The mode of games that are drawn with the arrow keys."""

DAILY_MODE: Final = "daily"
"""The mode of games of which a player has one a day and alphabet."""

RANKED_MODES: Final = frozenset({"sprint", DAILY_MODE})
"""Modes in which people compete. A game that no person can have played stays off their leaderboards."""

BOARD_MODES: Final = RANKED_MODES | {"extra", KEYS_MODE}
"""Modes that have leaderboards, each of its own. Where people play with aids or keys, no hits are doubted."""

Alphabet = Literal["any", "digits", "upper", "lower", "letters"]
ALPHABETS: Final[tuple[Alphabet, ...]] = get_args(Alphabet)
"""The alphabets that have boards."""

ROOM_MODE: Final = "duel"
"""The mode of games that are played in a room."""

Source = Literal["challenge", "draw", "upload", "synthetic"]
Outcome = Literal["hit", "skip", "timeout"]
Confirmation = Literal["confirmed", "corrected"]
LabeledBy = Literal["player", "curator"]
Period = Literal["day", "week", "all"]
Drawing = list[list[list[int]]]
"""Strokes in the layout of Quick, Draw!: ``[[x…], [y…], [t_ms…]]`` each; see `feedback.drawing`."""


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One prompt and what was drawn for it, or one character drawn freely, uploaded or generated.

    Attributes:
        id: UUIDv7.
        at: the time when it ended, UTC.
        player: the id of the player who drew it.
        source: ``challenge`` in a game, ``draw`` freely, ``upload`` in a picture, ``synthetic`` if generated.
        alphabet: the alphabet in play.
        model: the version of the model that read it.
        predicted: the character that the model saw; None if nothing was drawn.
        confidence: the probability of ``predicted``, 0..1.
        top: the five best candidates and their probabilities, best first.
        game: the id of its game.
        number: its number in its game, from 1.
        mode: the mode of its game.
        target: the character asked for.
        outcome: how a round of a game ended.
        verdict: whether its label confirms or corrects ``predicted``.
        label: what it really is, if a person said so.
        label_by: who said so. A curator in the Sheet overrides the player.
        duration_ms: the time from the prompt, or from the first point, to the end.
        points: its score.
        drawing: its strokes; None for an uploaded character.
        crop: the character cut out of an uploaded picture, a PNG.
        image: what the model was shown, a PNG of 28×28 pixels.
        flag: why a moderator set it aside.
    """

    id: str
    at: datetime
    player: str
    source: Source
    alphabet: str
    model: str
    predicted: str | None = None
    confidence: float | None = None
    top: list[tuple[str, float]] = []
    game: str | None = None
    number: int | None = None
    mode: str | None = None
    target: str | None = None
    outcome: Outcome | None = None
    verdict: Confirmation | None = None
    label: str | None = None
    label_by: LabeledBy | None = None
    duration_ms: int | None = None
    points: int | None = None
    drawing: Drawing | None = None
    crop: bytes | None = None
    image: bytes | None = None
    flag: str | None = None


class ProgressRound(NamedTuple):
    """What a round says about a player's progress.

    Attributes:
        day: when it was drawn, UTC, such as ``2026-11-26``.
        mode, target, outcome, duration_ms: None outside of games.
        predicted: what the model saw; None if nothing was drawn.
        label: what a person said it is; None if nobody did.
    """

    day: str
    mode: str | None
    target: str | None
    outcome: Outcome | None
    predicted: str | None
    label: str | None
    duration_ms: int | None


class Game(msgspec.Struct, frozen=True, kw_only=True):
    """A game.

    Attributes:
        finished_at: None while it is running.
        accuracy: the share of hits in prompts, 0..1.
        unranked: why it is on no leaderboard although its mode has one, as the end of a sentence for people.
    """

    id: str
    player: str
    name: str
    mode: str
    alphabet: str
    model: str
    started_at: datetime
    duration_ms: int | None = None
    finished_at: datetime | None = None
    score: int = 0
    hits: int = 0
    prompts: int = 0
    accuracy: float = 0.0
    best_combo: int = 0
    unranked: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A place on a leaderboard: a player's best game there. ``player`` is their name, not their id."""

    rank: int
    player: str
    score: int
    hits: int
    accuracy: float
    best_combo: int
    at: datetime
    game: str


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much is stored.

    Attributes:
        rounds: all rounds.
        games: finished games.
        players: people; generated rounds have no player.
        labeled: rounds that a person gave a label.
        by_source: rounds by source.
    """

    rounds: int
    games: int
    players: int
    labeled: int
    by_source: Mapping[str, int]
