"""Read rounds from lines of JSON, written by ``python -m feedback export`` or in the form of Quick, Draw!."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from feedback.importing.errors import UnusableLine, explain_mismatch
from feedback.importing.quick_draw import is_quick_draw, parse_quick_draw
from feedback.line import Line, parse_line
from feedback.records import Round

_DECODER: Final = msgspec.json.Decoder(Line)


def read_json_lines(lines: Iterable[bytes]) -> Iterator[Round | UnusableLine]:
    """Yield the round of each line, or why the line cannot be used. Blank lines are left out."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            # The comma is left where somebody took the lines out of an array.
            yield _parse_json_line(line.rstrip().removesuffix(b","))
        except msgspec.ValidationError as error:
            yield UnusableLine(number, explain_mismatch(error))
        except (msgspec.DecodeError, RecursionError):
            yield UnusableLine(number, "it is not JSON")
        except UnicodeError:
            yield UnusableLine(number, "it is not UTF-8")
        except ValueError as error:
            yield UnusableLine(number, str(error))


def _parse_json_line(line: bytes) -> Round:
    try:
        decoded = _DECODER.decode(line)
    except msgspec.ValidationError:
        if is_quick_draw(line):
            return parse_quick_draw(line)
        raise
    return parse_line(decoded)
