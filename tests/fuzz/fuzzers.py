"""The fuzzers. Each makes one input from random numbers, and fails if it is neither taken nor refused properly."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from itertools import cycle
from random import Random
from typing import Any, Final, get_args

import numpy as np
from PIL import Image, features

from feedback.export import encode_csv_row, encode_ndjson, make_csv_header
from feedback.importing.errors import NotRounds, UnusableLine
from feedback.importing.rounds_file import read_rounds
from feedback.records import Round
from game.play.protocol import Join, Request, decode
from game.rules import tuning
from game.rules.challenge import Challenge
from game.rules.moves import Move, Refused
from game.rules.names import clean_name
from recognition import RecognitionError, Recognizer, read_image_size
from tests.feedback.rounds import a_pictured_round
from tests.fuzz.mutation import damage_bytes, damage_json, encode_json
from tests.recognition.page.heic import make_grid
from tests.recognition.page.paper import write_page
from tests.strokes import load_fixture

Fuzzer = Callable[[Random], None]

_CODES_OF_MOVES: Final = {"wrong_round", "time_up", "bad_stroke", "too_much_ink"}
_MESSAGES: Final[tuple[dict[str, Any], ...]] = (
    {"type": "join", "mode": "sprint", "alphabet": "digits", "name": "Ada"},
    {"type": "ink", "round": 1, "stroke": 0, "points": [0, 0, 0, 500, 500, 16, 1023, 1023, 16]},
    {"type": "ink", "round": 1, "stroke": 0, "points": [10, 900, 9], "up": True},
    {"type": "undo", "round": 1},
    {"type": "clear", "round": 1},
    {"type": "skip", "round": 1},
    {"type": "ping", "nonce": 7},
    {"type": "watch", "room": "CDFHJ", "host_token": "token"},
    {"type": "hide", "seat": 1, "on": True},
)
_QUICK_DRAW: Final = (
    b'{"word":"7","countrycode":"DE","timestamp":"2017-03-01 20:41:36.70725 UTC","recognized":true,'
    b'"key_id":"5891796615823360","drawing":[[[17,18,20],[255,200,150],[0,10,20]],[[1,2],[3,4],[5,6]]]}\n'
)


def fuzz_protocol(rng: Random) -> None:
    """Play a game with messages of which many are damaged: each is understood or refused with a reason."""
    challenge = Challenge(rng.choice(["sprint", "practice"]), "digits", cycle("31415926"))
    now = 0
    challenge.begin(now)
    for _ in range(rng.randint(1, 30)):
        now += rng.choice([0, 16, 100, 3_000])
        try:
            message = decode(_make_message(rng, challenge.rounds_begun))
            assert isinstance(message, get_args(Request))
            if isinstance(message, Join):
                assert clean_name(message.name, "player")
            elif isinstance(message, Move):
                challenge.move(message, now)
        except Refused as refused:
            assert refused.code
            assert str(refused).endswith(".")
        challenge.advance(now)
        if (request := challenge.request_guess()) is not None:
            challenge.take_guess(request, None)
        if challenge.settle(now) and not challenge.is_over:
            challenge.begin(now)
        if challenge.is_over:
            return
        if challenge.round:
            points = sum(len(stroke[0]) for stroke in challenge.round.drawing.to_drawing())
            assert points <= tuning.MAX_POINTS


def fuzz_pictures(rng: Random) -> None:
    """Read a damaged picture: it is read or refused with a reason."""
    files = _make_pictures()
    data = damage_bytes(rng, rng.choice(files), files)
    try:
        read_image_size(data)
        _load_recognizer().read_image(data, rng.choice(["any", "digits"]))
    except RecognitionError as error:
        assert error.code
        assert str(error).endswith(".")


def fuzz_json_lines(rng: Random) -> None:
    """Import damaged lines of ours or of Quick, Draw!."""
    lines = [json.loads(encode_ndjson(a_pictured_round())), json.loads(_QUICK_DRAW)]
    changed = [damage_json(rng, rng.choice(lines)) for _ in range(rng.randint(1, 4))]
    data = b"\n".join(encode_json(line).encode("utf-8", "surrogatepass") for line in changed)
    _import(damage_bytes(rng, data) if rng.random() < 0.5 else data)


def fuzz_csv(rng: Random) -> None:
    """Import a damaged table."""
    table = make_csv_header() + encode_csv_row(a_pictured_round()) * rng.randint(1, 3)
    for old, new in ((b",", b";"), (b",", b"\t"), (b"\r\n", b"\n"), (b'"', b"'")):
        if rng.random() < 0.1:
            table = table.replace(old, new)
    if rng.random() < 0.1:
        table = table.decode("utf-8-sig").encode(rng.choice(["utf-16", "utf-16-le", "cp1252"]), "replace")
    _import(damage_bytes(rng, table, (_QUICK_DRAW, table)))


def _import(data: bytes) -> None:
    try:
        for line in read_rounds(io.BufferedReader(io.BytesIO(data))):
            assert isinstance(line, Round | UnusableLine)
            if isinstance(line, Round):
                encode_ndjson(line)
                encode_csv_row(line)
    except NotRounds as error:
        assert str(error)


def _make_message(rng: Random, round_number: int) -> str | bytes:
    message = dict(rng.choice(_MESSAGES))
    if "round" in message:
        message["round"] = round_number
    if rng.random() < 0.5:
        return encode_json(message)
    text = encode_json(damage_json(rng, message))
    if rng.random() < 0.5:
        return text
    data = damage_bytes(rng, text.encode("utf-8", "surrogatepass"))
    return data if rng.random() < 0.1 else data.decode("utf-8", "replace")


@cache
def _load_recognizer() -> Recognizer:
    return Recognizer.load()


@cache
def _make_pictures() -> tuple[bytes, ...]:
    """Return a small picture of writing in each format and in most of their modes."""
    page = write_page(load_fixture(), "7a\nB", height=24).picture
    deep = Image.fromarray(np.asarray(page.convert("L"), dtype=np.uint16) * 257)
    kinds: list[tuple[Image.Image, str, dict[str, Any]]] = [
        (page, "PNG", {}),
        (page.convert("P"), "PNG", {"transparency": 0}),
        (page.convert("RGBA"), "PNG", {}),
        (page.convert("1"), "PNG", {}),
        (deep, "PNG", {}),
        (page.convert("RGB"), "JPEG", {"exif": _make_exif()}),
        (page.convert("L"), "JPEG", {"progressive": True}),
        (page.convert("CMYK"), "JPEG", {}),
        (page, "GIF", {"save_all": True, "append_images": [page.rotate(9)]}),
        (page.convert("RGB"), "WEBP", {"lossless": True}),
        (page.convert("RGB"), "WEBP", {"save_all": True, "append_images": [page.rotate(9)]}),
        (page, "BMP", {}),
        (page, "TIFF", {"compression": "tiff_lzw"}),
        (page.convert("1"), "TIFF", {"compression": "group4"}),
        (page.convert("F"), "TIFF", {}),
        (page.convert("RGB"), "TIFF", {"compression": "jpeg"}),
    ]
    if features.check("avif"):
        kinds += [(page.convert(mode), "AVIF", {"speed": 10}) for mode in ("L", "RGB", "RGBA")]
    files = [make_grid(2, 1), make_grid(1, 1, turn=1, mirror=0)]
    for picture, kind, options in kinds:
        buffer = io.BytesIO()
        picture.save(buffer, kind, **options)
        files.append(buffer.getvalue())
    return tuple(files)


def _make_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


FUZZERS: Final[dict[str, Fuzzer]] = {
    "protocol": fuzz_protocol,
    "pictures": fuzz_pictures,
    "ndjson": fuzz_json_lines,
    "csv": fuzz_csv,
}
