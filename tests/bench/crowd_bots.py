"""Bots that cost little: hundreds of them share one event loop and speak to the server over bare sockets.

They are open loop. A bot sends its ink when a hand would, however slow the server is, and an answer's time counts
from when its ink was due, not from when it could be sent. Only for a prompt does a bot wait, as a person must.
"""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
import secrets
from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

import msgspec
from PIL import Image, ImageDraw

from recognition.alphabets import ALPHABETS
from tests.bench.hand import InkBatch, pace_drawing, place_randomly
from tests.serving import HOST
from tests.strokes import SQUARE, Samples

ALPHABETS_PLAYED: Final = ("digits", "upper", "lower", "letters", "any")
"""In turn, one bot after the other."""
REACTION_SECONDS: Final = (0.2, 0.4)
"""Shortest and longest time from a prompt to the first touch of the pen."""
PATIENCE_SECONDS: Final = 0.8
"""How long a finished drawing waits to be recognized before it is skipped."""
REST_SECONDS: Final = 0.25
"""How long the pen must rest before the server accepts what it is less sure of (`REST_MS` in docs/playing.md)."""
PAUSE_SECONDS: Final = 1.0
"""Between the end of a game and the next one."""
BOTS_PER_ADDRESS: Final = 200
"""The server limits the sockets of one address, and every address of 127.0.0.0/8 is this machine's own."""

_LATE_INK: Final = ("wrong_round", "time_up", "game_over")
"""Why ink is refused that was on its way when its round or its game ended. Nothing else may be refused."""
_VARIANTS: Final = 12  # drawings of each character: they are prepared once, and the bots share them
_SWITCHING: Final = b" 101 "
_FINAL_TEXT: Final = 0x81
_MASKED: Final = 0x80
_LONG_LENGTH: Final = 126


@dataclass(slots=True)
class Counts:
    """What happened since the last measurement. Times are in seconds.

    Attributes:
        guess: from the ink that completed a drawing to the guess that has seen it. That ink is the last of a
            drawing, or the one that made an early hit.
        verdict: from that ink to the verdict, less the rest that the rules ask for; of a skip, from the skip.
        late: how late each ink message was sent, because the bots themselves were too slow.
        ink: ink messages sent.
        rounds: verdicts received, or drawings that a server of the other kind answered.
        troubles: what should not happen, and how often.
    """

    guess: list[float] = field(default_factory=list)
    verdict: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    ink: int = 0
    rounds: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class PreparedDrawing:
    """A drawing at the pace of a hand.

    Attributes:
        batches: its ink messages.
        seen: after each of them, how many points have been sent.
    """

    batches: list[InkBatch]
    seen: list[int]


