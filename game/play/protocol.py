"""The play protocol: every message of both sides, one decoder and one encoder. No other module knows the format.

Messages are JSON text, one object each, with ``type`` first. Times are milliseconds. Points travel flat,
``[x, y, dt, x, y, dt, …]``: whole numbers on the 0-1023 square, and the milliseconds since the previous point.

``python -m game.play.protocol --types`` prints the messages as TypeScript, for ``client/types/protocol.d.ts``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any, Final, get_args

import msgspec

from feedback.records import Outcome
from game.play.room_requests import RoomRequest, Watch
from game.play.room_snapshot import Rival, RoomSnapshot
from game.rules import tuning
from game.rules.modes import PLAYABLE_MODES, PRACTICE, SPRINT
from game.rules.moves import AddPoints, ClearDrawing, Move, Refused, SkipRound, UndoStroke
from game.typescript import declare_types
from recognition.alphabets import ALPHABETS, CLASSES, find_smallest_alphabet

VERSION: Final = 1

# JSON numbers may have any length; these are limited to what a JavaScript number holds exactly.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Nonce = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


# From the browser.


class Join(msgspec.Struct, tag="join", frozen=True):
    """Start a game, or resume an interrupted game with the token ``resume``.

    Without a ``name``, the player gets a generated one, which stays the same as long as their cookie. In practice,
    ``characters`` asks for these only; the alphabet is then the smallest one that has them all.
    With ``countdown``, the first prompt is shown at once, and the clock starts 3 seconds later.
    With ``room``, take a seat there, or come back to it; mode and alphabet are then the room's. A duel without
    ``room`` makes one.
    """

    mode: str = SPRINT
    alphabet: str = "any"
    name: str | None = None
    resume: str | None = None
    room: str | None = None
    characters: str | None = None
    countdown: bool = False


class Ink(msgspec.Struct, tag="ink", frozen=True):
    """Send more points of a stroke. A stroke number higher than the newest one starts a new stroke.

    ``up`` says that the pen was lifted after these points. A client that has sent all points already may send it
    with no points, for the newest stroke.
    """

    round: Count
    stroke: Count
    points: list[int]
    up: bool = False


class Undo(msgspec.Struct, tag="undo", frozen=True):
    """Take the newest stroke back."""

    round: Count


class Clear(msgspec.Struct, tag="clear", frozen=True):
    """Take all strokes back."""

    round: Count


class Skip(msgspec.Struct, tag="skip", frozen=True):
    """Give the round up."""

    round: Count


class Finish(msgspec.Struct, tag="finish", frozen=True):
    """End the game now. The open round is dropped, and the game counts as it stands.

    A game that waits in a room for its start is left as it is.
    """


class Ping(msgspec.Struct, tag="ping", frozen=True):
    """Show that the client is still there; ``nonce`` comes back in the pong."""

    nonce: Nonce = 0


FromBrowser = Join | Ink | Undo | Clear | Skip | Finish | Ping | Watch | RoomRequest
Request = Join | Move | Finish | Ping | Watch | RoomRequest
"""What a message from the browser asks for: moves are the rules' own."""

# From the server.


class RunningRound(msgspec.Struct, frozen=True):
    """The round being played; ``strokes`` is its drawing so far, each stroke as flat points."""

    round: int
    target: str
    remaining_ms: int | None
    strokes: list[list[int]]


class FinishedRound(msgspec.Struct, frozen=True):
    """A round that is stored, under ``id``; ``label`` is what the model saw, null if nothing was drawn."""

    round: int
    id: str
    target: str
    outcome: Outcome
    label: str | None
    confidence: float | None
    points: int
    duration_ms: int


class Welcome(msgspec.Struct, tag="welcome", frozen=True, kw_only=True):
    """The first answer to a join: the whole game as it stands. ``token`` resumes it, once.

    ``starts_in_ms`` is how long the countdown still runs, in which moves are refused; null without one. In a room,
    there is no ``prompt`` before the start. Whoever comes too late to play gets no ``seat``, and an empty ``game``
    and ``token``.
    """

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
    starts_in_ms: int | None = None
    room: str | None = None
    seat: int | None = None


