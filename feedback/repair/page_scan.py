"""Find rows in the pages of a database file without its tables' trees, for pages that nothing leads to any more.

The format is that of https://www.sqlite.org/fileformat2.html, sections 1.5 to 2.1. Only the file itself is read,
not its write-ahead log.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

Value = None | int | float | str | bytes

_LARGEST: Final = 64 * 1024 * 1024  # bytes of a row, far above every drawing and picture
_HEADER: Final = 100  # bytes, on the first page only
_USUAL_PAGE: Final = 4096
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_INTEGER_BYTES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_DAMAGE: Final = (ValueError, IndexError, struct.error)


def scan_table(path: Path, fewest: int, most: int) -> Iterator[tuple[int, list[Value]]]:
    """Yield the number and the values of each row, from the leaves of all tables that have a row number.

    Args:
        path: the file.
        fewest: how many values a row must have at least. Other rows are left out.
        most: how many it may have at most.
    """
    for page, _, cell in _find_cells(path, {_TABLE_LEAF}):
        try:
            size, position = _read_varint(page.content, cell)
            number, position = _read_varint(page.content, position)
            values = _parse_record(page.read_payload(position, size, page.usable - 35))
        except _DAMAGE:
            continue
        if fewest <= len(values) <= most:
            yield number, values


def scan_index(path: Path, columns: int) -> Iterator[list[Value]]:
    """Yield the values of each entry with so many ``columns``, of indexes and of tables without a row number."""
    for page, kind, cell in _find_cells(path, {_INDEX_LEAF, _INDEX_INTERIOR}):
        try:
            size, position = _read_varint(page.content, cell + (4 if kind == _INDEX_INTERIOR else 0))
            values = _parse_record(page.read_payload(position, size, (page.usable - 12) * 64 // 255 - 23))
        except _DAMAGE:
            continue
        if len(values) == columns:
            yield values


class _Page:
    def __init__(self, file: BinaryIO, content: bytes) -> None:
        self.content = content
        self.usable = len(content)
        self._file = file

    def read_payload(self, position: int, size: int, most_local: int) -> bytes:
        """Return the payload that begins at ``position``, with what lies on overflow pages."""
        if size <= most_local:
            payload = self.content[position : position + size]
        else:
            least_local = (self.usable - 12) * 32 // 255 - 23
            local = least_local + (size - least_local) % (self.usable - 4)
            local = local if local <= most_local else least_local
            payload = self.content[position : position + local]
            payload += self._read_overflow(position + local, size - local)
        if len(payload) != size:
            raise ValueError("the payload is cut off")
        return payload

    def _read_overflow(self, pointer: int, size: int) -> bytes:
        """Return ``size`` bytes from the chain of overflow pages that ``pointer`` leads to."""
        if size > _LARGEST:
            raise ValueError("no row is as large as that")
        (number,) = struct.unpack_from(">I", self.content, pointer)
        parts = []
        for start in range(0, size, self.usable - 4):
            self._file.seek(max(0, number - 1) * self.usable)
            overflow = self._file.read(self.usable)
            (number,) = struct.unpack_from(">I", overflow)
            parts.append(overflow[4 : 4 + size - start])
        return b"".join(parts)


def _find_cells(path: Path, kinds: set[int]) -> Iterator[tuple[_Page, int, int]]:
    """Yield each cell of the pages of these kinds: its page, the page's kind, and where it begins."""
    with path.open("rb") as file, path.open("rb") as overflow_file:
        size = _read_page_size(file.read(_HEADER))
        file.seek(0)
        number = 0
        while len(content := file.read(size)) == size:
            number += 1
            start = _HEADER if number == 1 else 0
            if content[start] not in kinds:
                continue
            page = _Page(overflow_file, content)
            pointers = start + (12 if content[start] == _INDEX_INTERIOR else 8)
            (cells,) = struct.unpack_from(">H", content, start + 3)
            for cell in range(min(cells, (size - pointers) // 2)):
                (position,) = struct.unpack_from(">H", content, pointers + 2 * cell)
                yield page, content[start], position


def _read_page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18], "big")
    return 65536 if size == 1 else size if size >= 512 and size.bit_count() == 1 else _USUAL_PAGE


def _parse_record(payload: bytes) -> list[Value]:
    header_end, position = _read_varint(payload, 0)
    kinds = []
    while position < header_end:
        kind, position = _read_varint(payload, position)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, position = _read_value(payload, position, kind)
        values.append(value)
    if position != len(payload) or header_end > len(payload):
        raise ValueError("the record does not fill its payload")
    return values


def _read_value(payload: bytes, position: int, kind: int) -> tuple[Value, int]:
    if kind in _INTEGER_BYTES:
        end = position + _INTEGER_BYTES[kind]
        return int.from_bytes(payload[position:end], "big", signed=True), end
    if kind == 7:
        (number,) = struct.unpack_from(">d", payload, position)
        return float(number), position + 8
    if kind in {0, 8, 9}:
        return (None, 0, 1)[max(0, kind - 7)], position
    if kind < 12:
        raise ValueError("there is no value of this kind")
    end = position + (kind - 12) // 2
    content = payload[position:end]
    return (content.decode() if kind % 2 else content), end


def _read_varint(content: bytes, position: int) -> tuple[int, int]:
    value = 0
    for _ in range(8):
        byte = content[position]
        position += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position
    return value << 8 | content[position], position + 1
