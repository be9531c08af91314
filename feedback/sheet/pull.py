"""Home again: labels that people corrected in the Sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from feedback.sheet.columns import parse_label
from feedback.sheet.journal import Written
from feedback.sheet.row_index import IndexedRow


class LabelComparison(NamedTuple):
    """What the Sheet says.

    Attributes:
        corrections: rounds and the labels that curators gave them, where the store has another or a player's.
        refused: what cannot be used, a sentence each.
        agreed: how many curators' labels the store has already.
    """

    corrections: list[tuple[str, str]]
    refused: list[str]
    agreed: int


def compare_labels(entries: Iterable[IndexedRow], labels: Mapping[str, Written]) -> LabelComparison:
    """Return what can be learned from the label cells of the Sheet.

    A cell that still holds what was written says nothing; nor does an empty one, but where there was a label the
    report says that it was cleared. Once a curator has spoken, the cell is theirs, whatever it says.
    """
    corrections: list[tuple[str, str]] = []
    refused: list[str] = []
    agreed = 0
    said: dict[str, list[tuple[IndexedRow, str]]] = defaultdict(list)
    for entry in entries:
        known = labels.get(entry.id)
        if known is None:
            if entry.label != "":
                refused.append(_line(entry, "there is no such round" if entry.id else "the row has no round_id"))
            continue
        by_curator = known.label_by == "curator"
        label = parse_label(entry.label)
        if entry.label == "" or str(entry.label).strip() == "":
            if by_curator or known.written is not None:
                refused.append(_line(entry, f"the label was cleared; it stays {known.label!r}"))
        elif label is None:
            refused.append(_line(entry, "a label is one digit or letter: 0-9, A-Z or a-z"))
        elif by_curator or label != known.written:
            said[entry.id].append((entry, label))
    for found, sayings in said.items():
        if len({label for _, label in sayings}) > 1:
            refused += [_line(entry, "another row of this round says otherwise") for entry, _ in sayings]
        elif labels[found].label_by == "curator" and labels[found].label == sayings[0][1]:
            agreed += 1
        else:
            corrections.append((found, sayings[0][1]))
    return LabelComparison(corrections, refused, agreed)


def _line(entry: IndexedRow, why: str) -> str:
    return f"{entry.place}, round {entry.id or '(none)'}, label {str(entry.label)[:40]!r}: {why}."
