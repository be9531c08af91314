"""A round as cells of a row: which columns there are, what each holds, and where a header says they are."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from PIL import Image

from feedback.data_uri import encode_png_uri
from feedback.database_rows import format_time
from feedback.records import LABELS, Drawing, Round
from feedback.sheet.tuning import BATCH_BYTES, MOST_CELL_CHARACTERS

Cell = str | int | float
"""What a cell holds. An empty one is ``""``."""

_DECIMALS: Final = 4  # of a probability: few enough to come back from the Sheet unchanged

_CELLS: Final[dict[str, Callable[[Round], Cell | None]]] = {
    "round_id": lambda round_: round_.id,
    "label": lambda round_: round_.label,
    "time": lambda round_: format_time(round_.at),
    "source": lambda round_: round_.source,
    "mode": lambda round_: round_.mode,
    "alphabet": lambda round_: round_.alphabet,
    "target": lambda round_: round_.target,
    "predicted": lambda round_: round_.predicted,
    "confidence": lambda round_: None if round_.confidence is None else round(round_.confidence, _DECIMALS),
    "top5": lambda round_: _to_json([(label, round(share, _DECIMALS)) for label, share in round_.top]),
    "outcome": lambda round_: round_.outcome,
    "verdict": lambda round_: round_.verdict,
    "duration_ms": lambda round_: round_.duration_ms,
    "points": lambda round_: round_.points,
    "player": lambda round_: round_.player,
    "game": lambda round_: round_.game,
    "number": lambda round_: round_.number,
    "model": lambda round_: round_.model,
    "flag": lambda round_: round_.flag,
    "note": lambda round_: "; ".join(_describe_losses(round_)),
    "drawing": lambda round_: _fit_drawing(round_)[0],
    "crop": lambda round_: _fit_picture(round_.crop),
    "image": lambda round_: _fit_picture(round_.image),
}

COLUMNS: Final = tuple(_CELLS)
"""The header as we write it. ``round_id`` comes first."""

WIDTH: Final = len(COLUMNS)
ID_COLUMN: Final = "round_id"
LABEL_COLUMN: Final = "label"
PEOPLES_COLUMNS: Final = frozenset({LABEL_COLUMN})
"""Columns that belong to people once they are written."""


def make_cells(round_: Round) -> list[Cell]:
    """Return a round's cells in the order of `COLUMNS`. Each fits into the Sheet, whatever was drawn.

    If a drawing is too long for a cell, every second point of each stroke is dropped, repeatedly, but never the
    last. If a picture is too large, its size is halved until it fits. The column ``note`` says so.
    """
    return [_fit_cell(make_cell(round_)) for make_cell in _CELLS.values()]


def make_batch(rounds: Sequence[Round]) -> list[list[Cell]]:
    """Return the cells of the first rounds, as many as fit into one request but at least one."""
    batch: list[list[Cell]] = []
    size = 0
    for round_ in rounds:
        cells = make_cells(round_)
        size += len(json.dumps(cells))
        if batch and size > BATCH_BYTES:
            break
        batch.append(cells)
    return batch


def parse_label(value: object) -> str | None:
    """Return the character that a person put into a label cell, or None if it is not one of the 62.

    A digit may have become a number, and spaces around it do not matter.
    """
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return text if len(text) == 1 and text in LABELS else None


def is_same_cell(one: object, other: object) -> bool:
    """Return whether two cells are equal: 7 and 7.0 are, 7 and "7" are not."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other and type(one) is type(other)
    return one == other


@dataclass(frozen=True, slots=True)
class Header:
    """Where our columns are. People may move them and add their own, but ``round_id`` must stay first.

    Attributes:
        places: the index of each of `COLUMNS`, in their order.
    """

    places: tuple[int, ...]

    @classmethod
    def parse(cls, first_row: Sequence[object]) -> Self | None:
        """Return the header in a worksheet's first row; None unless each of our columns is there exactly once."""
        names = list(first_row)
        if names[:1] != [ID_COLUMN] or any(names.count(name) != 1 for name in COLUMNS):
            return None
        return cls(tuple(names.index(name) for name in COLUMNS))

    @property
    def label(self) -> int:
        """The index of the column that people correct."""
        return self.places[COLUMNS.index(LABEL_COLUMN)]

    def spread(self, ours: Sequence[Cell]) -> list[Cell]:
        """Return a worksheet's row with our cells, given in the order of `COLUMNS`, in their places."""
        row: list[Cell] = [""] * (max(self.places) + 1)
        for place, cell in zip(self.places, ours, strict=True):
            row[place] = cell
        return row

    def gather(self, row: Sequence[Cell]) -> list[Cell]:
        """Return our cells of a worksheet's row in the order of `COLUMNS`. The row may end early."""
        return [row[place] if place < len(row) else "" for place in self.places]

    def find_others(self, row: Sequence[Cell]) -> list[Cell]:
        """Return the cells of a row that are not empty and in none of our columns."""
        return [cell for place, cell in enumerate(row) if place not in self.places and cell != ""]


STANDARD_HEADER: Final = Header(tuple(range(WIDTH)))
"""The columns as we write them into a new worksheet."""


def _fit_cell(cell: Cell | None) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, str) and len(cell) > MOST_CELL_CHARACTERS:
        return cell[: MOST_CELL_CHARACTERS - 1] + "…"
    return cell


def _to_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _describe_losses(round_: Round) -> list[str]:
    _, step = _fit_drawing(round_)
    losses = [f"drawing thinned to every {step}th point"] if step > 1 else []
    losses += ["drawing left out, too long"] if step == 0 else []
    for name, picture in (("crop", round_.crop), ("image", round_.image)):
        if picture is not None and not _fit_picture(picture):
            losses.append(f"{name} left out, too large")
        elif picture is not None and encode_png_uri(picture) != _fit_picture(picture):
            losses.append(f"{name} made smaller")
    return losses


def _fit_drawing(round_: Round) -> tuple[str, int]:
    """Return the drawing's cell, and 1 for a whole drawing, n if only every nth point is in it, 0 if none."""
    if round_.drawing is None:
        return "", 1
    step = 1
    while len(text := _to_json(_thin(round_.drawing, step))) > MOST_CELL_CHARACTERS:
        if step > max((len(numbers) for stroke in round_.drawing for numbers in stroke), default=0):
            return "", 0  # far more strokes than anything drawn here has
        step *= 2
    return text, step


def _thin(drawing: Drawing, step: int) -> Drawing:
    return [[numbers[:-1][::step] + numbers[-1:] for numbers in stroke] for stroke in drawing]


def _fit_picture(png: bytes | None) -> str:
    if png is None:
        return ""
    if len(uri := encode_png_uri(png)) <= MOST_CELL_CHARACTERS:
        return uri
    try:
        with Image.open(io.BytesIO(png)) as opened:
            picture = opened.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # all that Pillow raises
        return ""
    while len(uri) > MOST_CELL_CHARACTERS:
        picture = picture.reduce(2)
        out = io.BytesIO()
        picture.save(out, "PNG", optimize=True)
        uri = encode_png_uri(out.getvalue())
    return uri
