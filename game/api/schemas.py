"""The bodies of requests and responses of the JSON API, and how /openapi.json describes them."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from feedback.drawing import MAX_POINTS, MAX_STROKES
from game.typescript import declare_types
from game.web.errors import ErrorBody
from recognition.alphabets import ALPHABETS, CLASSES
from recognition.strokes import LARGEST_COORDINATE

Alphabet = Annotated[
    str,
    Meta(
        description="The characters in play: digits, upper, lower, letters (upper and lower), or any (all 62).",
        extra_json_schema={"enum": list(ALPHABETS)},
    ),
]
_COORDINATE: Final = {"type": "number", "minimum": -LARGEST_COORDINATE, "maximum": LARGEST_COORDINATE}
Point = Annotated[
    list[float],
    Meta(
        min_length=2,
        max_length=3,
        extra_json_schema={"prefixItems": [_COORDINATE, _COORDINATE]},
        description="x to the right and y downwards, in any unit, then the time in ms if it is known.",
    ),
]
# These limits are described here and checked elsewhere, where a refusal can say more.
Stroke = Annotated[
    list[Point],
    Meta(
        description="Points, all with a time or all without one.",
        extra_json_schema={
            "maxItems": MAX_POINTS,
            "anyOf": [{"items": {"maxItems": 2}}, {"items": {"minItems": 3}}],
        },
    ),
]
Strokes = Annotated[
    list[Stroke],
    Meta(
        description=f"At most {MAX_STROKES} strokes and {MAX_POINTS:,} points, in the order they were drawn. At "
        "least one stroke must have a point; strokes without points are ignored.",
        extra_json_schema={"minItems": 1, "maxItems": MAX_STROKES, "contains": {"type": "array", "minItems": 1}},
    ),
]
RoundId = Annotated[
    str, Meta(description="The id of the stored round. With it you can say later what the drawing really was.")
]
Label = Annotated[
    str,
    Meta(description="One character: 0-9, A-Z or a-z.", examples=["7"], extra_json_schema={"enum": list(CLASSES)}),
]
Confidence = Annotated[float, Meta(ge=0, le=1, description="Probability among the characters of the alphabet.")]
Seen = Annotated[str, Meta(description="The image that the model saw: a 28×28 PNG, dark on white, as a data URI.")]
Time = Annotated[datetime, Meta(tz=True, description="When the game started, UTC.")]
ModelVersion = Annotated[str, Meta(description="The version of the model.")]


class Candidate(msgspec.Struct, frozen=True):
    """A character and its probability."""

    label: Label
    probability: Confidence


Candidates = Annotated[list[Candidate], Meta(description="Every character of the alphabet, best first.")]


class RecognizeRequest(msgspec.Struct, frozen=True):
    """A drawing to recognize."""

    strokes: Strokes
    alphabet: Alphabet = "any"
    store: Annotated[bool, Meta(description="Whether to store the drawing as a round, for training.")] = True


class Recognized(msgspec.Struct, frozen=True, kw_only=True):
    """What a drawing was recognized as."""

    round: RoundId | None
    label: Label
    confidence: Confidence
    candidates: Candidates
    likely: Annotated[bool, Meta(description="Whether the best candidate is more than a vague idea.")]
    model: ModelVersion
    image: Seen


class ExplainRequest(msgspec.Struct, frozen=True):
    """A drawing whose recognition is to be explained."""

    strokes: Strokes
    alphabet: Alphabet = "any"
    rival: Annotated[
        Label | None,
        Meta(
            description="The character to compare the best candidate with. By default, the next best one that can "
            "be told apart from it."
        ),
    ] = None


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two characters that are compared."""

    label: Label
    probability: Confidence
    examples: Annotated[
        list[list[list[tuple[int, int]]]],
        Meta(
            description="Known drawings of this character, the most similar first: strokes of [x, y] in the "
            "square 0-1023."
        ),
    ]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """Why a drawing is recognized as it is."""

    best: Side
    rival: Side
    strokes: Annotated[
        list[list[tuple[float, float, float]]],
        Meta(
            description="The drawing in its own unit, with some points added: [x, y, share]. The share says how "
            "much the ink there speaks for the best candidate (up to 1) or for the rival (down to -1)."
        ),
    ]
    model: ModelVersion


