"""Rounds read back from a file that `feedback.export` wrote, or that somebody has edited since."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BufferedReader
from typing import Any, Final, NamedTuple

import msgspec

from feedback.cells import unguard_cell
from feedback.export import COLUMNS, JSON_COLUMNS, MARK
from feedback.line import Line, parse_line
from feedback.records import Round

LONGEST_LINE: Final = 32 * 1024 * 1024
"""Bytes: a picture of 16 MiB as a data URI, and its round. What is longer is cut, and so cannot be used."""

_ROW_LINES: Final = 1000  # a row with more has lost a quote
_SEPARATORS: Final = ",;\t"  # the latter two are what spreadsheet programs write in some countries
_DECODER: Final = msgspec.json.Decoder(Line)
_OBJECT: Final = re.compile(rb"(?m)^\s*\{")
_WHERE: Final = re.compile(r" - at `\$\.?(.*)`$")
_NEEDED: Final = tuple(field.name for field in msgspec.structs.fields(Line) if field.required)
_EMPTY: Final[dict[str, list[Any]]] = {"top": []}  # what an empty cell stands for where it is not nothing
_WORDS: Final = {
    "^[0-9A-Za-z]'": "one of 0-9, A-Z and a-z",
    "^[0-9a-f]": "a UUID",
    "^data:": "a PNG as a data URI",
}


class NotRounds(Exception):
    """A file holds no rounds in a form that is known; the text says so to a person."""


class Unusable(NamedTuple):
    """What could not be used: the line where it begins, from 1, and why."""

    line: int
    why: str


def read_rounds(file: BufferedReader, told: Callable[[int], None] = lambda _: None) -> Iterator[Round | Unusable]:
    """Yield the rounds of a file, of either kind, and in their place what could not be used.

    One at a time: a file may be larger than the memory.

    Args:
        file: read from where it is to its end.
        told: is handed the length of each line in bytes once it was read.

    Raises:
        NotRounds: if it is a file of another kind.
    """
    opening = file.peek()
    lines = _lines(file, told)
    separator = _separator(opening)
    if separator:
        return _csv_rounds(lines, separator)
    if opening.strip() and not _OBJECT.search(opening.removeprefix(MARK)):
        raise NotRounds("there are no rounds in it: it is neither lines of JSON nor CSV with a column key_id")
    return _json_rounds(lines)


def _lines(file: BufferedReader, told: Callable[[int], None]) -> Iterator[bytes]:
    """Yield the lines, without a mark before the first."""
    is_first = True
    while line := file.readline(LONGEST_LINE):
        length = len(line)
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
            length += len(rest)
        yield line.removeprefix(MARK) if is_first else line
        is_first = False
        told(length)


def _separator(opening: bytes) -> str | None:
    """Return what stands between the cells, if this is the head of a CSV file."""
    head = re.split(rb"[\r\n]", opening.removeprefix(MARK))[0].decode(errors="replace")
    return next((mark for mark in _SEPARATORS if "key_id" in next(csv.reader([head], delimiter=mark), [])), None)


def _json_rounds(lines: Iterable[bytes]) -> Iterator[Round | Unusable]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _tried(number, partial(_DECODER.decode, line))


def _csv_rounds(lines: Iterable[bytes], separator: str) -> Iterator[Round | Unusable]:
    csv.field_size_limit(LONGEST_LINE)
    # What is no UTF-8 shows in its own row, and does not end the whole file.
    waiting = _Lines(line.decode(errors="surrogateescape") for line in lines)
    try:
        header = _cells(next(waiting.rows()), separator)
    except ValueError as error:
        raise NotRounds("its header is damaged") from error
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise NotRounds(f"columns are missing: {', '.join(missing)}")
    for row in waiting.rows():
        if any(text.strip() for text in row):
            number = waiting.number
            found = _tried(number, partial(_line, header, row, separator))
            if isinstance(found, Unusable):
                waiting.give_back(row[1:])
            yield found


class _Lines:
    """Lines taken together as rows; ``number`` is that of the first line of the last row.

    A row has more than one line where a cell has. Then quotes are odd in number until it ends. Of a row that is
    damaged all but the first line is given back, so that a stray quote takes no good row with it.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._given_back: deque[str] = deque()
        self.number = 0
        self._next = 1

    def rows(self) -> Iterator[list[str]]:
        while (line := self._take()) is not None:
            self.number = self._next
            row = [line]
            quotes = line.count('"')
            while quotes % 2 and len(row) < _ROW_LINES and (line := self._take()) is not None:
                row.append(line)
                quotes += line.count('"')
            self._next += len(row)
            yield row

    def give_back(self, lines: list[str]) -> None:
        self._next -= len(lines)
        self._given_back.extendleft(reversed(lines))

    def _take(self) -> str | None:
        return self._given_back.popleft() if self._given_back else next(self._lines, None)


def _cells(row: list[str], separator: str) -> list[str]:
    try:
        (cells,) = csv.reader(row, delimiter=separator, strict=True)
    except (csv.Error, ValueError) as error:
        raise ValueError("it is no row of CSV") from error
    return cells


def _line(header: list[str], row: list[str], separator: str) -> Line:
    cells = _cells(row, separator)
    if len(cells) != len(header):
        raise ValueError(f"it has {len(cells)} cells where the header has {len(header)}")
    fields: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=True):
        cell.encode()
        if name in COLUMNS:
            fields[name] = _value(name, unguard_cell(cell))
    return msgspec.convert(fields, Line, strict=False)


def _value(name: str, text: str) -> Any:
    if not text:
        return _EMPTY.get(name)
    return msgspec.json.decode(text) if name in JSON_COLUMNS else text


def _tried(number: int, decoded: Callable[[], Line]) -> Round | Unusable:
    try:
        return parse_line(decoded())
    except msgspec.ValidationError as error:
        return Unusable(number, _explained(error))
    except (msgspec.DecodeError, RecursionError):
        return Unusable(number, "it is not JSON")
    except UnicodeError:
        return Unusable(number, "it is not UTF-8")
    except ValueError as error:
        return Unusable(number, str(error))


def _explained(error: msgspec.ValidationError) -> str:
    """Return what does not fit and where: ``in label expected one of 0-9, A-Z and a-z``."""
    text = str(error)
    where = _WHERE.search(text)
    what = _WHERE.sub("", text)
    what = next((f"expected {word}" for pattern, word in _WORDS.items() if pattern in what), what)
    what = (what[:1].lower() + what[1:]).replace("`", "")
    return f"in {where[1]} {what}" if where and where[1] else what
