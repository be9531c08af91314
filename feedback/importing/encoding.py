"""Open a text file in any encoding of a spreadsheet program as UTF-8 whose lines end with a line feed."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Any, Final

LONGEST_LINE: Final = 32 * 1024 * 1024
"""In bytes: a picture of 16 MiB as a data URI, and its round. A longer line is cut, and so cannot be used."""

_CHUNK: Final = 64 * 1024
_LINE_END: Final = re.compile("\r\n|\r(?=.)|\n")


def open_as_utf8(file: BufferedReader) -> BufferedReader:
    """Return the rest of ``file`` as UTF-8 without a byte order mark.

    Excel writes "Unicode text" in UTF-16, and on a Mac ends lines with a carriage return alone.
    """
    opening = file.peek()
    encoding = _detect_encoding(opening)
    end = _LINE_END.search(opening.decode(encoding, "ignore"))
    ends_with_return = end is not None and end[0] == "\r"
    if encoding == "utf-8-sig" and not ends_with_return:
        if opening.startswith(codecs.BOM_UTF8):
            file.read(len(codecs.BOM_UTF8))
        return file
    return BufferedReader(_Recoded(file, encoding, ends_with_return=ends_with_return), _CHUNK)


def read_lines(file: BufferedReader) -> Iterator[bytes]:
    """Yield the lines with their ends. A line longer than `LONGEST_LINE` is cut there."""
    while line := file.readline(LONGEST_LINE):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        yield line


def _detect_encoding(opening: bytes) -> str:
    if opening.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # The first character of a header or of JSON is ASCII, so one of its two bytes is zero in UTF-16.
    if opening[1:2] == b"\0":
        return "utf-16-le"
    if opening[:1] == b"\0":
        return "utf-16-be"
    return "utf-8-sig"


class _Recoded(io.RawIOBase):
    """A file that is decoded, and encoded as UTF-8, while it is read."""

    def __init__(self, file: BufferedReader, encoding: str, *, ends_with_return: bool) -> None:
        # Bytes that are not UTF-8 stay as they are, so that only their own line is refused.
        errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._file = file
        self._ends_with_return = ends_with_return
        self._waiting = b""
        self._at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._waiting and not self._at_end:
            chunk = self._file.read(_CHUNK)
            self._at_end = not chunk
            text = self._decoder.decode(chunk, final=self._at_end)
            if self._ends_with_return:
                text = text.replace("\r", "\n")
            self._waiting = text.encode("utf-8", "surrogateescape")
        with memoryview(buffer) as view:
            length = min(len(view), len(self._waiting))
            view[:length] = self._waiting[:length]
        self._waiting = self._waiting[length:]
        return length