PICTURE_NAME: Final = "^[0-9A-Za-z_-]{1,64}$"
MOST_ATTEMPTS: Final = 1_000_000
MOST_MARKS: Final = 10_000


class UploadForm(msgspec.Struct, frozen=True):
    """A picture to read."""

    image: Annotated[
        str,
        Meta(
            description="A PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC or AVIF of at most 16 MB.",
            extra_json_schema={"format": "binary"},
        ),
    ]
    alphabet: Alphabet = "any"
    preview: Annotated[
        bool,
        Meta(description="Whether the response should contain the picture, for browsers that cannot show it."),
    ] = False
    turn: Annotated[
        Annotated[int, Meta(ge=0, le=3)] | None,
        Meta(
            description="By how many quarters to turn the picture clockwise before it is read. By default this is "
            "found out.",
        ),
    ] = None
    single: Annotated[
        bool,
        Meta(
            description="Whether the picture is a single character, such as a sign cut from another picture. Then "
            "all its ink is read as one character. It is not turned."
        ),
    ] = False
    picture: Annotated[
        Annotated[str, Meta(pattern=PICTURE_NAME)] | None,
        Meta(
            description="A name for the picture, such as a UUID. If you send a picture again under the same name "
            "within a week, because you turn it or the response was lost, its rounds replace those of before."
        ),
    ] = None
    attempt: Annotated[
        int,
        Meta(
            ge=1,
            le=MOST_ATTEMPTS,
            description="How often the named picture was sent, this time included. Once a later attempt is "
            "stored, an earlier one stores no rounds.",
        ),
    ] = 1
    mark: Annotated[
        int,
        Meta(
            ge=0,
            le=MOST_MARKS,
            description="For a `single` character that was cut from the named picture: its number there, from 1. "
            "Its `attempt` is that of the picture.",
        ),
    ] = 0


_Box = Annotated[
    tuple[int, int, int, int],
    Meta(description="x, y, width and height in pixels, in the upright picture before it was turned."),
]


_Point = Annotated[tuple[int, int], Meta(description="x and y in pixels.")]


class UploadCharacter(msgspec.Struct, frozen=True, kw_only=True):
    """A character found in a picture."""

    round: Annotated[
        str | None,
        Meta(
            description="The id of the stored round. With it you can say later what it really was. Null if "
            "today's limit of stored drawings is reached, or the picture was sent again meanwhile."
        ),
    ]
    box: _Box
    label: Label
    confidence: Confidence
    sure: Annotated[
        bool,
        Meta(description="Whether it looks like a character of the alphabet. A bracket, for example, does not."),
    ]
    candidates: Candidates
    image: Seen


class UploadSign(msgspec.Struct, frozen=True, kw_only=True):
    """A mark in a picture that is no letter or digit, such as a bracket. It is not stored."""

    box: _Box
    label: Annotated[Label, Meta(description="What it would be read as.")]
    confidence: Confidence
    candidates: Annotated[list[Candidate], Meta(description="What it might be after all: the best five.")]
    image: Seen


