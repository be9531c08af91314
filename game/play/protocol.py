"""The play protocol: every message of both sides, one decoder and one encoder. Nothing else speaks the wire.

Messages are JSON text, one object each, with ``type`` first. Times are milliseconds. Points travel flat,
``[x, y, dt, x, y, dt, …]``: whole numbers on the 0-1023 square, and the milliseconds since the last point.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

from game.rules import tuning
from recognition.alphabets import ALPHABETS

VERSION: Final = 1

SPRINT: Final = "sprint"
PRACTICE: Final = "practice"
PLAYABLE_MODES: Final = (SPRINT, PRACTICE)
COMING_MODES: Final = ("daily", "duel")

# JSON has numbers of any length; these hold what a JavaScript number holds exactly.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Nonce = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


class ProtocolError(Exception):
    """A message that cannot be taken: a stable ``code`` for programs, and a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


# From the browser.


class Join(msgspec.Struct, tag="join", frozen=True):
    """Asks for a game, or with the token ``resume`` for the one that was interrupted."""

    mode: str = SPRINT
    alphabet: str = "any"
    name: str | None = None
    resume: str | None = None
    room: str | None = None


class Ink(msgspec.Struct, tag="ink", frozen=True):
    """More points of a stroke. A higher stroke number than the newest one starts a new stroke."""

    round: Count
    stroke: Count
    points: list[int]


class Undo(msgspec.Struct, tag="undo", frozen=True):
    """Takes the newest stroke back."""

    round: Count


class Clear(msgspec.Struct, tag="clear", frozen=True):
    """Takes all strokes back."""

    round: Count


class Skip(msgspec.Struct, tag="skip", frozen=True):
    """Gives the round up."""

    round: Count


class Ping(msgspec.Struct, tag="ping", frozen=True):
    """Shows a sign of life; ``nonce`` comes back in the pong."""

    nonce: Nonce = 0


Move = Ink | Undo | Clear | Skip
Incoming = Join | Move | Ping


# From the server.


class RunningRound(msgspec.Struct, frozen=True):
    """The round being played; ``strokes`` is the ink the server has of it, points of a stroke flat."""

    round: int
    target: str
    remaining_ms: int | None
    strokes: list[list[int]]


class FinishedRound(msgspec.Struct, frozen=True):
    """A round that is stored, under ``id``; ``label`` is what was seen in it, None if nothing was drawn."""

    round: int
    id: str
    target: str
    outcome: str
    label: str | None
    confidence: float | None
    points: int
    duration_ms: int


class Welcome(msgspec.Struct, tag="welcome", frozen=True, kw_only=True):
    """First answer to a join: the whole game as it stands. ``token`` resumes it, once."""

    protocol: int = VERSION
    game: str
    token: str
    mode: str
    alphabet: str
    duration_ms: int | None
    remaining_ms: int | None
    score: int
    combo: int
    best_combo: int
    hits: int
    prompt: RunningRound | None
    rounds: list[FinishedRound]
    model: str


class Prompt(msgspec.Struct, tag="prompt", frozen=True):
    """What to draw now."""

    round: int
    target: str
    remaining_ms: int | None


class Guess(msgspec.Struct, tag="guess", frozen=True):
    """What the model sees in the first ``seen`` points, best first. May be left out for a newer one.

    ``model`` is the version that looked: it may change while a game runs.
    """

    round: int
    seen: int
    candidates: list[tuple[str, float]]
    model: str


class Verdict(msgspec.Struct, tag="verdict", frozen=True, kw_only=True):
    """How a round ended. It is stored by now, under ``id``. ``model`` saw the ``label``, if anything was seen."""

    round: int
    id: str
    outcome: str
    target: str
    label: str | None
    confidence: float | None
    model: str | None
    points: int
    combo: int
    score: int
    bonus_ms: int
    remaining_ms: int | None
    duration_ms: int


class Over(msgspec.Struct, tag="over", frozen=True, kw_only=True):
    """The end of the game, with its place among everybody's best; ``accuracy`` is hits per round, 0..1."""

    game: str
    score: int
    hits: int
    rounds: list[FinishedRound]
    accuracy: float
    best_combo: int
    rank: int | None


class Pong(msgspec.Struct, tag="pong", frozen=True):
    """Answers a ping."""

    nonce: int


