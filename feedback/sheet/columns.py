"""Rounds as rows of a worksheet and back: the columns, the cells, and where the header says that they are."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import msgspec
from PIL import Image

from feedback.records import LABELS, Drawing, Round
from feedback.rows import format_time
from feedback.sheet.tuning import MOST_CELL_CHARACTERS

Cell = str | int | float
"""What a cell holds; nothing is ``""``."""

_PLACES: Final = 4  # of a probability: few enough to come back from the Sheet as they went there
_PNG: Final = "data:image/png;base64,"

_CELLS: Final[dict[str, Callable[[Round], Cell | None]]] = {
    "round_id": lambda kept: kept.id,
    "label": lambda kept: kept.label,
    "time": lambda kept: format_time(kept.at),
    "source": lambda kept: kept.source,
    "mode": lambda kept: kept.mode,
    "alphabet": lambda kept: kept.alphabet,
    "target": lambda kept: kept.target,
    "predicted": lambda kept: kept.predicted,
    "confidence": lambda kept: None if kept.confidence is None else round(kept.confidence, _PLACES),
    "top5": lambda kept: _json([(label, round(share, _PLACES)) for label, share in kept.top]),
    "outcome": lambda kept: kept.outcome,
    "verdict": lambda kept: kept.verdict,
    "duration_ms": lambda kept: kept.duration_ms,
    "points": lambda kept: kept.points,
    "player": lambda kept: kept.player,
    "game": lambda kept: kept.game,
    "number": lambda kept: kept.number,
    "model": lambda kept: kept.model,
    "flag": lambda kept: kept.flag,
    "note": lambda kept: "; ".join(_notes(kept)),
    "drawing": lambda kept: _drawing(kept)[0],
    "crop": lambda kept: _picture(kept.crop),
    "image": lambda kept: _picture(kept.image),
}

COLUMNS: Final = tuple(_CELLS)
"""The header, as it is written: ``round_id`` comes first."""

WIDTH: Final = len(COLUMNS)
ID_COLUMN: Final = "round_id"
LABEL_COLUMN: Final = "label"
PEOPLES_COLUMNS: Final = frozenset({LABEL_COLUMN})
"""Columns that belong to people once they are written."""


def make_cells(kept: Round) -> list[Cell]:
    """Return a round's cells in the order of `COLUMNS`, each fit for the Sheet whatever was drawn.

    A drawing that is too long for a cell is thinned: of each stroke every second point stays, or every fourth,
    and so on, and the last one. A picture that is too large is halved until it fits. The column ``note`` says so.
    """
    return [_fit(of(kept)) for of in _CELLS.values()]


def decode(row: Sequence[Cell]) -> Round:
    """Return the round of a row whose cells are in the order of `COLUMNS`; probabilities are rounded.

    Raises:
        ValueError: if it is none; the text says which cell cannot be used.
    """
    given = {name: value for name, value in zip(COLUMNS, row, strict=False) if value != ""}
    fields: dict[str, Any] = {
        name: str(value) if name in {"target", "predicted", "label"} else value for name, value in given.items()
    }
    fields["id"], fields["at"] = fields.pop(ID_COLUMN, None), fields.pop("time", None)
    fields.pop("note", None)
    try:
        fields["top"] = json.loads(fields.pop("top5", "[]"))
        fields["drawing"] = json.loads(fields.pop("drawing", "null"))
        for picture in ("crop", "image"):
            fields[picture] = _bytes(fields.pop(picture, None))
        return msgspec.convert(fields, Round)
    except (TypeError, ValueError, msgspec.ValidationError) as error:
        raise ValueError(f"a cell cannot be used: {error}") from error


def parse_label(value: object) -> str | None:
    """Return the character that a person put into a label cell, or none if it is not one of the 62.

    A digit may have become a number, and spaces around it do no harm.
    """
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return text if len(text) == 1 and text in LABELS else None


def is_same_cell(one: object, other: object) -> bool:
    """Whether two cells hold the same; 7 and 7.0 do, 7 and "7" do not."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other and type(one) is type(other)
    return one == other


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns are. People may move them and put their own between; ``round_id`` stays first.

    Attributes:
        places: the index of each of `COLUMNS`, in their order.
    """

    places: tuple[int, ...]

    @classmethod
    def read(cls, row: Sequence[object]) -> Self | None:
        """Return what a worksheet's first row says, or none if one of our columns is not there exactly once."""
        names = list(row)
        if names[:1] != [ID_COLUMN] or any(names.count(name) != 1 for name in COLUMNS):
            return None
        return cls(tuple(names.index(name) for name in COLUMNS))

    @property
    def label(self) -> int:
        """The index of the column that people correct."""
        return self.places[COLUMNS.index(LABEL_COLUMN)]

    def spread(self, ours: Sequence[Cell]) -> list[Cell]:
        """Return the whole row of a worksheet for cells in the order of `COLUMNS`."""
        row: list[Cell] = [""] * (max(self.places) + 1)
        for place, cell in zip(self.places, ours, strict=True):
            row[place] = cell
        return row

    def gather(self, row: Sequence[Cell]) -> list[Cell]:
        """Return the cells in the order of `COLUMNS` of a worksheet's row, which ends where its last cell is."""
        return [row[place] if place < len(row) else "" for place in self.places]

    def others(self, row: Sequence[Cell]) -> list[Cell]:
        """Return the cells of a row that are in none of our columns and hold something."""
        return [cell for place, cell in enumerate(row) if place not in self.places and cell != ""]


