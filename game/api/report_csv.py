"""The report on a room as a table for spreadsheet programs: a row for each player and character."""

from __future__ import annotations

import codecs
import csv
import io
from typing import Final

from feedback.cells import guard_cell
from game.rules.class_report import ReportCharacter, ReportPlayer, RoomReport

COLUMNS: Final = (
    "seat", "player", "score", "character", "hits", "misses", "blank", "median_ms", "read_as",
)  # fmt: skip


def encode_report(report: RoomReport) -> bytes:
    """Return a report as CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel guesses wrong.

    A player without any rounds has one row.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for player in report.players:
        for character in sorted(player.characters, key=lambda character: character.target):
            writer.writerow([*_list_player_cells(player), *_list_character_cells(character)])
        if not player.characters:
            writer.writerow([*_list_player_cells(player), "", 0, 0, 0, "", ""])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _list_player_cells(player: ReportPlayer) -> list[object]:
    return [player.seat, guard_cell(player.name), player.score]


def _list_character_cells(character: ReportCharacter) -> list[object]:
    read_as = ", ".join(f"{label} ({count})" for label, count in character.read)
    return [
        character.target,
        character.hits,
        character.misses,
        character.blank,
        "" if character.median_ms is None else character.median_ms,
        read_as,
    ]
