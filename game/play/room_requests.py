"""What a client of a room asks for, beside the moves of its game."""

from __future__ import annotations

from typing import Annotated

import msgspec

SeatNumber = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class Watch(msgspec.Struct, tag="watch", frozen=True):
    """Watch a room without a seat. Whoever shows the ``host_token`` of a class is its host."""

    room: str
    host_token: str | None = None


class Start(msgspec.Struct, tag="start", frozen=True):
    """Start the countdown. Only the host may."""


class Lock(msgspec.Struct, tag="lock", frozen=True):
    """Let nobody new take a seat, or let them again. Only the host may."""

    on: bool = True


class Remove(msgspec.Struct, tag="remove", frozen=True):
    """Put a player out of the room; they cannot come back. Only the host may."""

    seat: SeatNumber


class Hide(msgspec.Struct, tag="hide", frozen=True):
    """Show a generated name instead of the one that a player chose, or that one again. Only the host may."""

    seat: SeatNumber
    on: bool = True


class Rematch(msgspec.Struct, tag="rematch", frozen=True):
    """Make the next room, once this one is over. Everybody may; all are told its code."""


RoomRequest = Start | Lock | Remove | Hide | Rematch
"""What a client that is in a room may ask for."""
