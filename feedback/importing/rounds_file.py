"""Rounds from a file of any known kind, one at a time: a file may be larger than the memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Final

from feedback.importing.csv_rows import find_table, read_csv
from feedback.importing.encoding import open_as_utf8, read_lines
from feedback.importing.errors import NotRounds, UnusableLine
from feedback.importing.json_lines import read_json_lines
from feedback.records import Round

_ZIP: Final = b"PK\x03\x04"
_OBJECT: Final = re.compile(r"(?m)^\s*\{")


def read_rounds(file: BufferedReader) -> Iterator[Round | UnusableLine]:
    """Yield the rounds of a file, and in their place what could not be used.

    The kind of file is told by its content: lines of JSON, or CSV. Both may have been written by
    `feedback.export`, edited since, or saved again by a spreadsheet program. Lines of JSON may be Quick, Draw!'s.

    Args:
        file: read from where it is to its end.

    Raises:
        NotRounds: if it is of another kind.
    """
    if file.peek().startswith(_ZIP):
        raise NotRounds("it is a workbook or an archive: save the table as CSV UTF-8")
    text = open_as_utf8(file)
    opening = text.peek().decode(errors="replace")
    if (table := find_table(opening)) is not None:
        return read_csv(read_lines(text), table)
    if opening.strip() and not _OBJECT.search(opening):
        raise NotRounds("there are no rounds in it: it is neither lines of JSON nor CSV with a column key_id")
    return read_json_lines(read_lines(text))
