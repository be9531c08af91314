"""Finds labels that people corrected in the Sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from feedback.sheet.columns import parse_label
from feedback.sheet.journal import RoundLabel
from feedback.sheet.row_index import IndexedRow


class LabelComparison(NamedTuple):
    """What the label cells say.

    Attributes:
        corrections: pairs of a round and the label that a curator gave it, where the store has another.
        refused: labels that cannot be used, a sentence each.
        agreed: how many labels of curators the store already has.
    """

    corrections: list[tuple[str, str]]
    refused: list[str]
    agreed: int


def compare_labels(rows: Iterable[IndexedRow], labels: Mapping[str, RoundLabel]) -> LabelComparison:
    """Compare the label cells of the Sheet with the store.

    A cell that is as we wrote it, or empty, changes nothing. If a label was cleared, `refused` says so. Once a
    curator has given a round a label, the cell is theirs: whatever it says counts, even what we first wrote there.

    Args:
        rows: the rows of the Sheet.
        labels: the labels in the store, by round.
    """
    refused: list[str] = []
    given: dict[str, list[tuple[IndexedRow, str]]] = defaultdict(list)
    for row in rows:
        known = labels.get(row.id)
        if known is None:
            if row.label != "":
                refused.append(_describe(row, "there is no such round" if row.id else "the row has no round_id"))
            continue
        by_curator = known.label_by == "curator"
        label = parse_label(row.label)
        if str(row.label).strip() == "":
            if by_curator or known.written is not None:
                refused.append(_describe(row, f"the label was cleared; it stays {known.label!r}"))
        elif label is None:
            refused.append(_describe(row, "a label is one digit or letter: 0-9, A-Z or a-z"))
        elif by_curator or label != known.written:
            given[row.id].append((row, label))
    corrections: list[tuple[str, str]] = []
    agreed = 0
    for round_id, cells in given.items():
        label = cells[0][1]
        if any(other != label for _, other in cells):
            refused += [_describe(row, "another row of this round has a different label") for row, _ in cells]
        elif labels[round_id].label_by == "curator" and labels[round_id].label == label:
            agreed += 1
        else:
            corrections.append((round_id, label))
    return LabelComparison(corrections, refused, agreed)


def _describe(row: IndexedRow, reason: str) -> str:
    return f"{row.place}, round {row.id or '(none)'}, label {str(row.label)[:40]!r}: {reason}."