class Uploaded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The characters found in a picture."""

    width: Annotated[int, Meta(description="Pixels, with the picture upright, before it was turned.")]
    height: int
    text: Annotated[str, Meta(description="The labels, with spaces and line breaks. Empty if there is no ink.")]
    characters: list[UploadCharacter]
    model: ModelVersion
    preview: Annotated[
        str | None,
        Meta(description="If it was asked for: the picture, upright and in gray, as the data URI of a JPEG."),
    ] = None
    signs: Annotated[
        list[UploadSign], Meta(description="Marks that are no letter or digit. Left out if there are none.")
    ] = []
    turn: Annotated[
        int,
        Meta(
            ge=0,
            le=3,
            description="By how many quarters the picture was turned clockwise to read it. Left out if "
            "it was not.",
        ),
    ] = 0
    frames: Annotated[
        int, Meta(ge=1, description="How many pages the file has, if there are more than the one that was read.")
    ] = 1
    page: Annotated[
        tuple[_Point, _Point, _Point, _Point] | None,
        Meta(
            description="The corners of the page that was read, clockwise from its top left one, in the upright "
            "picture before it was turned. Left out if the page is almost all of the picture."
        ),
    ] = None


class AttemptQuery(msgspec.Struct, frozen=True):
    """Which reading of a picture to stop."""

    attempt: Annotated[int, Meta(ge=1, le=MOST_ATTEMPTS, description="Its `attempt`, as it was sent.")]


class StoppedUpload(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that is not read any more."""

    picture: Annotated[str, Meta(description="Its name.")]


class FeedbackRequest(msgspec.Struct, frozen=True):
    """What a drawing really was."""

    label: Label


class FeedbackTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The label that the round has now."""

    round: RoundId
    label: Label
    verdict: Annotated[Literal["confirmed", "corrected"], Meta(description="Whether the model was right.")]
    remembered: Annotated[
        bool, Meta(description="Whether the drawing helps to read you from now on, until you forget it.")
    ]


class DeletedRound(msgspec.Struct, frozen=True, kw_only=True):
    """The round that was deleted."""

    round: RoundId


class MyRoundsQuery(msgspec.Struct, frozen=True):
    """The file format."""

    format: Annotated[
        Literal["ndjson", "csv"],
        Meta(description="ndjson has one JSON object a line; csv is for spreadsheet programs."),
    ] = "ndjson"


class DeletedMe(msgspec.Struct, frozen=True, kw_only=True):
    """How much was deleted."""

    rounds: int
    games: int


class LeaderboardQuery(msgspec.Struct, frozen=True):
    """The leaderboard to get."""

    mode: Annotated[
        Literal["sprint", "daily", "extra", "keys"], Meta(description="A mode with a leaderboard.")
    ] = "sprint"
    alphabet: Alphabet = "any"
    period: Annotated[
        Literal["day", "week", "all"],
        Meta(description="The current day (UTC), the current ISO week, or all time."),
    ] = "all"
    limit: Annotated[int, Meta(ge=1, le=100, description="The most entries to return.")] = 20


class LeaderboardEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A player's best game on a leaderboard."""

    rank: Annotated[int, Meta(ge=1)]
    player: Annotated[str, Meta(description="The name the player chose, or a generated one.")]
    score: int
    hits: int
    accuracy: Annotated[float, Meta(description="Hits divided by prompts, 0 to 1.")]
    best_combo: int
    at: Time
    game: Annotated[str, Meta(description="The id of the game.")]


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True):
    """The best game of each player, best first."""

    entries: list[LeaderboardEntry]
    you: Annotated[
        LeaderboardEntry | None,
        Meta(description="Your own entry, even if it is below the limit. Null if you have none."),
    ]


class GameQuery(msgspec.Struct, frozen=True):
    """What to leave out of a game."""

    drawings: Annotated[bool, Meta(description="False leaves every `drawing` empty: most of a game's size.")] = (
        True
    )


class GameRound(msgspec.Struct, frozen=True, kw_only=True):
    """One prompt of a game and what was drawn for it."""

    round: Annotated[int, Meta(ge=1, description="Its number in the game, from 1.")]
    id: RoundId
    target: str | None
    outcome: Literal["hit", "skip", "timeout"] | None
    label: Annotated[str | None, Meta(description="What it was recognized as. Null if nothing was drawn.")]
    confidence: Confidence | None
    points: int | None
    duration_ms: int | None
    drawing: Annotated[
        list[list[list[int]]], Meta(description="[[x…], [y…], [t in ms…]] for each stroke, in the square 0-1023.")
    ]


