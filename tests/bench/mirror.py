"""The mirror under fire: ``python -m tests.bench.mirror --rounds 5000 --faults 0.1 --kills 20``.

Rounds of real drawings are mirrored to the Sheets emulator by ``python -m feedback sync``: first in peace, for the
throughput at Google's quota; then while requests fail in every way, the process is killed (-9) at random moments
and a person sorts, corrects and deletes rows. Afterwards the Sheet is compared with the store, row by row.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console
from rich.table import Table

from feedback.ids import make_id
from feedback.records import Drawing, Round
from feedback.sheet.tuning import TIMING
from feedback.store import open_store
from recognition.page.images import encode_png
from recognition.render import render
from recognition.strokes import parse_strokes
from tests.bench.curator import ID, LABEL, Curator, Work
from tests.serving import ROOT
from tests.sheets.emulator import SheetsEmulator
from tests.strokes import Sample, load_fixture

SPREADSHEET: Final = "bench"
LIFETIME: Final = 10.0
"""Seconds from a process's first request within which it is killed: some batches."""


@dataclass(slots=True)
class Outcome:
    """What is in the Sheet, compared with what should be.

    Attributes:
        rounds: rounds of the store.
        rows: rows of the Sheet that hold a round.
        duplicates: rows more than one for a round.
        gaps: rounds without a row that nobody deleted.
        spoilt: rows with a cell that is not what was written, the label's apart.
        shifted: rows that ``reconcile`` had to mend, as the person put a column between in that very moment.
        corrections: labels that the person gave, for rows that are still wanted.
        corrections_lost: those that are not there any more.
        reads, writes: requests that came through the quota, and the most of either in any minute.
        refused: requests that were over the quota.
        struck: requests that failed by a fault.
        kills: processes that were killed while they worked.
        seconds: from the first round to the last row, in the mirror's time.
        person: what the person did.
    """

    rounds: int
    rows: int = 0
    duplicates: int = 0
    gaps: int = 0
    spoilt: int = 0
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
        """Throughput, killed processes and failed requests included."""
        return 60 * self.rounds / self.seconds

    @property
    def is_whole(self) -> bool:
        """Whether every round is there once, as it was written and corrected."""
        return not (self.duplicates or self.gaps or self.spoilt or self.corrections_lost)


class Soak:
    """One run: a store, an emulator, and a process that mirrors from one to the other.

    ``speed`` shortens all times of the mirror and of the emulator alike; 1 is the mirror as people run it.
    """

    def __init__(self, folder: Path, *, faults: float = 0.0, speed: float = 1.0, seed: int = 0) -> None:
        self._url = f"sqlite:///{folder}/inkrush.db"
        self._speed, self._seed = speed, seed
        self._rng = Random(seed)  # noqa: S311
        self._kept: dict[str, Round] = {}
        self._log = (folder / "mirror.log").open("ab")
        self.sheets = SheetsEmulator(minute=60 / speed, seed=seed)
        self.sheets.create(SPREADSHEET)
        self.sheets.faults.spread(faults)
        self.sheets.faults.slow = 2 / speed
        self.sheets.faults.late_requests = (1, 3)

    def run(self, rounds: int, kills: int = 0, pause: float | None = None) -> Outcome:
        """Mirror ``rounds`` and return what came of it; a person acts every ``pause`` seconds if that is given."""
        samples = list(load_fixture())
        waiting = [a_round(self._rng.choice(samples), self._rng) for _ in range(rounds)]
        outcome = Outcome(rounds)
        curator = Curator(self.sheets, SPREADSHEET, (pause or 1) / self._speed, self._seed)
        with self.sheets:
            began = time.monotonic()
            if pause is not None:
                curator.start()
            while outcome.kills < kills:
                portion = max(1, len(waiting) // (kills - outcome.kills + 1))
                self._keep(waiting[:portion])
                del waiting[:portion]
                outcome.kills += self._sync_and_kill()
            self._keep(waiting)
            self._finish("sync")
            outcome.seconds = (time.monotonic() - began) * self._speed
            if pause is not None:
                curator.stop()
                outcome.person = curator.work
            if self.sheets.faults.shares:
                self.sheets.land()
                time.sleep(TIMING.late / self._speed)
                self._finish("sync")
            self._compare(outcome)
            outcome.shifted = outcome.spoilt
            if outcome.shifted:  # by a column that came between while rows were being written
                self._finish("reconcile")
                self._compare(outcome)
        self._log.close()
        return outcome

    def _keep(self, rounds: Sequence[Round]) -> None:
        async def add() -> None:
            store = await open_store(self._url)
            try:
                await store.add_rounds(rounds)
            finally:
                await store.close()

        self._kept |= {kept.id: kept for kept in rounds}
        asyncio.run(add())

    @contextmanager
    def _mirror(self, command: str) -> Iterator[subprocess.Popen[bytes]]:
        program = ["feedback"] if self._speed == 1 else ["tests.bench.hurried", str(self._speed)]
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
        """Run a command until it says that all is done; one that gives up is started again."""
        for _ in range(10):
            with self._mirror(command) as process:
                if process.wait() == 0:
                    return
        raise RuntimeError(f"{command} gave up ten times.")

    def _sync_and_kill(self) -> bool:
        """Start the mirror, kill it some time later, and return whether it was still at work."""
        asked = self.sheets.requests.total()
        with self._mirror("sync") as process:
            while self.sheets.requests.total() == asked and process.poll() is None:
                time.sleep(0.01)
            try:
                process.wait(self._rng.uniform(0, LIFETIME / self._speed))
            except subprocess.TimeoutExpired:
                process.kill()
                return True
        return False

    def _compare(self, outcome: Outcome) -> None:
        found: Counter[str] = Counter()
        labels: dict[str, set[str]] = {}
        spoilt = 0
        for title in self.sheets.titles(SPREADSHEET):
            header, *rows = self.sheets.rows(SPREADSHEET, title) or [[]]
            if header[:1] != [ID]:
                continue
            for row in rows:
                cells = dict(zip(header, [*row, *[""] * len(header)], strict=False))
                if (kept := self._kept.get(cells[ID])) is None:
                    continue
                found[kept.id] += 1
                labels.setdefault(kept.id, set()).add(cells[LABEL])
                spoilt += (cells["predicted"], cells["model"], cells["player"]) != (
                    kept.predicted,
                    kept.model,
                    kept.player,
                )
        corrected = outcome.person.labels
        outcome.spoilt = spoilt
        outcome.rows = found.total()
        outcome.duplicates = sum(number - 1 for number in found.values())
        outcome.gaps = len(self._kept.keys() - found.keys() - outcome.person.deleted)
        outcome.corrections = len(corrected)
        outcome.corrections_lost = sum(label not in labels.get(one, ()) for one, label in corrected.items())
        quotas = (self.sheets.reads, self.sheets.writes)
        outcome.reads, outcome.writes = (quota.total for quota in quotas)
        outcome.peak, outcome.refused = max(q.peak for q in quotas), sum(q.refused for q in quotas)
        outcome.struck = self.sheets.faults.struck.total()


def a_round(sample: Sample, rng: Random) -> Round:
    """Return a round in which somebody drew ``sample``; every tenth is misread."""
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
        drawing=_drawing(placed),
        image=encode_png(render(parse_strokes(placed))[0, :, :, 0]),
    )


