"""The bodies of responses about a player: dailies, progress, drawings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from game.api.schemas import Alphabet, Confidence, Label, RoundId, Time


class StreakBody(msgspec.Struct, frozen=True, kw_only=True):
    """Days in a row with a daily. One missed day a week is forgiven."""

    days: Annotated[
        int, Meta(description="How many days with a daily it has. It ends when a day ends without one.")
    ]
    longest: int
    has_played_today: bool
    is_forgiving: Annotated[
        bool,
        Meta(description="Whether a missed day would be forgiven: today, or tomorrow if you have played today."),
    ]


class DailyTryBody(msgspec.Struct, frozen=True, kw_only=True):
    """A try at a daily."""

    alphabet: Alphabet
    game: Annotated[str, Meta(description="The id of the game.")]
    score: int
    is_finished: Annotated[bool, Meta(description="False while it is still running.")]


class MyDaily(msgspec.Struct, frozen=True, kw_only=True):
    """Today's dailies, and your streak."""

    day: Annotated[date, Meta(description="Today, UTC.")]
    ends_in_ms: Annotated[int, Meta(ge=0, description="The time until the next day.")]
    tries: Annotated[list[DailyTryBody], Meta(description="The dailies that you have begun today.")]
    streak: StreakBody


class FiguresBody(msgspec.Struct, frozen=True, kw_only=True):
    """How some rounds went. Rounds that the clock cut off do not count."""

    rounds: int
    hits: int
    accuracy: Annotated[float, Meta(description="Hits divided by rounds, 0 to 1.")]
    median_ms: Annotated[
        int | None,
        Meta(description="The time of the middle hit, in games with a clock if there are any. Null without hits."),
    ]


class MisreadAs(msgspec.Struct, frozen=True, kw_only=True):
    """What a character is most often taken for."""

    label: Label
    count: int


class CharacterProgressBody(msgspec.Struct, frozen=True, kw_only=True):
    """How one of your characters is read."""

    character: Label
    rounds: int
    hits: int
    accuracy: float
    median_ms: int | None
    ms_per_hit: Annotated[
        int, Meta(description="About how long a hit takes, misses included: the higher, the weaker.")
    ]
    misread_as: Annotated[MisreadAs | None, Meta(description="Null if the model has never taken it for another.")]
    trend: Annotated[
        list[FiguresBody],
        Meta(description="The figures over time, oldest first, in up to eight parts with as many rounds each."),
    ]


class DayProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How a day went."""

    day: Annotated[date, Meta(description="UTC.")]
    rounds: int
    hits: int
    accuracy: float
    median_ms: int | None


class MyGame(msgspec.Struct, frozen=True, kw_only=True):
    """One of your finished games."""

    game: Annotated[str, Meta(description="The id of the game.")]
    mode: str
    alphabet: Alphabet
    score: int
    hits: int
    prompts: int
    at: Time


class MyProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How you are doing. Characters and days are those of your newest 5,000 rounds."""

    rounds: Annotated[
        int,
        Meta(description="How many rounds you have, also those drawn or uploaded outside games; at most 5,000."),
    ]
    overall: FiguresBody
    characters: Annotated[
        list[CharacterProgressBody], Meta(description="Those that you were asked for, weakest first.")
    ]
    days: Annotated[list[DayProgress], Meta(description="The newest 60 days with rounds, oldest first.")]
    streak: StreakBody
    bests: Annotated[list[MyGame], Meta(description="Your best game of all time, by mode and alphabet.")]
    games: Annotated[list[MyGame], Meta(description="Your newest games, newest first, at most 20.")]


class MyDrawingsQuery(msgspec.Struct, frozen=True):
    """The drawings to get."""

    character: Label
    limit: Annotated[int, Meta(ge=1, le=24, description="The most drawings to return.")] = 12
    which: Annotated[
        Literal["misread", "understood"],
        Meta(description="Those that were taken for another character, or those that were hits."),
    ] = "misread"


class MyDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing of yours."""

    round: RoundId
    at: Annotated[datetime, Meta(tz=True, description="When it was drawn, UTC.")]
    label: Annotated[Label, Meta(description="What it was taken for.")]
    confidence: Confidence | None
    drawing: Annotated[
        list[list[list[int]]], Meta(description="[[x…], [y…], [t in ms…]] for each stroke, in the square 0-1023.")
    ]


class MyDrawings(msgspec.Struct, frozen=True, kw_only=True):
    """Your drawings of a character, newest first."""

    character: Label
    drawings: list[MyDrawing]


class ExamplesQuery(msgspec.Struct, frozen=True):
    """The examples to get."""

    character: Label
    count: Annotated[int, Meta(ge=1, le=12, description="The most drawings to return.")] = 4


class Examples(msgspec.Struct, frozen=True, kw_only=True):
    """How others write a character, the most usual way first."""

    character: Label
    drawings: Annotated[
        list[list[list[list[int]]]],
        Meta(
            description="Each drawing's strokes, in the order they were drawn: [[x…], [y…]], in the square 0-1023."
        ),
    ]


class LinkCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that makes another device yours. It works once."""

    code: Annotated[str, Meta(description="Twelve characters in groups of four.", examples=["CDFH-JKMN-PRTV"])]
    expires_at: Annotated[datetime, Meta(tz=True, description="When it stops working, UTC: after ten minutes.")]


class ClaimRequest(msgspec.Struct, frozen=True):
    """A code from another device."""

    code: Annotated[str, Meta(max_length=64, description="Case, spaces and hyphens do not matter.")]


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """Whose device this is now. The rounds are counted up to 5,000."""

    rounds: Annotated[int, Meta(description="How many rounds you have now: those of the other device.")]
    left_behind: Annotated[
        int,
        Meta(
            description="How many rounds this device had of its own. They stay stored, but they are not yours any "
            "more, and nothing can bring them back to you."
        ),
    ]
