"""The bodies of requests and responses about a player's hand: what the recognizer remembers of their drawings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from feedback.records import Drawing
from feedback.remembering import Origin
from game.api.schemas import Label, RoundId

IsOn = Annotated[
    bool,
    Meta(
        description="Whether your hand is used and learned. While it is off, you are read like everybody else, "
        "and nothing is added. What was learned before stays until you forget it."
    ),
]


class HandDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """One of your drawings that the recognizer remembers."""

    round: RoundId
    at: Annotated[datetime, Meta(tz=True, description="When it was drawn, UTC.")]
    origin: Annotated[
        Origin,
        Meta(
            description="How its character is known: hit, you hit it in a game; label, you said what it is, or it "
            "was a hit only because of what you had said. In ranked games, hits alone count."
        ),
    ]
    drawing: Annotated[
        Drawing,
        Meta(description="[[x…], [y…]] for each stroke, in the square 0-1023, with fewer points than were drawn."),
    ]


class HandCharacter(msgspec.Struct, frozen=True, kw_only=True):
    """What the recognizer remembers of one of your characters."""

    character: Label
    known: Annotated[bool, Meta(description="Whether it has seen enough drawings to know this one.")]
    drawings: Annotated[list[HandDrawing], Meta(description="Newest first.")]


class MyHand(msgspec.Struct, frozen=True, kw_only=True):
    """What the recognizer remembers of your handwriting."""

    on: IsOn
    limit: Annotated[int, Meta(description="The most drawings of a character that are remembered.")]
    known_from: Annotated[int, Meta(description="From how many drawings on a character is known.")]
    waiting: Annotated[
        int,
        Meta(description="How many drawings do not count yet, because the model in service has not read them."),
    ]
    characters: Annotated[
        list[HandCharacter], Meta(description="Those with drawings: digits, then uppercase, then lowercase.")
    ]


class HandSwitch(msgspec.Struct, frozen=True):
    """Whether your hand is used and learned."""

    on: IsOn


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """How much was forgotten. The rounds themselves stay stored."""

    drawings: int