def _drawing(strokes: Sequence[Sequence[tuple[int, int]]]) -> Drawing:
    drawing: Drawing = []
    start = 0
    for stroke in strokes:
        drawing.append(
            [[x for x, _ in stroke], [y for _, y in stroke], [start + 16 * i for i in range(len(stroke))]]
        )
        start += 16 * len(stroke) + 120
    return drawing


def report(named: dict[str, Outcome], console: Console) -> None:
    """Print what came of each run."""
    table = Table(title="Rounds mirrored to a Sheet")
    table.add_column("")
    for name in named:
        table.add_column(name, justify="right")
    lines: dict[str, Callable[[Outcome], str]] = {
        "rounds": lambda o: f"{o.rounds:,}",
        "rows in the Sheet": lambda o: f"{o.rows:,}",
        "duplicates": lambda o: f"{o.duplicates:,}",
        "gaps": lambda o: f"{o.gaps:,}",
        "spoilt rows, before reconcile": lambda o: f"{o.spoilt:,}, {o.shifted:,}",
        "rows deleted by a person": lambda o: f"{len(o.person.deleted):,}",
        "corrections, lost": lambda o: f"{o.corrections:,}, {o.corrections_lost:,}",
        "times sorted": lambda o: f"{o.person.sorted:,}",
        "processes killed": lambda o: f"{o.kills:,}",
        "requests that failed": lambda o: f"{o.struck:,}",
        "reads, writes": lambda o: f"{o.reads:,}, {o.writes:,}",
        "most in a minute (quota 60)": lambda o: f"{o.peak:,}",
        "over the quota": lambda o: f"{o.refused:,}",
        "seconds": lambda o: f"{o.seconds:,.0f}",
        "rounds a minute": lambda o: f"{o.rounds_a_minute:,.0f}",
    }
    for heading, shown in lines.items():
        table.add_row(heading, *(shown(outcome) for outcome in named.values()))
    console.print(table)


def main() -> int:
    """Run, print the figures, and return the exit status: 1 where the Sheet is not what it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mirror", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--faults", type=float, default=0.1, help="share of requests that fail, 0..1")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two acts of the person")
    parser.add_argument("--speed", type=float, default=1.0, help="how much to shorten all times")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help="file for what the mirror prints in the second run")
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder, Console(stderr=True).status("Mirroring in peace…"):
        peace = Soak(Path(folder), speed=options.speed).run(options.rounds)
    with tempfile.TemporaryDirectory() as folder, Console(stderr=True).status("Mirroring under fire…"):
        soak = Soak(Path(folder), faults=options.faults, speed=options.speed, seed=options.seed)
        fire = soak.run(options.rounds, options.kills, options.pause)
        if options.log:
            options.log.write_bytes((Path(folder) / "mirror.log").read_bytes())
    report({"in peace": peace, "under fire": fire}, console)
    return 0 if peace.is_whole and fire.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
