"""Read rounds from lines of the Quick, Draw! data set, raw or simplified, or of another set in its layout.

The layout: https://github.com/googlecreativelab/quickdraw-dataset#the-raw-moderated-dataset. In raw lines a stroke
is ``[[x…], [y…], [t_ms…]]`` in pixels of any screen; in simplified lines ``[[x…], [y…]]`` in the square 0-255.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from feedback.drawing import MAX_POINTS, MAX_STROKES, is_too_much, make_drawing, measure_duration_ms
from feedback.ids import derive_id
from feedback.records import LABELS, Round

PLAYER: Final = "quickdraw"
"""The player of these rounds: the data set does not tell people apart."""

MODEL: Final = "none"
"""The model of these rounds: no model has read them."""

_UNKNOWN_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _OurFields(msgspec.Struct):
    """Fields that every line of ours has and no line of Quick, Draw! has."""

    source: msgspec.Raw | UnsetType = UNSET
    alphabet: msgspec.Raw | UnsetType = UNSET
    model: msgspec.Raw | UnsetType = UNSET
    player: msgspec.Raw | UnsetType = UNSET


class _QuickDrawLine(msgspec.Struct):
    word: str | float | None = None
    drawing: list[list[list[float]]] | None = None
    timestamp: str | None = None
    key_id: str | int | float | None = None


_OURS: Final = msgspec.json.Decoder(_OurFields)
_DECODER: Final = msgspec.json.Decoder(_QuickDrawLine)


def is_quick_draw(line: bytes) -> bool:
    """Return whether a line of JSON has none of the fields that every line of ours has.

    Raises:
        msgspec.DecodeError: if it is not a JSON object.
    """
    fields = _OURS.decode(line)
    return all(value is UNSET for value in (fields.source, fields.alphabet, fields.model, fields.player))


def parse_quick_draw(line: bytes) -> Round:
    """Return the round of a line. The word is its label. Its id follows from the line, so it is always the same.

    Raises:
        msgspec.DecodeError: if a field is of another type.
        ValueError: if the word is not a character, or the drawing cannot be used; the message says why.
    """
    decoded = _DECODER.decode(line)
    label = _parse_word(decoded.word)
    strokes = _read_strokes(decoded.drawing)
    at = _parse_time(decoded.timestamp)
    drawing = make_drawing(strokes)
    return Round(
        id=derive_id(at, msgspec.json.encode(decoded)),
        at=at,
        player=PLAYER,
        source="draw",
        alphabet="any",
        model=MODEL,
        label=label,
        label_by="player",
        drawing=drawing,
        duration_ms=measure_duration_ms(drawing),
    )


def _parse_word(word: str | float | None) -> str:
    if word is None:
        raise ValueError(
            "it is neither a round (source, alphabet, model and player are missing) "
            "nor a line of Quick, Draw! (word is missing)"
        )
    # pandas writes 7.0 for the digit 7 in a column with empty cells.
    text = f"{word:g}" if isinstance(word, float) else str(word).strip()
    if len(text) != 1 or text not in LABELS:
        raise ValueError(f"the word {text[:40]!r} is not a character: only 0-9, A-Z and a-z can be imported")
    return text


def _read_strokes(drawing: list[list[list[float]]] | None) -> list[list[tuple[float, ...]]]:
    if drawing is None:
        raise ValueError("the drawing is missing")
    if any(len(stroke) not in (2, 3) for stroke in drawing):
        raise ValueError("in drawing a stroke is not [[x…], [y…]] or [[x…], [y…], [t…]]")
    if any(len(numbers) != len(stroke[0]) for stroke in drawing for numbers in stroke):
        raise ValueError("in drawing a stroke has different numbers of x, y and t")
    strokes: list[list[tuple[float, ...]]] = [list(zip(*stroke, strict=True)) for stroke in drawing]
    if not any(strokes):
        raise ValueError("the drawing is empty")
    if is_too_much(strokes):
        raise ValueError(f"in drawing there are more than {MAX_STROKES} strokes or {MAX_POINTS:,} points")
    return strokes


def _parse_time(timestamp: str | None) -> datetime:
    """Return the time of a text such as ``2017-03-01 20:41:36.70725 UTC``; without one, the beginning of 1970."""
    if timestamp is None:
        return _UNKNOWN_TIME
    try:
        time = datetime.fromisoformat(timestamp.strip().removesuffix("UTC").rstrip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("in timestamp expected a time such as 2017-03-01 20:41:36.70725 UTC") from error
