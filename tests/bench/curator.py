"""A person who works in the Sheet while the mirror writes to it: sorts, corrects, deletes and annotates rows."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from random import Random
from typing import Final

from feedback.records import LABELS
from tests.sheets import a1
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.hand import Hand

ID: Final = "round_id"
LABEL: Final = "label"
NOTES: Final = "my notes"


@dataclass(slots=True)
class Work:
    """What the person did.

    Attributes:
        labels: the label that each round was given last, for rounds whose row was not deleted since.
        deleted: rounds of which a row was deleted or emptied.
        sorted: how often the rows were sorted.
    """

    labels: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    sorted: int = 0


class Curator(threading.Thread):
    """Does something every ``pause`` seconds on average, in any of the worksheets, until it is stopped."""

    def __init__(self, sheets: SheetsEmulator, spreadsheet: str, pause: float, seed: int) -> None:
        super().__init__(name="curator")
        self.work = Work()
        self._sheets, self._spreadsheet, self._pause = sheets, spreadsheet, pause
        self._rng = Random(seed)  # noqa: S311
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(self._rng.expovariate(1 / self._pause)):
            title = self._rng.choice(self._sheets.titles(self._spreadsheet))
            with self._sheets.by_hand(self._spreadsheet, title) as hand:
                self._act(hand)

    def stop(self) -> None:
        """End after what is being done."""
        self._over.set()
        self.join()

    def _act(self, hand: Hand) -> None:
        rows = hand.rows()
        if len(rows) < 3 or rows[0][:1] != [ID] or LABEL not in rows[0]:
            return
        number = self._rng.randrange(2, len(rows) + 1)
        row = rows[number - 1]
        action = self._rng.random()
        if action < 0.1:
            self._sort(hand, rows)
        elif not row:
            hand.delete_rows(number)
        elif action < 0.15:
            self._forget(row)
            hand.delete_rows(number)
        elif action < 0.16:
            self._forget(row)
            hand.empty_rows(number)
        elif action < 0.17 and NOTES not in rows[0]:
            hand.insert_column("C")
            hand.type("C1", NOTES)
        elif action < 0.25 and NOTES in rows[0]:
            hand.type(f"{a1.name_column(rows[0].index(NOTES))}{number}", "a strange one")
        else:
            self._correct(hand, number, rows)

    def _sort(self, hand: Hand, rows: list[list[str]]) -> None:
        column = self._rng.randrange(len(rows[0]))
        hand.sort(a1.name_column(column), is_descending=self._rng.random() < 0.5)
        self.work.sorted += 1

    def _correct(self, hand: Hand, number: int, rows: list[list[str]]) -> None:
        """Give a round a label, but of two rows of a round never both: then nobody could tell which is right."""
        found = rows[number - 1][0]
        if found and (found not in self.work.labels or sum(row[:1] == [found] for row in rows) == 1):
            label = self._rng.choice(LABELS)
            hand.type(f"{a1.name_column(rows[0].index(LABEL))}{number}", label)
            self.work.labels[found] = label

    def _forget(self, row: list[str]) -> None:
        self.work.deleted.add(row[0])
        self.work.labels.pop(row[0], None)