class Prompt(msgspec.Struct, tag="prompt", frozen=True):
    """What to draw now."""

    round: int
    target: str
    remaining_ms: int | None


class Guess(msgspec.Struct, tag="guess", frozen=True):
    """What the model sees in the first ``seen`` points, best first. It may be dropped in favor of a newer guess.

    ``likely`` is whether the best candidate is worth telling: pages say "No idea yet" if it is not. ``model`` is
    the version that made it: the model may change while a game runs.
    """

    round: int
    seen: int
    candidates: list[tuple[str, float]]
    model: str
    likely: bool = True


class Verdict(msgspec.Struct, tag="verdict", frozen=True, kw_only=True):
    """How a round ended. It is already stored, under ``id``. ``model`` is the version that read ``label``.

    ``known`` is true if the player's hand has just come to know ``target``; else it is left out.
    """

    round: int
    id: str
    outcome: Outcome
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
    known: bool | msgspec.UnsetType = msgspec.UNSET


class Over(msgspec.Struct, tag="over", frozen=True, kw_only=True):
    """The end of the game, with its rank among every player's best game; ``accuracy`` is hits per round, 0..1.

    The rank of a daily is that of its day. ``rank`` is null for a game that is on no leaderboard. ``unranked``
    says why a game of a ranked mode is not, as the end of a sentence for people: it has less than five hits, for
    example. ``unranked_code`` is the same for programs.
    """

    game: str
    score: int
    hits: int
    rounds: list[FinishedRound]
    accuracy: float
    best_combo: int
    rank: int | None
    unranked: str | None = None
    unranked_code: str | None = None


class Pong(msgspec.Struct, tag="pong", frozen=True):
    """The answer to a ping."""

    nonce: int


class Error(msgspec.Struct, tag="error", frozen=True, omit_defaults=True):
    """Something was refused. The game goes on, unless the connection is closed after this.

    ``game`` comes with ``already_played``: the daily that was begun before. It may still be running.
    """

    code: str
    message: str
    game: str | None = None


FromServer = Welcome | Prompt | Guess | Verdict | Over | RoomSnapshot | Rival | Pong | Error


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
    REMOVED: Final = 4004
    SILENT: Final = 4008
    MAY_RECONNECT: Final = 4010


class _Head(msgspec.Struct):
    type: Any = None


_DECODER: Final = msgspec.json.Decoder(FromBrowser)
_HEAD_DECODER: Final = msgspec.json.Decoder(_Head)
_RIVAL_DECODER: Final = msgspec.json.Decoder(Rival)
_ENCODER: Final = msgspec.json.Encoder()
_TYPES: Final = tuple(str(kind.__struct_config__.tag) for kind in get_args(FromBrowser))


def decode(data: str | bytes) -> Request:
    """Return what the message in one frame asks for, after every check that needs no game.

    Raises:
        Refused: if it is not a valid message. No other error is raised. The code is ``too_large``,
            ``not_text``, ``bad_json``, ``unknown_type``, ``bad_message``, ``unknown_mode``,
            ``unknown_alphabet``, ``bad_characters``, ``bad_points``, ``off_square`` or ``bad_time``.
    """
    if is_too_large(data):
        raise Refused("too_large", f"A message may have at most {tuning.MESSAGE_BYTES} bytes.")
    if isinstance(data, bytes):
        raise Refused("not_text", "Messages must be JSON text, not binary.")
    try:
        message: FromBrowser = _DECODER.decode(data)
    except msgspec.ValidationError as error:
        raise _explain_misfit(data, error) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("bad_json", "The message is not valid JSON.") from None
    match message:
        case Ink():
            if message.points or not message.up:
                _check_points(message.points)
            return AddPoints(message.round, message.stroke, message.points, message.up)
        case Undo():
            return UndoStroke(message.round)
        case Clear():
            return ClearDrawing(message.round)
        case Skip():
            return SkipRound(message.round)
        case Join():
            return _prepare_join(message)
    return message


