from __future__ import annotations

import json

from game.web.source_maps import Line, make_source_map

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def decode(segment: str) -> list[int]:
    """Return the numbers of a segment, as ECMA-426 says."""
    numbers, value, shift = [], 0, 0
    for digit in map(DIGITS.index, segment):
        value |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            numbers.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return numbers


def test_a_source_map_leads_each_line_to_where_it_is_from() -> None:
    places = [("b.js", 0), ("b.js", 1), None, ("a.js", 700), ("b.js", 3), ("c.js", 100_000)]
    lines = [Line("x", *place) if place else Line("of ours") for place in places]
    source_map = json.loads(make_source_map(lines, {"a.js": "A", "b.js": "B", "c.js": "C", "unused.js": ""}))
    assert source_map["sourcesContent"] == ["B", "A", "C"]
    path = number = 0
    decoded: list[tuple[str, int] | None] = []
    for segment in source_map["mappings"].split(";"):
        if not segment:
            decoded.append(None)
            continue
        column, more_path, more_number, source_column = decode(segment)
        assert column == source_column == 0
        path, number = path + more_path, number + more_number
        decoded.append((source_map["sources"][path], number))
    assert decoded == places
