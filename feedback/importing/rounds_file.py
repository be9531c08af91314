"""Read rounds from a file of any known kind, one at a time: a file may be larger than the memory."""

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
    """Yield the round of each line, or why the line cannot be used.

    The content tells the kind of file: lines of JSON, ours or Quick, Draw!'s, or CSV. People may have edited it,
    and spreadsheet programs may have saved it again.

    Args:
        file: read from its current position to its end.

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
