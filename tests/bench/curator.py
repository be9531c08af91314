"""A person who works in the Sheet while the mirror writes to it: sorts, corrects, deletes and annotates rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from feedback.records import LABELS
from feedback.sheet.columns import ID_COLUMN, LABEL_COLUMN
from tests.sheets import a1
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.hand import Hand

NOTES_COLUMN: Final = "my notes"
SHARES: Final = {"sort": 0.1, "delete": 0.05, "empty": 0.02, "annotate": 0.08}
"""The share of each kind of action. All others correct a label."""


@dataclass(slots=True)
class Work:
    """What the person did.

    Attributes:
        labels: the last label given to each round, for rounds whose row was not deleted since.
        deleted: rounds of which a row was deleted or emptied.
        sorts: how often the rows were sorted.
    """

    labels: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    sorts: int = 0


class Curator:
    """Carries out a fixed number of actions in an order that the seed decides.

    They come between requests of the mirror, so that the machine's speed does not matter. An action waits while
    there are too few rows for it.
    """

    def __init__(self, sheets: SheetsEmulator, spreadsheet: str, actions: int, seed: int) -> None:
        self.work = Work()
        self._sheets, self._spreadsheet = sheets, spreadsheet
        self._rng = Random(seed)  # noqa: S311
        self._lock = threading.Lock()
        kinds = [kind for kind, share in SHARES.items() for _ in range(max(1, round(share * actions)))]
        self._plan = (kinds + ["correct"] * actions)[:actions] if actions else []
        self._rng.shuffle(self._plan)
        self._actions: dict[str, Callable[[Hand], bool]] = {
            "sort": self._sort,
            "delete": self._delete,
            "empty": self._empty,
            "annotate": self._annotate,
            "correct": self._correct,
        }

    def act(self) -> None:
        """Carry out the next action, if there is one left and it is possible now."""
        with self._lock:
            if self._plan and self._try(self._plan[-1]):
                self._plan.pop()

    def finish(self) -> None:
        """Carry out all actions that are left. The Sheet must have enough rows by now."""
        while self._plan:
            left = len(self._plan)
            for _ in range(100):  # a worksheet or a row is chosen at random, and not each of them will do
                self.act()
            if len(self._plan) == left:
                raise RuntimeError(f"The Sheet has no row left to {self._plan[-1]}.")

    def _try(self, kind: str) -> bool:
        title = self._rng.choice(self._sheets.titles(self._spreadsheet))
        with self._sheets.by_hand(self._spreadsheet, title) as hand:
            rows = hand.rows()
            if len(rows) < 3 or rows[0][:1] != [ID_COLUMN] or LABEL_COLUMN not in rows[0]:
                return False
            return self._actions[kind](hand)

    def _sort(self, hand: Hand) -> bool:
        column = self._rng.randrange(len(hand.rows()[0]))
        hand.sort(a1.name_column(column), is_descending=self._rng.random() < 0.5)
        self.work.sorts += 1
        return True

    def _delete(self, hand: Hand) -> bool:
        number, row = self._choose_row(hand)
        self._forget(row)
        hand.delete_rows(number)
        return True

    def _empty(self, hand: Hand) -> bool:
        number, row = self._choose_row(hand)
        self._forget(row)
        hand.empty_rows(number)
        return True

    def _annotate(self, hand: Hand) -> bool:
        header = hand.rows()[0]
        if NOTES_COLUMN not in header:
            hand.insert_column("C")
            hand.type("C1", NOTES_COLUMN)
            header = hand.rows()[0]
        number, _ = self._choose_row(hand)
        hand.type(f"{a1.name_column(header.index(NOTES_COLUMN))}{number}", "a strange one")
        return True

    def _correct(self, hand: Hand) -> bool:
        """Label a round that has one row: if there were two, nobody could tell which label is right."""
        rows = hand.rows()
        number, row = self._choose_row(hand)
        round_id = row[0] if row else ""
        if not round_id or sum(other[:1] == [round_id] for other in rows) > 1:
            return False
        label = self._rng.choice(LABELS)
        hand.type(f"{a1.name_column(rows[0].index(LABEL_COLUMN))}{number}", label)
        self.work.labels[round_id] = label
        return True

    def _choose_row(self, hand: Hand) -> tuple[int, list[str]]:
        """Return the number and the cells of any row below the header."""
        rows = hand.rows()
        number = self._rng.randrange(2, len(rows) + 1)
        return number, rows[number - 1]

    def _forget(self, row: list[str]) -> None:
        if row:
            self.work.deleted.add(row[0])
            self.work.labels.pop(row[0], None)