STANDARD_HEADER: Final = Header(tuple(range(WIDTH)))
"""The columns as they are written into a new worksheet."""


def _fit(cell: Cell | None) -> Cell:
    if cell is None:
        return ""
    return (
        cell
        if not isinstance(cell, str) or len(cell) <= MOST_CELL_CHARACTERS
        else cell[: MOST_CELL_CHARACTERS - 1] + "…"
    )


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _notes(kept: Round) -> list[str]:
    _, step = _drawing(kept)
    said = [f"drawing thinned to every {step}th point"] if step > 1 else []
    said += ["drawing left out, too long"] if step == 0 else []
    for name, picture in (("crop", kept.crop), ("image", kept.image)):
        if picture is not None and not _picture(picture):
            said.append(f"{name} left out, too large")
        elif picture is not None and _uri(picture) != _picture(picture):
            said.append(f"{name} made smaller")
    return said


def _drawing(kept: Round) -> tuple[str, int]:
    """Return the drawing's cell, and of how many points one was kept; 0 if it had to be left out."""
    if kept.drawing is None:
        return "", 1
    step = 1
    while len(text := _json(_thinned(kept.drawing, step))) > MOST_CELL_CHARACTERS:
        if step > max((len(numbers) for stroke in kept.drawing for numbers in stroke), default=0):
            return "", 0  # it has far more strokes than any that was drawn here
        step *= 2
    return text, step


def _thinned(drawing: Drawing, step: int) -> Drawing:
    return [[numbers[:-1][::step] + numbers[-1:] for numbers in stroke] for stroke in drawing]


def _picture(png: bytes | None) -> str:
    if png is None:
        return ""
    if len(text := _uri(png)) <= MOST_CELL_CHARACTERS:
        return text
    try:
        with Image.open(io.BytesIO(png)) as opened:
            picture = opened.convert("L")
    except (OSError, ValueError):
        return ""
    while len(text) > MOST_CELL_CHARACTERS:
        picture = picture.reduce(2)
        out = io.BytesIO()
        picture.save(out, "PNG", optimize=True)
        text = _uri(out.getvalue())
    return text


def _uri(png: bytes) -> str:
    return _PNG + base64.b64encode(png).decode()


def _bytes(uri: str | None) -> bytes | None:
    return None if uri is None else base64.b64decode(uri.removeprefix(_PNG), validate=True)
