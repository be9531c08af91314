"""A round as a line of a file: the fields of the Quick, Draw! data set first, then ours."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final, Literal, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from feedback.data_uri import PNG_HEAD, PNG_URI_PREFIX, decode_png_uri, encode_png_uri
from feedback.drawing import LAST_COORDINATE, MAX_POINTS, MAX_STROKES
from feedback.records import Alphabet, Confirmation, LabeledBy, Outcome, Round, Source

_SIZE: Final = struct.Struct(">II")  # width and height, which follow `PNG_HEAD`
_SIDE: Final = 28  # pixels of the image that the model was shown

# Patterns do not end with "$", which would let a line break through; the length is limited instead.
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", max_length=36)]
Character = Annotated[str, Meta(pattern="^[0-9A-Za-z]", max_length=1)]
Words = Annotated[str, Meta(pattern="^[^\\x00]*$", min_length=1, max_length=200)]  # PostgreSQL stores no U+0000
Probability = Annotated[float, Meta(ge=0, le=1)]
Whole = Annotated[int, Meta(ge=0, le=2**53)]
Coordinate = Annotated[int, Meta(ge=0, le=LAST_COORDINATE)]
Stroke = tuple[list[Coordinate], list[Coordinate], list[Whole]]
Strokes = Annotated[list[Stroke], Meta(max_length=MAX_STROKES)]
Candidates = Annotated[list[tuple[Character, Probability]], Meta(max_length=62)]
Picture = Annotated[str, Meta(pattern=f"^{PNG_URI_PREFIX}")]
Mode = Literal["sprint", "daily", "practice", "duel", "extra", "keys"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A stored round.

    ``word`` and ``recognized`` follow from the other fields and are not read back. An uploaded character has a
    crop and no drawing.
    """

    media_types: ClassVar = ("application/x-ndjson", "text/csv")

    key_id: Annotated[Uuid, Meta(description="The id of the round, a UUID.")]
    word: Annotated[str | None, Meta(description="The target or, if there is none, the label.")] = None
    recognized: Annotated[bool | None, Meta(description="Whether the model agreed with `word`.")] = None
    timestamp: Annotated[datetime, Meta(tz=True, description="When the round ended, in UTC.")]
    drawing: Annotated[
        Strokes | None, Meta(description="Each stroke is [[x…], [y…], [t…]]: a square of 0 to 1023, and ms.")
    ] = None
    label: Annotated[Character | None, Meta(description="What it really is, if a person said so.")] = None
    label_by: Annotated[LabeledBy | UnsetType | None, Meta(description="Who gave the label.")] = UNSET
    verdict: Annotated[
        Confirmation | None, Meta(description="Whether the label confirms or corrects `predicted`.")
    ] = None
    predicted: Annotated[Character | None, Meta(description="What the model saw; null if nothing was drawn.")] = (
        None
    )
    confidence: Annotated[Probability | None, Meta(description="The probability of `predicted`, 0 to 1.")] = None
    top: Annotated[Candidates, Meta(description="The best candidates and their probabilities, best first.")] = []
    outcome: Annotated[Outcome | None, Meta(description="How a round of a game ended.")] = None
    target: Annotated[Character | UnsetType | None, Meta(description="The character asked for.")] = UNSET
    source: Annotated[
        Source, Meta(description="A game (challenge), drawn freely, cut from an upload, or generated (synthetic).")
    ]
    mode: Annotated[Mode | None, Meta(description="The mode of its game.")] = None
    alphabet: Annotated[Alphabet, Meta(description="The alphabet in play.")]
    game: Annotated[Uuid | None, Meta(description="The id of its game.")] = None
    number: Annotated[Whole | None, Meta(description="Its number in its game, from 1.")] = None
    points: Annotated[Whole | None, Meta(description="Its score.")] = None
    duration_ms: Annotated[
        Whole | None, Meta(description="The time from the prompt, or from the first point, to the end.")
    ] = None
    model: Annotated[Words, Meta(description="The version of the model that read it.")]
    player: Annotated[Words, Meta(description="The id of its player.")]
    flag: Annotated[Words | None, Meta(description="Why a moderator set it aside.")] = None
    crop: Annotated[Picture | None, Meta(description="The character cut from an upload, a PNG as a data URI.")] = (
        None
    )
    image: Annotated[Picture | None, Meta(description="What the model was shown, a PNG of 28×28 pixels.")] = None


_SAME_IN_BOTH: Final = frozenset(Line.__struct_fields__) & frozenset(Round.__struct_fields__) - {
    "drawing",
    "crop",
    "image",
}


def make_line(round_: Round) -> Line:
    """Return a round as a line, without checking it."""
    word = round_.target or round_.label
    fields: dict[str, Any] = {name: getattr(round_, name) for name in _SAME_IN_BOTH}
    return Line(
        key_id=round_.id,
        word=word,
        recognized=None if word is None else round_.outcome == "hit" or round_.predicted == word,
        timestamp=round_.at.astimezone(UTC),
        drawing=cast("Any", round_.drawing),  # lists of three, which are written as they are
        crop=_encode_png(round_.crop),
        image=_encode_png(round_.image),
        **fields,
    )


def parse_line(line: Line) -> Round:
    """Return the round of a decoded line. Decoding has checked each field by itself.

    Raises:
        ValueError: if fields do not fit each other; the message says which.
    """
    fields: dict[str, Any] = {name: getattr(line, name) for name in _SAME_IN_BOTH}
    if line.target is UNSET:  # the line was written before targets had a field
        fields["target"] = line.word if line.outcome else None
    if line.label_by is UNSET:
        fields["label_by"] = "player" if line.label else None
    strokes = line.drawing or []
    if any(not len(xs) == len(ys) == len(times) for xs, ys, times in strokes):
        raise ValueError("in drawing a stroke has different numbers of x, y and t")
    if sum(len(xs) for xs, _, _ in strokes) > MAX_POINTS:
        raise ValueError(f"in drawing there are more than {MAX_POINTS:,} points")
    try:
        at = line.timestamp.astimezone(UTC)
    except OverflowError:
        raise ValueError("in timestamp the time is outside the calendar") from None
    image = _decode_png("image", line.image)
    if image is not None and _SIZE.unpack_from(image, len(PNG_HEAD)) != (_SIDE, _SIDE):
        raise ValueError(f"in image the size is not {_SIDE}×{_SIDE} pixels")
    return Round(
        id=line.key_id,
        at=at,
        drawing=None if line.drawing is None else [list(stroke) for stroke in strokes],
        crop=_decode_png("crop", line.crop),
        image=image,
        **fields,
    )


def _encode_png(png: bytes | None) -> str | None:
    return None if png is None else encode_png_uri(png)


def _decode_png(name: str, uri: str | None) -> bytes | None:
    if uri is None:
        return None
    try:
        return decode_png_uri(uri)
    except ValueError as error:
        raise ValueError(f"in {name} {error}") from error
