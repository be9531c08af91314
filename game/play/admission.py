"""Who may play, and how what they do is counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

from game.rules.tuning import CallLimit


class Admission(NamedTuple):
    """A client that may play.

    Attributes:
        player: the player's id.
        headers: they accept the socket.
        count_ranked: counts a ranked game that begins, and returns whether it may be ranked.
        count_call: counts a call toward a limit, or raises `TooManyCalls`.
        count_room_try: counts what is done meanwhile as a try of a room's code, if there is no such room.
    """

    player: str
    headers: dict[str, str]
    count_ranked: Callable[[], Awaitable[bool]]
    count_call: Callable[[CallLimit], Awaitable[None]]
    count_room_try: Callable[[], AbstractContextManager[None]]
