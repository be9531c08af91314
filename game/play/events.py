"""What happens to a running game."""

from __future__ import annotations

from dataclasses import dataclass

from game.play.send_queue import SendQueue
from game.rules.moves import Move
from game.rules.open_round import GuessRequest
from recognition import Prediction


@dataclass(frozen=True, slots=True)
class ClientArrived:
    """A client connected; ``token`` will resume the game next time."""

    queue: SendQueue
    token: str


@dataclass(frozen=True, slots=True)
class ClientLeft:
    """A client is gone."""

    queue: SendQueue


@dataclass(frozen=True, slots=True)
class MoveReceived:
    """A client sent a move, which arrived at ``at_ms``."""

    queue: SendQueue
    move: Move
    at_ms: int


@dataclass(frozen=True, slots=True)
class FinishRequested:
    """A client wants its game to end now."""

    queue: SendQueue


@dataclass(frozen=True, slots=True)
class GuessFinished:
    """The model answered a request; None if it failed."""

    request: GuessRequest
    prediction: Prediction | None


@dataclass(frozen=True, slots=True)
class CheckRequested:
    """The store may have given the game to another process."""


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The game must be stored as it stands, and this session must end."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The next deadline came, and no event arrived before it."""


Event = (
    ClientArrived
    | ClientLeft
    | MoveReceived
    | FinishRequested
    | GuessFinished
    | CheckRequested
    | StopRequested
    | TimePassed
)
