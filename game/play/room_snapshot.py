"""The messages ``room`` and ``rival`` of the play protocol: a room as people see it, also in the JSON API."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from feedback.game_scores import GameScore
from feedback.records import Outcome
from game.play.room_storage import RoomNow
from game.rules.prompts import shuffle_prompts
from game.rules.room import Kind, Names, Room, State
from recognition.alphabets import get_characters


class RoomPlayer(msgspec.Struct, frozen=True, kw_only=True):
    """A player of a room.

    ``over`` says whether their game has ended, ``hidden`` whether the host hides the name that they chose.
    """

    seat: int
    name: str
    connected: bool
    score: int
    hits: int
    combo: int
    over: bool
    hidden: bool


class RoomSnapshot(msgspec.Struct, tag="room", frozen=True, kw_only=True):
    """A room as it stands, sent on each change.

    ``you`` is the seat of the client, ``host`` whether the client is the host, and ``next`` the code of the room
    of the rematch. During the countdown, ``starts_in_ms`` is the time until the first prompt, and ``target`` what
    it will ask for; otherwise they are null.
    """

    room: str
    kind: Kind
    state: State
    alphabet: str
    names: Names
    duration_ms: int
    starts_in_ms: int | None
    target: str | None
    remaining_ms: int
    locked: bool
    players: list[RoomPlayer]
    you: int | None
    host: bool
    next: str | None


class Rival(msgspec.Struct, tag="rival", frozen=True, kw_only=True, omit_defaults=True):
    """How a round of another player ended, and how they stand after it.

    ``strokes`` is their drawing, each stroke as flat points, with 64 points at most. In a duel all see it, in a
    class those who watch.
    """

    seat: int
    score: int
    hits: int
    combo: int
    outcome: Outcome
    target: str
    strokes: list[list[int]] | None = None


def make_snapshot(
    now: RoomNow, scores: Mapping[str, GameScore], *, you: int | None, is_host: bool
) -> RoomSnapshot:
    """Return a room as one person sees it.

    Args:
        now: the room.
        scores: of the players' games, by id; those without rounds may be left out.
        you: the number of the person's seat; None if they have none.
        is_host: whether the person is the host.
    """
    room, nothing = now.room, GameScore()
    state = room.get_state(now.now_ms)
    return RoomSnapshot(
        room=room.code,
        kind=room.kind,
        state=state,
        alphabet=room.alphabet,
        names=room.names,
        duration_ms=room.duration_ms,
        starts_in_ms=room.get_starts_in_ms(now.now_ms),
        target=find_first_target(room) if state == "countdown" else None,
        remaining_ms=room.get_remaining_ms(now.now_ms),
        locked=room.is_locked,
        players=[
            RoomPlayer(
                seat=seat.number,
                name=seat.name,
                connected=seat.number in now.connected,
                score=(score := scores.get(seat.game, nothing)).points,
                hits=score.hits,
                combo=score.combo,
                over=seat.is_over or state == "over",
                hidden=seat.is_hidden,
            )
            for seat in room.players
        ],
        you=you,
        host=is_host,
        next=room.next,
    )


def find_first_target(room: Room) -> str:
    """Return the first target of a room, which is the same for all."""
    return next(shuffle_prompts(get_characters(room.alphabet), room.seed))