class Error(msgspec.Struct, tag="error", frozen=True):
    """Something was not taken; unless the connection is closed after it, the game goes on."""

    code: str
    message: str


Outgoing = Welcome | Prompt | Guess | Verdict | Over | Pong | Error


class Close:
    """Why the server closes a connection."""

    DONE: Final = 1000
    TOO_FAST: Final = 1008
    TOO_LARGE: Final = 1009
    FAILED: Final = 1011
    RESTARTING: Final = 1012
    TAKEN_OVER: Final = 4001
    BAD_MESSAGES: Final = 4002
    DELETED: Final = 4003
    SILENT: Final = 4008
    MAY_RECONNECT: Final = 4010


class _Head(msgspec.Struct):
    type: Any = None


_DECODER: Final = msgspec.json.Decoder(Incoming)
_HEAD_DECODER: Final = msgspec.json.Decoder(_Head)
_ENCODER: Final = msgspec.json.Encoder()
_TYPES: Final = ("join", "ink", "undo", "clear", "skip", "ping")


def decode(data: str | bytes) -> Incoming:
    """Return the message in one frame, checked as far as that needs no game.

    Raises:
        ProtocolError: if it is none; nothing else, whatever the frame holds. The code is ``too_large``,
            ``not_text``, ``bad_json``, ``unknown_type``, ``bad_message``, ``unknown_mode``,
            ``mode_unavailable``, ``unknown_alphabet``, ``bad_points``, ``off_square`` or ``bad_time``.
    """
    if is_too_large(data):
        raise ProtocolError("too_large", f"A message may have at most {tuning.MESSAGE_BYTES} bytes.")
    if isinstance(data, bytes):
        raise ProtocolError("not_text", "Messages must be JSON text, not binary.")
    try:
        message: Incoming = _DECODER.decode(data)
    except msgspec.ValidationError as error:
        raise _misfit(data, error) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise ProtocolError("bad_json", "The message is not valid JSON.") from None
    _check(message)
    return message


def encode(message: Outgoing) -> str:
    """Return the text of one frame."""
    return _ENCODER.encode(message).decode()


def is_too_large(data: str | bytes) -> bool:
    """Return whether a frame has more bytes than a message may have."""
    if len(data) > tuning.MESSAGE_BYTES:
        return True
    return isinstance(data, str) and len(data.encode("utf-8", "replace")) > tuning.MESSAGE_BYTES


def _misfit(data: str, error: msgspec.ValidationError) -> ProtocolError:
    """Say what is wrong with a message that is JSON but none of ours."""
    try:
        kind = _HEAD_DECODER.decode(data).type
    except (msgspec.DecodeError, RecursionError):
        return ProtocolError("bad_message", "A message must be a JSON object.")
    if not isinstance(kind, str):
        return ProtocolError("unknown_type", "A message must name its type first.")
    if kind not in _TYPES:
        return ProtocolError("unknown_type", f"There is no message of this type. Use {', '.join(_TYPES)}.")
    return ProtocolError("bad_message", f"This {kind} is not as the protocol has it: {error}.")


def _check(message: Incoming) -> None:
    if isinstance(message, Ink):
        _check_points(message.points)
    elif isinstance(message, Join):
        _check_join(message)


def _check_points(points: list[int]) -> None:
    if not points or len(points) % 3:
        raise ProtocolError("bad_points", "Points must come in threes: x, y and the time since the last point.")
    for coordinates in (points[::3], points[1::3]):
        if min(coordinates) < 0 or max(coordinates) > tuning.LAST_COORDINATE:
            raise ProtocolError("off_square", f"Coordinates must be from 0 to {tuning.LAST_COORDINATE}.")
    times = points[2::3]
    if min(times) < 0 or max(times) > tuning.LONGEST_PAUSE_MS:
        raise ProtocolError("bad_time", "The time since the last point must be from 0 ms to one day.")


def _check_join(join: Join) -> None:
    if join.mode in COMING_MODES:
        raise ProtocolError("mode_unavailable", f"The mode {join.mode} cannot be played yet. Try a sprint.")
    if join.mode not in PLAYABLE_MODES:
        raise ProtocolError("unknown_mode", f"There is no such mode. Use {' or '.join(PLAYABLE_MODES)}.")
    if join.alphabet not in ALPHABETS:
        raise ProtocolError("unknown_alphabet", f"There is no such alphabet. Use {', '.join(ALPHABETS)}.")
