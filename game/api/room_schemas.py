"""The bodies and queries of the calls about rooms, except the room itself and its report."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from feedback.records import Drawing, Outcome
from game.api.schemas import Alphabet
from game.rules import tuning
from game.rules.room import Names

RoomCode = Annotated[str, Meta(description="The code of the room, five characters.")]


class NewRoom(msgspec.Struct, frozen=True):
    """A room to open."""

    alphabet: Alphabet = "any"
    duration_s: Annotated[
        float,
        Meta(
            ge=tuning.SHORTEST_ROOM_MS / 1_000,
            le=tuning.LONGEST_ROOM_MS / 1_000,
            description="How long the game runs, in seconds.",
        ),
    ] = tuning.DURATION_MS / 1_000
    names: Annotated[Names, Meta(description="Whether players get a generated name, or may choose their own.")] = (
        "generated"
    )


class OpenedRoom(msgspec.Struct, frozen=True, kw_only=True):
    """A new room."""

    room: RoomCode
    host_token: Annotated[str, Meta(description="Shows who the host is. Whoever has it can do what the host can.")]


class HostQuery(msgspec.Struct, frozen=True):
    """Who asks."""

    host_token: Annotated[str | None, Meta(description="The host token, if it is not in the header.")] = None


class ReportQuery(HostQuery, frozen=True):
    """Who asks, and for which format."""

    format: Annotated[Literal["json", "csv"], Meta(description="csv is for spreadsheet programs.")] = "json"


class RoomDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing of a round."""

    seat: Annotated[int, Meta(description="Whose it is.")]
    round: int
    target: str
    outcome: Outcome
    points: int
    drawing: Annotated[
        Drawing,
        Meta(description="[[x…], [y…]] for each stroke, in the square 0-1023, with fewer points than were drawn."),
    ]


class RoomDrawings(msgspec.Struct, frozen=True, kw_only=True):
    """The best drawings of each player of a room, those with the most points first."""

    room: RoomCode
    drawings: list[RoomDrawing]


class DeletedRoom(msgspec.Struct, frozen=True, kw_only=True):
    """The room is deleted."""

    room: RoomCode
