"""The mirror under fire: ``python -m tests.bench.mirror --rounds 5000 --faults 0.1 --kills 20``.

``python -m feedback sync`` mirrors rounds of real drawings to the Sheets emulator. The first run is undisturbed
and shows the throughput at Google's quota. In the second run requests fail in every way, processes are killed (-9)
at random requests, and a person sorts, corrects and deletes rows. Then the Sheet is compared with the store.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console
from rich.table import Table

from feedback.ids import make_id
from feedback.records import Drawing, Round
from feedback.sheet.columns import ID_COLUMN, LABEL_COLUMN
from feedback.sheet.tuning import TIMING
from feedback.store import open_store
from recognition.page.images import encode_png
from recognition.render import render
from recognition.strokes import parse_strokes
from tests.bench.curator import Curator, Work
from tests.serving import ROOT
from tests.sheets.emulator import SheetsEmulator
from tests.strokes import Sample, load_fixture

SPREADSHEET: Final = "bench"
REQUESTS_A_BATCH: Final = 3
"""The fewest requests that write a batch: the mirror reads the worksheets and the header, and appends."""


@dataclass(slots=True)
class Outcome:
    """What is in the Sheet, compared with what should be.

    Attributes:
        rounds: rounds in the store.
        rows: rows of the Sheet that hold a round.
        duplicates: rows beyond the first of each round.
        gaps: rounds without a row that nobody deleted.
        spoiled: rows with a wrong cell outside the label column.
        shifted: rows that ``reconcile`` had to repair, because a column was inserted while they were written.
        corrections: labels that the person gave to rounds whose row was not deleted.
        corrections_lost: those that are not in the Sheet any more.
        reads: reads that the quota let through.
        writes: writes that the quota let through.
        peak: the most reads, or writes, in any minute.
        refused: requests over the quota.
        struck: requests that a fault struck.
        kills: processes that were killed while they worked.
        seconds: from the first round to the last row, in the mirror's time.
        person: what the person did.
    """

    rounds: int
    rows: int = 0
    duplicates: int = 0
    gaps: int = 0
    spoiled: int = 0
    shifted: int = 0
    corrections: int = 0
    corrections_lost: int = 0
    reads: int = 0
    writes: int = 0
    peak: int = 0
    refused: int = 0
    struck: int = 0
    kills: int = 0
    seconds: float = 0.0
    person: Work = field(default_factory=Work)

    @property
    def rounds_a_minute(self) -> float:
        """The throughput, killed processes and failed requests included."""
        return 60 * self.rounds / self.seconds

    @property
    def is_whole(self) -> bool:
        """Whether every round is there once, as it was written and corrected."""
        return not (self.duplicates or self.gaps or self.spoiled or self.corrections_lost)


class Soak:
    """One run: a store, an emulator, and processes that mirror from one to the other.

    What happens is decided by the seed and by counting requests, not by the machine's speed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        faults: float = 0.0,
        speed: float = 1.0,
        batch: int = TIMING.batch,
        seed: int = 0,
    ) -> None:
        """Prepare a run.

        Args:
            folder: where the store and the log go.
            faults: the share of requests that fail.
            speed: by how much the waits of the mirror and the minutes of the quota are shortened.
            batch: the most rounds in one append.
            seed: decides what fails, what the person does, and when processes are killed.
        """
        self._url = f"sqlite:///{folder}/inkrush.db"
        self._speed, self._batch, self._seed = speed, batch, seed
        self._rng = Random(seed)  # noqa: S311
        self._stored: dict[str, Round] = {}
        self._log = (folder / "mirror.log").open("ab")
        self.sheets = SheetsEmulator(minute=60 / speed, seed=seed)
        self.sheets.create(SPREADSHEET)
        self.sheets.faults.spread(faults)
        self.sheets.faults.slow = self.sheets.faults.hold = 2 / speed
        # A late request is carried out before the mirror has read the Sheet anew: Google promises as much.
        self.sheets.faults.late_requests = (1, 2)

    def run(self, rounds: int, kills: int = 0, actions: int = 0, actions_a_request: int = 1) -> Outcome:
        """Mirror ``rounds`` and return the outcome.

        Args:
            rounds: how many.
            kills: how many processes to kill.
            actions: how many things the person does.
            actions_a_request: how many of them before each request of the mirror.
        """
        samples = list(load_fixture())
        waiting = [make_round(self._rng.choice(samples), self._rng) for _ in range(rounds)]
        outcome = Outcome(rounds)
        curator = Curator(self.sheets, SPREADSHEET, actions, self._seed)

        def let_person_act() -> None:
            for _ in range(actions_a_request):
                curator.act()

        with self.sheets:
            began = time.monotonic()
            for left in range(kills, 0, -1):
                portion = len(waiting) // (left + 1)
                self._store(waiting[:portion])
                del waiting[:portion]
                self._sync_and_kill(let_person_act, REQUESTS_A_BATCH * ceil(portion / self._batch))
                outcome.kills += 1
            self._store(waiting)
            self.sheets.before_request = let_person_act
            self._finish("sync")
            outcome.seconds = (time.monotonic() - began) * self._speed
            self.sheets.before_request = _do_nothing
            curator.finish()
            outcome.person = curator.work
            if self.sheets.faults.shares:
                self.sheets.land()
                time.sleep(TIMING.late / self._speed)
                self._finish("sync")
            self._compare(outcome)
            outcome.shifted = outcome.spoiled
            if outcome.shifted:
                self._finish("reconcile")
                self._compare(outcome)
        self._log.close()
        return outcome

    def _store(self, rounds: Sequence[Round]) -> None:
        async def add() -> None:
            store = await open_store(self._url)
            try:
                await store.add_rounds(rounds)
            finally:
                await store.close()

        self._stored |= {round_.id: round_ for round_ in rounds}
        asyncio.run(add())

    @contextmanager
    def _start(self, command: str) -> Iterator[subprocess.Popen[bytes]]:
        hurried = ["tests.bench.hurried", str(self._speed), str(self._batch)]
        is_normal = (self._speed, self._batch) == (1, TIMING.batch)
        program = ["feedback"] if is_normal else hurried
        environment = os.environ | {
            "INKRUSH_DATABASE_URL": self._url,
            "INKRUSH_SHEET_ID": SPREADSHEET,
            "SHEETS_EMULATOR_HOST": self.sheets.host,
        }
        with subprocess.Popen(
            [sys.executable, "-m", *program, command],
            cwd=ROOT,
            env=environment,
            stdout=self._log,
            stderr=self._log,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def _finish(self, command: str) -> None:
        """Run a command until it succeeds. One that gives up is started again."""
        for _ in range(10):
            with self._start(command) as process:
                if process.wait() == 0:
                    return
        raise RuntimeError(f"{command} gave up ten times.")

    def _sync_and_kill(self, let_person_act: Callable[[], None], requests_to_come: int) -> None:
        """Start the mirror and kill it at one of its requests, just before or after that is carried out."""
        last = self._rng.randint(1, requests_to_come)
        is_after = self._rng.random() < 0.5
        reached, killed = threading.Event(), threading.Event()
        requests = 0

        def count_request() -> None:
            nonlocal requests
            requests += 1
            if requests >= last:
                reached.set()
                killed.wait()

        def act_and_count() -> None:
            let_person_act()
            count_request()

        self.sheets.before_request = let_person_act if is_after else act_and_count
        self.sheets.before_answer = count_request if is_after else _do_nothing
        with self._start("sync") as process:
            while not reached.wait(0.05):
                if process.poll() is not None:
                    raise RuntimeError("The mirror ended before it could be killed.")
            process.kill()
            process.wait()
        self.sheets.before_request = self.sheets.before_answer = _do_nothing
        killed.set()
        self.sheets.wait_until_idle()
        self.sheets.land()

    def _compare(self, outcome: Outcome) -> None:
        rows: Counter[str] = Counter()
        labels: dict[str, set[str]] = {}
        outcome.spoiled = 0
        for title in self.sheets.titles(SPREADSHEET):
            header, *others = self.sheets.rows(SPREADSHEET, title) or [[]]
            if header[:1] != [ID_COLUMN]:
                continue
            for row in others:
                cells = dict(zip(header, [*row, *[""] * len(header)], strict=False))
                if (round_ := self._stored.get(cells[ID_COLUMN])) is None:
                    continue
                rows[round_.id] += 1
                labels.setdefault(round_.id, set()).add(cells[LABEL_COLUMN])
                written = (cells["predicted"], cells["model"], cells["player"])
                outcome.spoiled += written != (round_.predicted, round_.model, round_.player)
        corrected = outcome.person.labels
        outcome.rows = rows.total()
        outcome.duplicates = sum(number - 1 for number in rows.values())
        outcome.gaps = len(self._stored.keys() - rows.keys() - outcome.person.deleted)
        outcome.corrections = len(corrected)
        outcome.corrections_lost = sum(
            label not in labels.get(round_id, ()) for round_id, label in corrected.items()
        )
        quotas = (self.sheets.reads, self.sheets.writes)
        outcome.reads, outcome.writes = (quota.total for quota in quotas)
        outcome.peak = max(quota.peak for quota in quotas)
        outcome.refused = sum(quota.refused for quota in quotas)
        outcome.struck = self.sheets.faults.struck.total()


def _do_nothing() -> None:
    """Let a request pass."""


def make_round(sample: Sample, rng: Random) -> Round:
    """Return a round in which somebody drew ``sample``. One in ten is misread."""
    placed = sample.place()
    predicted = rng.choice("0123456789") if rng.random() < 0.1 else sample.label
    confidence = rng.uniform(0.5, 1.0)
    return Round(
        id=make_id(),
        at=datetime.now(UTC),
        player=f"writer-{sample.writer}",
        source="challenge",
        alphabet="any",
        model="bench",
        predicted=predicted,
        confidence=confidence,
        top=[(predicted, confidence), ("1", (1 - confidence) / 2)],
        mode="sprint",
        target=sample.label,
        outcome="hit" if predicted == sample.label else "skip",
        label=sample.label if rng.random() < 0.2 else None,
        duration_ms=rng.randrange(300, 6000),
        points=rng.randrange(10, 100),
        drawing=_make_drawing(placed),
        image=encode_png(render(parse_strokes(placed))[0, :, :, 0]),
    )


def _make_drawing(strokes: Sequence[Sequence[tuple[int, int]]]) -> Drawing:
    drawing: Drawing = []
    start = 0
    for stroke in strokes:
        drawing.append(
            [[x for x, _ in stroke], [y for _, y in stroke], [start + 16 * i for i in range(len(stroke))]]
        )
        start += 16 * len(stroke) + 120
    return drawing


def print_outcomes(outcomes: dict[str, Outcome], console: Console) -> None:
    """Print the outcome of each run, by name."""
    table = Table(title="Rounds mirrored to a Sheet")
    table.add_column("")
    for name in outcomes:
        table.add_column(name, justify="right")
    lines: dict[str, Callable[[Outcome], str]] = {
        "rounds": lambda o: f"{o.rounds:,}",
        "rows in the Sheet": lambda o: f"{o.rows:,}",
        "duplicates": lambda o: f"{o.duplicates:,}",
        "gaps": lambda o: f"{o.gaps:,}",
        "spoiled rows, before reconcile": lambda o: f"{o.spoiled:,}, {o.shifted:,}",
        "rows deleted by a person": lambda o: f"{len(o.person.deleted):,}",
        "corrections, lost": lambda o: f"{o.corrections:,}, {o.corrections_lost:,}",
        "times sorted": lambda o: f"{o.person.sorts:,}",
        "processes killed": lambda o: f"{o.kills:,}",
        "requests that failed": lambda o: f"{o.struck:,}",
        "reads, writes": lambda o: f"{o.reads:,}, {o.writes:,}",
        "most in a minute (quota 60)": lambda o: f"{o.peak:,}",
        "over the quota": lambda o: f"{o.refused:,}",
        "seconds": lambda o: f"{o.seconds:,.0f}",
        "rounds a minute": lambda o: f"{o.rounds_a_minute:,.0f}",
    }
    for heading, shown in lines.items():
        table.add_row(heading, *(shown(outcome) for outcome in outcomes.values()))
    console.print(table)


def main() -> int:
    """Run, print the figures, and return the exit status: 1 if the Sheet is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mirror", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--faults", type=float, default=0.1, help="share of requests that fail, 0 to 1")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--actions", type=int, default=1000, help="how many things the person does")
    parser.add_argument("--speed", type=float, default=1.0, help="by how much to shorten all waits")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help="file for what the mirror prints in the second run")
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder, Console(stderr=True).status("Mirroring undisturbed …"):
        undisturbed = Soak(Path(folder), speed=options.speed).run(options.rounds)
    with tempfile.TemporaryDirectory() as folder, Console(stderr=True).status("Mirroring under fire …"):
        soak = Soak(Path(folder), faults=options.faults, speed=options.speed, batch=100, seed=options.seed)
        fire = soak.run(options.rounds, options.kills, options.actions, actions_a_request=2)
        if options.log:
            options.log.write_bytes((Path(folder) / "mirror.log").read_bytes())
    print_outcomes({"undisturbed": undisturbed, "under fire": fire}, console)
    return 0 if undisturbed.is_whole and fire.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