class FinishedGame(msgspec.Struct, frozen=True, kw_only=True):
    """A finished game with its drawings."""

    game: str
    player: Annotated[str, Meta(description="The name the player chose, or a generated one.")]
    has_own_name: Annotated[
        bool, Meta(description="Whether the player chose it. Names from a room stay in the room.")
    ]
    mode: str
    alphabet: Alphabet
    score: int
    hits: int
    prompts: int
    accuracy: float
    best_combo: int
    at: Time
    model: ModelVersion
    unranked: Annotated[
        str | None,
        Meta(description="Why it is on no leaderboard although its mode has one: the end of a sentence."),
    ]
    unranked_code: Annotated[str | None, Meta(description="The same, as a code for programs.")]
    card: Annotated[
        str | None,
        Meta(
            description="How it went, as a text to share: a title, then a sign for each round. It names no "
            "character. Null for a game without a clock."
        ),
    ]
    withheld: Annotated[
        Literal["hidden", "daily"] | None,
        Meta(
            description="Why you get no rounds: a moderator has hidden the game, or it is a daily of today and "
            "you have not finished yours."
        ),
    ]
    rounds: list[GameRound]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much has been played."""

    rounds: int
    games: int
    players: int
    labelled: Annotated[int, Meta(description="Rounds with a label from a person.")]
    mirrored: Annotated[
        int | None, Meta(description="Rounds that are in the Google Sheet. Null if there is no Sheet.")
    ]


class ModelUse(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the model that was put into service."""

    version: ModelVersion
    at: Annotated[datetime, Meta(tz=True, description="When, UTC.")]
    event: Annotated[
        Literal["promoted", "rolled back"], Meta(description="Whether it was promoted, or restored by a rollback.")
    ]
    why: Annotated[str, Meta(description="The reason, in words. May be empty.")]
    report: Annotated[str | None, Meta(description="The address of the report on it, if there is one.")]


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """The model in service, the models before it, and how much has been played."""

    version: ModelVersion
    card: Annotated[dict[str, Any], Meta(description="What the model was trained on, how, and how well it reads.")]
    counts: Counts
    history: Annotated[
        list[ModelUse], Meta(description="The versions that were put into service, newest first, at most 50.")
    ]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the server works."""

    status: Annotated[Literal["ok", "failing"], Meta(description="Whether all of it works.")]
    store: Annotated[str, Meta(description="ok, or in a few words why nothing can be stored now.")]
    model: ModelVersion


class Alive(msgspec.Struct, frozen=True, kw_only=True):
    """The process is alive."""

    status: Literal["ok"]


def declare_bodies() -> str:
    """Return every body that the client sends or reads as TypeScript. Rooms are in the protocol."""
    from game.api import my_schemas as mine  # noqa: PLC0415 (these need the types of this module)
    from game.api.hand_schemas import Forgotten, HandSwitch, MyHand  # noqa: PLC0415
    from game.api.room_schemas import NewRoom, OpenedRoom, RoomDrawings  # noqa: PLC0415
    from game.rules.class_report import RoomReport  # noqa: PLC0415

    bodies = (
        RecognizeRequest, Recognized, ExplainRequest, Explained, Uploaded, FeedbackRequest, FeedbackTaken,
        DeletedRound, DeletedMe, mine.MyDaily, mine.MyProgress, mine.MyDrawings, mine.Examples, mine.LinkCode,
        mine.Claimed, MyHand, HandSwitch, Forgotten,
        Leaderboard, FinishedGame, NewRoom, OpenedRoom, RoomDrawings, RoomReport, ModelCard,
        ErrorBody,
    )  # fmt: skip
    return declare_types("python -m game.api.schemas --types", **{body.__name__: body for body in bodies})


if __name__ == "__main__":
    if sys.argv[1:] != ["--types"]:
        sys.exit("Use --types to print the bodies as TypeScript.")
    sys.stdout.write(declare_bodies())