def prepare_drawings(samples: Samples, rng: Random) -> dict[str, list[PreparedDrawing]]:
    """Return some drawings of each character."""
    prepared = {}
    for label in ALPHABETS["any"]:
        of_label = samples.get(label)
        chosen = rng.sample(of_label, min(_VARIANTS, len(of_label)))
        paced = [pace_drawing(place_randomly(sample, rng), rng) for sample in chosen]
        prepared[label] = [
            PreparedDrawing(batches, list(itertools.accumulate(len(batch.points) // 3 for batch in batches)))
            for batches in paced
        ]
    return prepared


class Bot(asyncio.Protocol):
    """One player. It connects again and again until it is told to leave."""

    def __init__(self, number: int, port: int, drawings: dict[str, list[PreparedDrawing]], counts: Counts) -> None:
        self.counts = counts
        self._port = port
        self._drawings = drawings
        self._rng = Random(number)  # noqa: S311 - no secrets here
        self._loop = asyncio.get_running_loop()
        self._address = f"127.0.0.{2 + number // BOTS_PER_ADDRESS}"
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._received = b""
        self._is_leaving = False
        self.alphabet = ALPHABETS_PLAYED[number % len(ALPHABETS_PLAYED)]

    def begin(self, delay: float) -> None:
        """Connect after ``delay`` seconds."""
        self.wait(self._loop.time() + delay, self._connect)

    def leave(self) -> None:
        """Disconnect for good."""
        self._is_leaving = True
        self.stop_waiting()
        if self._transport:
            self._transport.close()

    def wait(self, at: float, then: object, *arguments: object) -> None:
        """Do one thing at a time of the loop's clock. A bot waits for one thing only."""
        self.stop_waiting()
        self._waiting = self._loop.call_at(at, then, *arguments)  # type: ignore[arg-type]

    def hang_up(self) -> None:
        """Close the connection. The bot comes back after a pause."""
        if self._transport:
            self._transport.close()

    def stop_waiting(self) -> None:
        """Do not do what the bot waits for."""
        if self._waiting:
            self._waiting.cancel()

    def send(self, data: bytes) -> None:
        """Send bytes, if there is a connection."""
        if self._transport:
            self._transport.write(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""
        self.greet()

    def connection_lost(self, _error: Exception | None) -> None:
        """Come back after a pause."""
        self._transport = None
        self.stop_waiting()
        if not self._is_leaving:
            self.begin(PAUSE_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; `take` leaves what is not complete."""
        self._received = self.take(self._received + data)

    def _connect(self) -> None:
        self._connecting = self._loop.create_task(self._open())

    async def _open(self) -> None:
        try:
            await self._loop.create_connection(lambda: self, HOST, self._port, local_addr=(self._address, 0))
        except OSError as error:
            self.counts.troubles[type(error).__name__] += 1
            self.begin(PAUSE_SECONDS)

    @abstractmethod
    def greet(self) -> None:
        """Send the first bytes of a connection."""

    @abstractmethod
    def take(self, data: bytes) -> bytes:
        """Take every complete message, and return the rest."""

    def choose_drawing(self, target: str) -> PreparedDrawing:
        """Return a drawing of a character."""
        return self._rng.choice(self._drawings[target])

    def choose_touch(self, prompted_at: float) -> float:
        """Return when the pen touches the paper after a prompt."""
        return prompted_at + self._rng.uniform(*REACTION_SECONDS)


class PlayBot(Bot):
    """Plays sprints over the play socket."""

    def __init__(self, number: int, port: int, drawings: dict[str, list[PreparedDrawing]], counts: Counts) -> None:
        super().__init__(number, port, drawings, counts)
        self.cookie = ""  # sent with the next connection, so that it is the same player's
        self._is_open = False
        self._round = 0
        self._drawing = PreparedDrawing([], [])
        self._due: list[float] = []  # when each ink message was due
        self._seen = 0  # how many of them the newest guess has seen
        self._guess_seconds = 0.0  # how long that guess took
        self._skipped_at: float | None = None

    def greet(self) -> None:
        """Ask for the play socket."""
        self._is_open = False
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        self.send(
            f"GET /play/v1 HTTP/1.1\r\nHost: {HOST}:{self._port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"{cookie}Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def take(self, data: bytes) -> bytes:
        """Take every complete frame; those of a server are not masked."""
        if not self._is_open:
            head, is_complete, rest = data.partition(b"\r\n\r\n")
            if not is_complete:
                return data
            self._is_open = _SWITCHING in head.partition(b"\r\n")[0]
            if not self._is_open:
                self._note_trouble(head.partition(b"\r\n")[0].decode("latin1"))
                return b""
            self.take_head(head)
            self.send(encode_frame(self.make_request()))
            data = rest
        while len(data) >= 2:
            length, start = data[1], 2
            if length == _LONG_LENGTH:
                length, start = int.from_bytes(data[2:4], "big"), 4
            elif length > _LONG_LENGTH:
                length, start = int.from_bytes(data[2:10], "big"), 10
            if len(data) < start + length:
                break
            payload, kind, data = data[start : start + length], data[0], data[start + length :]
            if kind == _FINAL_TEXT:
                self.take_payload(payload)
            else:
                self._note_trouble(f"closed with {int.from_bytes(payload[:2], 'big')}")
        return data

    def take_head(self, head: bytes) -> None:
        """Take the answer that opens the socket."""

    def make_request(self) -> dict[str, object]:
        """Return the first message."""
        return {"type": "join", "mode": "sprint", "alphabet": self.alphabet, "name": "Bot"}

    def take_payload(self, payload: bytes) -> None:
        """Take a message of the server."""
        self._take_message(_DECODER.decode(payload))

    def _note_trouble(self, trouble: str) -> None:
        self.counts.troubles[trouble] += 1
        self.hang_up()

    def _take_message(self, message: _Message) -> None:
        now = self._loop.time()
        if message.type == "guess":
            self._take_guess(message, now)
        elif message.type == "verdict":
            self._take_verdict(message, now)
        elif message.type == "prompt":
            self._round = message.round
            self._drawing = self.choose_drawing(message.target)
            self._due, self._seen, self._skipped_at = [], 0, None
            touched_at = self.choose_touch(now)
            self.wait(touched_at + self._drawing.batches[0].at, self._send_batch, touched_at)
        elif message.type == "over" and self._transport:
            self._transport.close()
        elif message.type == "error" and message.code not in _LATE_INK:
            self.counts.troubles[message.code] += 1

    def _take_guess(self, guess: _Message, now: float) -> None:
        if guess.round == self._round and guess.seen in self._drawing.seen:
            self._seen = self._drawing.seen.index(guess.seen) + 1
            self._guess_seconds = now - self._due[self._seen - 1]

    def _take_verdict(self, verdict: _Message, now: float) -> None:
        self.stop_waiting()
        self.counts.rounds += 1
        if verdict.outcome == "timeout" or not self._due:
            return
        if self._seen:
            self.counts.guess.append(self._guess_seconds)
        if verdict.outcome == "skip":
            if self._skipped_at is not None:
                self.counts.verdict.append(now - self._skipped_at)
            return
        seconds = now - self._due[(self._seen or len(self._due)) - 1]
        self.counts.verdict.append(seconds - REST_SECONDS if seconds >= REST_SECONDS else seconds)

    def _send_batch(self, touched_at: float) -> None:
        batches = self._drawing.batches
        batch = batches[len(self._due)]
        self._due.append(touched_at + batch.at)
        ink = {"type": "ink", "round": self._round, "stroke": batch.stroke, "points": batch.points}
        self.send(encode_frame({**ink, "up": batch.up}))
        self.counts.ink += 1
        self.counts.late.append(self._loop.time() - self._due[-1])
        if len(self._due) < len(batches):
            self.wait(touched_at + batches[len(self._due)].at, self._send_batch, touched_at)
        else:
            self.wait(self._due[-1] + PATIENCE_SECONDS, self._skip)

    def _skip(self) -> None:
        self._skipped_at = self._loop.time()
        self.send(encode_frame({"type": "skip", "round": self._round}))


class PostBot(Bot):
    """Draws at the same pace, and posts each finished drawing as a picture to the Keras server."""

    def __init__(self, number: int, port: int, drawings: dict[str, list[PreparedDrawing]], counts: Counts) -> None:
        super().__init__(number, port, drawings, counts)
        self._posted_at = 0.0

    def greet(self) -> None:
        """Draw, and post the drawing when it is finished. The server closes each connection after its answer."""
        drawing = self.choose_drawing(self._rng.choice(ALPHABETS[self.alphabet]))
        self.wait(self.choose_touch(self._loop.time()) + drawing.batches[-1].at, self._post, draw_picture(drawing))

    def connection_lost(self, _error: Exception | None) -> None:
        """Draw the next one."""
        self._transport = None
        self.stop_waiting()
        if not self._is_leaving:
            self.begin(0)

    def take(self, data: bytes) -> bytes:
        """Take the whole answer."""
        head, is_complete, body = data.partition(b"\r\n\r\n")
        if not is_complete or not body.endswith(b"}\n"):
            return data
        if b" 200 " in head.partition(b"\r\n")[0]:
            self.counts.rounds += 1
            self.counts.guess.append(self._loop.time() - self._posted_at)
        else:
            self.counts.troubles[head.partition(b"\r\n")[0].decode("latin1")] += 1
        return b""

    def _post(self, picture: bytes) -> None:
        assert self._waiting is not None
        self._posted_at = self._waiting.when()
        self.send(
            b"POST /recognize HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(picture)}\r\n\r\n".encode()
            + picture
        )


class _Message(msgspec.Struct):
    """What the bots need of any message from the server, today's or an older one's."""

    type: str
    round: int = 0
    seen: int = 0
    target: str = ""
    outcome: str = ""
    code: str = ""


_DECODER: Final = msgspec.json.Decoder(_Message)
_ENCODER: Final = msgspec.json.Encoder()


def encode_frame(message: dict[str, object]) -> bytes:
    """Return a masked text frame."""
    payload = _ENCODER.encode(message)
    length = len(payload)
    mask = secrets.token_bytes(4)
    repeated = (mask * (length // 4 + 1))[:length]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(length, "big")
    if length < _LONG_LENGTH:
        return bytes((_FINAL_TEXT, _MASKED | length)) + mask + masked
    return bytes((_FINAL_TEXT, _MASKED | _LONG_LENGTH)) + length.to_bytes(2, "big") + mask + masked


def draw_picture(drawing: PreparedDrawing) -> bytes:
    """Return the body of a post: the drawing as a PNG of 280×280 pixels, as a page's canvas gives it."""
    side = 280
    picture = Image.new("L", (side, side))
    pen = ImageDraw.Draw(picture)
    for _, batches in itertools.groupby(drawing.batches, key=lambda batch: batch.stroke):
        points = [value for batch in batches for value in batch.points]
        pen.line(_scale_points(points, side / SQUARE), fill=255, width=20, joint="curve")
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return json.dumps({"image": base64.b64encode(file.getvalue()).decode()}).encode()


def _scale_points(points: Sequence[int], factor: float) -> list[tuple[float, float]]:
    scaled = [(factor * x, factor * y) for x, y in zip(points[::3], points[1::3], strict=True)]
    return scaled if len(scaled) > 1 else scaled * 2
