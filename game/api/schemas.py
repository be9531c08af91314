"""The bodies of the HTTP interface: what is taken, what is answered, and how both are described."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from game.typescript import declare_types
from game.web.errors import ErrorBody
from recognition.alphabets import ALPHABETS

Alphabet = Annotated[
    str,
    Meta(
        description="What it may be: digits, upper, lower, letters (upper and lower), or any of the 62.",
        extra_json_schema={"enum": list(ALPHABETS)},
    ),
]
Point = Annotated[
    list[float],
    Meta(min_length=2, max_length=3, description="x to the right, y downwards, in any unit; time in ms if known."),
]
Strokes = Annotated[
    list[list[Point]], Meta(description="At most 64 strokes and 4,096 points, in the order they were drawn.")
]
RoundId = Annotated[str, Meta(description="The id of the stored round, to say later what it really was.")]
Label = Annotated[str, Meta(description="One character: 0-9, A-Z or a-z.", examples=["7"])]
Confidence = Annotated[float, Meta(ge=0, le=1, description="Probability among the characters of the alphabet.")]
Seen = Annotated[str, Meta(description="What the model saw: a 28×28 PNG, dark on white, as a data URI.")]
Time = Annotated[datetime, Meta(tz=True, description="When the game began, UTC.")]
ModelVersion = Annotated[str, Meta(description="The version of the model that answered.")]


class Candidate(msgspec.Struct, frozen=True):
    """A character and how probable it is."""

    label: Label
    probability: Confidence


Candidates = Annotated[list[Candidate], Meta(description="Every character of the alphabet, best first.")]


class RecognizeRequest(msgspec.Struct, frozen=True):
    """A drawing to recognise."""

    strokes: Strokes
    alphabet: Alphabet = "any"
    store: Annotated[bool, Meta(description="Whether the round is kept for training.")] = True


class Recognized(msgspec.Struct, frozen=True, kw_only=True):
    """What a drawing was recognised as."""

    round: RoundId | None
    label: Label
    confidence: Confidence
    candidates: Candidates
    model: ModelVersion
    image: Seen


class ExplainRequest(msgspec.Struct, frozen=True):
    """A drawing whose reading is to be explained."""

    strokes: Strokes
    alphabet: Alphabet = "any"
    rival: Annotated[
        Label | None,
        Meta(
            description="What to weigh the best candidate against; by default the next that can be told from it."
        ),
    ] = None


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two characters that a drawing was weighed between."""

    label: Label
    probability: Confidence
    examples: Annotated[
        list[list[list[tuple[int, int]]]],
        Meta(description="Known drawings of it, the most alike first: strokes of [x, y] in the square 0-1023."),
    ]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """Why a drawing is read as it is."""

    best: Side
    rival: Side
    strokes: Annotated[
        list[list[tuple[float, float, float]]],
        Meta(
            description="The drawing in its own unit, some points added: [x, y, share]. The share is what the ink "
            "there did for the best candidate against the rival, from -1 to 1, 1 or -1 where it did most."
        ),
    ]
    model: ModelVersion


class UploadForm(msgspec.Struct, frozen=True):
    """A picture to read."""

    image: Annotated[
        str,
        Meta(
            description="A PNG, JPEG, WebP, GIF, BMP or TIFF of at most 16 MiB.",
            extra_json_schema={"format": "binary"},
        ),
    ]
    alphabet: Alphabet = "any"


class UploadCharacter(msgspec.Struct, frozen=True, kw_only=True):
    """A character found in a picture."""

    round: RoundId
    box: Annotated[tuple[int, int, int, int], Meta(description="x, y, width, height in pixels, upright.")]
    label: Label
    confidence: Confidence
    sure: Annotated[bool, Meta(description="Whether it looks like a character of the alphabet; brackets may not.")]
    candidates: Candidates
    image: Seen


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """What was read in a picture."""

    width: Annotated[int, Meta(description="Pixels, as the picture is held upright.")]
    height: int
    text: Annotated[str, Meta(description="The labels with spaces and line breaks; empty where there is no ink.")]
    characters: list[UploadCharacter]
    model: ModelVersion


class FeedbackRequest(msgspec.Struct, frozen=True):
    """What a round really was."""

    label: Label


class FeedbackTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What is now known of a round."""

    round: RoundId
    label: Label
    verdict: Annotated[Literal["confirmed", "corrected"], Meta(description="Whether the model had been right.")]


class MyRoundsQuery(msgspec.Struct, frozen=True):
    """In which form."""

    format: Annotated[
        Literal["ndjson", "csv"], Meta(description="Lines of JSON, or CSV for a spreadsheet program.")
    ] = "ndjson"


class DeletedMe(msgspec.Struct, frozen=True, kw_only=True):
    """How much was deleted."""

    rounds: int
    games: int


class LeaderboardQuery(msgspec.Struct, frozen=True):
    """Which leaderboard."""

    mode: Annotated[Literal["sprint", "daily"], Meta(description="The modes that are scored.")] = "sprint"
    alphabet: Alphabet = "any"
    period: Annotated[
        Literal["day", "week", "all"], Meta(description="This UTC day, this ISO week, or all time.")
    ] = "all"
    limit: Annotated[int, Meta(ge=1, le=100, description="How many entries.")] = 20


class LeaderboardEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A player's best game on a leaderboard."""

    rank: Annotated[int, Meta(ge=1)]
    player: Annotated[str, Meta(description="The name the player gave.")]
    score: int
    hits: int
    accuracy: Annotated[float, Meta(description="Hits by prompts, 0 to 1.")]
    best_combo: int
    at: Time
    game: Annotated[str, Meta(description="The game's id.")]


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True):
    """The best games, the best one of each player."""

    entries: list[LeaderboardEntry]
    you: Annotated[
        LeaderboardEntry | None, Meta(description="Your own entry, wherever it stands; null if you have none.")
    ]


class GameRound(msgspec.Struct, frozen=True, kw_only=True):
    """One prompt of a game and what was drawn for it."""

    round: Annotated[int, Meta(ge=1, description="Its number in the game.")]
    id: RoundId
    target: str | None
    outcome: Literal["hit", "skip", "timeout"] | None
    label: Annotated[str | None, Meta(description="What it was recognised as; null if nothing was drawn.")]
    confidence: Confidence | None
    points: int | None
    duration_ms: int | None
    drawing: Annotated[
        list[list[list[int]]], Meta(description="Per stroke [[x…], [y…], [t in ms…]], in the square 0-1023.")
    ]


class FinishedGame(msgspec.Struct, frozen=True, kw_only=True):
    """A finished game with its drawings."""

    game: str
    player: Annotated[str, Meta(description="The name the player gave.")]
    mode: str
    alphabet: Alphabet
    score: int
    hits: int
    prompts: int
    accuracy: float
    best_combo: int
    at: Time
    model: ModelVersion
    rounds: list[GameRound]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much has been played and collected."""

    rounds: int
    games: int
    players: int
    labelled: Annotated[int, Meta(description="Rounds of which a person said what they really were.")]
    mirrored: Annotated[
        int | None, Meta(description="Rounds that are in the Google Sheet; null where there is no Sheet.")
    ]


class ModelUse(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the model that came into use."""

    version: ModelVersion
    at: Annotated[datetime, Meta(tz=True, description="When, UTC.")]
    event: Annotated[Literal["promoted", "rolled back"], Meta(description="Whether it was new, or returned to.")]
    why: Annotated[str, Meta(description="What for or by what, in words; may be empty.")]
    report: Annotated[str | None, Meta(description="The address of the report on it, where there is one.")]


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """The current model, and what it may learn from next."""

    version: ModelVersion
    card: Annotated[dict[str, Any], Meta(description="What it was trained on, how, and how well it does.")]
    counts: Counts
    history: Annotated[list[ModelUse], Meta(description="What came into use, newest first, at most 50.")]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The server is alive."""

    status: Literal["ok"]
    model: ModelVersion


def declare_bodies() -> str:
    """Return every body that the client sends or reads as TypeScript."""
    bodies = (
        RecognizeRequest, Recognized, ExplainRequest, Explained, Uploaded, FeedbackRequest, FeedbackTaken,
        DeletedMe, Leaderboard, FinishedGame, ModelCard, ErrorBody,
    )  # fmt: skip
    return declare_types("python -m game.api.schemas --types", **{body.__name__: body for body in bodies})


if __name__ == "__main__":
    if sys.argv[1:] != ["--types"]:
        sys.exit("Use --types to print the bodies as TypeScript.")
    sys.stdout.write(declare_bodies())