def encode(message: FromServer) -> bytes:
    """Return the text of one frame, in UTF-8."""
    return _ENCODER.encode(message)


def decode_rival(data: str) -> Rival:
    """Return the news of a rival that another server has encoded.

    Raises:
        msgspec.DecodeError: if it is something else.
    """
    return _RIVAL_DECODER.decode(data)


def encode_snapshot(snapshot: RoomSnapshot) -> Callable[[int | None, bool], bytes]:
    """Return a function that encodes a snapshot for a client, given its seat and whether it is the host.

    Everything else is the same for all clients of a room, and is encoded once.
    """
    text = _ENCODER.encode(msgspec.structs.replace(snapshot, you=None, host=False))
    # Quotes within texts are escaped, so this is found nowhere else.
    head, _, tail = text.partition(b'"you":null,"host":false')

    def encode_for(you: int | None, is_host: bool) -> bytes:
        return b'%s"you":%s,"host":%s%s' % (head, _ENCODER.encode(you), _ENCODER.encode(is_host), tail)

    return encode_for


def is_too_large(data: str | bytes) -> bool:
    """Return whether a frame has more bytes than a message may have."""
    if len(data) > tuning.MESSAGE_BYTES:
        return True
    return isinstance(data, str) and len(data.encode("utf-8", "replace")) > tuning.MESSAGE_BYTES


def _explain_misfit(data: str, error: msgspec.ValidationError) -> Refused:
    """Return the refusal of JSON that is not one of our messages."""
    try:
        kind = _HEAD_DECODER.decode(data).type
    except (msgspec.DecodeError, RecursionError):
        return Refused("bad_message", "A message must be a JSON object.")
    if not isinstance(kind, str):
        return Refused("unknown_type", "A message must have a type, which is text.")
    if kind not in _TYPES:
        return Refused("unknown_type", f"There is no message of this type. Use {', '.join(_TYPES)}.")
    return Refused("bad_message", f"This {kind} message does not fit the protocol: {error}.")


def _check_points(points: list[int]) -> None:
    if not points or len(points) % 3:
        raise Refused("bad_points", "Points must come in threes: x, y and the time since the previous point.")
    for coordinates in (points[::3], points[1::3]):
        if min(coordinates) < 0 or max(coordinates) > tuning.LAST_COORDINATE:
            raise Refused("off_square", f"Coordinates must be from 0 to {tuning.LAST_COORDINATE}.")
    times = points[2::3]
    if min(times) < 0 or max(times) > tuning.LONGEST_PAUSE_MS:
        raise Refused("bad_time", "The time since the previous point must be from 0 ms to one day.")


def _prepare_join(join: Join) -> Join:
    """Return a join whose characters are all different, and whose alphabet has them.

    Raises:
        Refused: if there is no such game.
    """
    if join.room is not None:
        return join  # the room decides
    if join.mode not in PLAYABLE_MODES:
        raise Refused("unknown_mode", f"There is no such mode. Use {', '.join(PLAYABLE_MODES)}.")
    if join.alphabet not in ALPHABETS:
        raise Refused("unknown_alphabet", f"There is no such alphabet. Use {', '.join(ALPHABETS)}.")
    if join.characters is None:
        return join
    if join.mode != PRACTICE:
        raise Refused("bad_characters", "Characters can be chosen for practice only.")
    if not join.characters or not set(join.characters) <= set(CLASSES):
        raise Refused(
            "bad_characters", "Choose at least one character, and only digits and letters: 0-9, A-Z, a-z."
        )
    characters = "".join(dict.fromkeys(join.characters))
    return msgspec.structs.replace(join, characters=characters, alphabet=find_smallest_alphabet(characters))


def declare_messages() -> str:
    """Return every message as TypeScript."""
    command = "python -m game.play.protocol --types"
    return declare_types(command, FromBrowser=FromBrowser, FromServer=FromServer)


if __name__ == "__main__":
    if sys.argv[1:] != ["--types"]:
        sys.exit("Use --types to print the messages as TypeScript.")
    sys.stdout.write(declare_messages())
