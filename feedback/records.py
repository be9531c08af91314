"""What is kept: rounds, games, and the places on the boards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final, Literal

import msgspec

LABELS: Final = digits + ascii_uppercase + ascii_lowercase
"""What a drawing can be."""

SYNTHETIC: Final = "synthetic"
"""The player of rounds that nobody drew; no person has this id."""

RANKED_MODES: Final = frozenset({"sprint", "daily"})
"""Modes whose games have a place on the boards."""

Source = Literal["challenge", "draw", "upload", "synthetic"]
Outcome = Literal["hit", "skip", "timeout"]
Confirmation = Literal["confirmed", "corrected"]
LabelledBy = Literal["player", "curator"]
Period = Literal["day", "week", "all"]
Drawing = list[list[list[int]]]


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One drawing and what came of it.

    Attributes:
        id: UUIDv7.
        at: when it ended, UTC.
        player: the id of whoever drew it.
        source: where it was drawn.
        alphabet: the alphabet in play.
        predicted: what the model saw, if anything was drawn.
        confidence: how sure it was, 0..1.
        top: the five best candidates and their probabilities.
        model: the version of the model.
        game: the game's id, in a challenge.
        number: which round of its game, from 1.
        mode: the game's mode.
        target: what was asked for.
        outcome: how a challenge's round ended.
        verdict: what the person said of the prediction.
        label: what it really was, when a person said so.
        label_by: who said so; what a curator says in the Sheet goes before what the player says.
        duration_ms: from the prompt, or the first point, to the end.
        points: what it scored.
        drawing: the strokes as Quick, Draw! has them, ``[[x…], [y…], [t_ms…]]`` each.
        crop: the character cut from an uploaded picture, PNG.
        image: what the model was shown, 28×28 PNG.
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
    label_by: LabelledBy | None = None
    duration_ms: int | None = None
    points: int | None = None
    drawing: Drawing | None = None
    crop: bytes | None = None
    image: bytes | None = None
    flag: str | None = None


class Game(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge, running while ``finished_at`` is none. ``accuracy`` is hits of prompts, 0..1."""

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


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A place on a board: a player's best game there. ``player`` is the name that was shown."""

    rank: int
    player: str
    score: int
    hits: int
    accuracy: float
    best_combo: int
    at: datetime
    game: str


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept.

    Attributes:
        rounds: all of them.
        games: those that are finished.
        players: the people; whoever made synthetic rounds is none.
        labelled: rounds a person said the label of.
        by_source: rounds by where they were drawn.
    """

    rounds: int
    games: int
    players: int
    labelled: int
    by_source: Mapping[str, int]
