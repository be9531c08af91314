"""The retraining loop with real people's drawings: ``INKRUSH_DATA=data python -m tests.bench.loop``.

Some of UNIPEN's validation writers play for a month. Their rounds go into a store, and the command that people run
retrains the model in service. Then drawings of the other validation writers show whether it reads better.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from feedback.records import Round
from feedback.store import open_store
from recognition import Recognizer
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE, ModelRegistry
from tests.bench.measured import make_table
from tests.bench.month import VANDAL, Habits, merge_rounds, simulate_month
from training.datasets.sources import EMNIST, EMNIST_SAMPLE, MNIST, MNIST_TEST, UNIPEN_VALIDATION, find_data_folder
from training.datasets.strokes import StrokeSet
from training.retrain.compare import ComparisonSet, compare_people, predict_labels

_SEED: Final = 4
_PLAYER_SHARE: Final = 0.65  # of the writers; the models are compared on the others
_PICTURES: Final = (*MNIST.files, *MNIST_TEST.files, *EMNIST.files, *EMNIST_SAMPLE.files)


class CommandRun(msgspec.Struct, frozen=True, kw_only=True):
    """What ``python -m training retrain`` took.

    Attributes:
        seconds: elapsed time.
        cpu_seconds: CPU time of all threads.
        peak_mb: largest resident memory, in MB (1e6 bytes).
        outcome: what it said at the end.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    outcome: str


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One month and one retrain.

    Attributes:
        champion: what the model in service was trained on.
        labels: how people labeled.
        rounds: number of rounds that they played.
        people: number of players, the vandal included.
        compared_on: number of drawings of other people on which the models are compared.
        before: share of those that the champion reads.
        after: share of those that the model in service after the retrain reads.
        difference: after minus before, with the ends of its interval at 95 %, which counts people.
        promoted: whether there is a new model in service.
        vandal_quarantined: number of the vandal's rounds in quarantine.
        quarantined: number of all rounds in quarantine.
        retrain: the retrain.
        again: another retrain right after it, without new rounds.
    """

    champion: str
    labels: str
    rounds: int
    people: int
    compared_on: int
    before: float
    after: float
    difference: tuple[float, float, float]
    promoted: bool
    vandal_quarantined: int
    quarantined: int
    retrain: CommandRun
    again: CommandRun


_TRIALS: Final[dict[str, tuple[bool, str, Habits]]] = {
    "pictures": (False, "5 % wrong by every third player, a vandal", Habits(vandal=500)),
    "best": (True, "5 % wrong by every third player, a vandal", Habits(vandal=500)),
    "garbage": (True, "30 % wrong by everybody", Habits(mistakes=0.3, careless=1)),
}


def main() -> None:
    """Run the trials, write them to a file and print them as a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.loop", description=__doc__)
    parser.add_argument("--pictures", type=Path, help="folder of a model trained by the recipe pictures-62")
    parser.add_argument(
        "--out", type=Path, default=Path("var/loop.json"), help="where the figures go (default: %(default)s)"
    )
    parser.add_argument("--only", choices=_TRIALS, nargs="*", help="run only these trials")
    options = parser.parse_args()
    trials = []
    for name, (is_bundled, labels, habits) in _TRIALS.items():
        if options.only and name not in options.only:
            continue
        if not is_bundled and options.pictures is None:
            continue
        folder = BUNDLED if is_bundled else options.pictures
        trials.append(_run_trial("everything" if is_bundled else "pictures alone", labels, folder, habits))
        print(msgspec.json.encode(trials[-1]).decode(), file=sys.stderr)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([msgspec.to_builtins(trial) for trial in trials], indent=2) + "\n")
    print(format_table(trials))


def format_table(trials: Sequence[Trial]) -> str:
    """Return the trials as a table in Markdown."""
    headings = (
        "champion trained on",
        "labels",
        "rounds",
        "read before",
        "after",
        "difference (95 %)",
        "promoted",
        "CPU minutes",
        "peak memory",
    )
    rows = []
    for t in trials:
        difference, low, high = (f"{100 * share:+.2f}" for share in t.difference)
        rows.append(
            (
                t.champion,
                t.labels,
                f"{t.rounds:,} of {t.people} people",
                f"{100 * t.before:.2f} %",
                f"{100 * t.after:.2f} %",
                f"{difference} ({low} to {high})",
                "yes" if t.promoted else "no",
                f"{t.retrain.cpu_seconds / 60:.1f}",
                f"{t.retrain.peak_mb / 1000:.2f} GB",
            )
        )
    return make_table(headings, rows)


def _run_trial(champion: str, labels: str, folder: Path, habits: Habits) -> Trial:
    drawings = StrokeSet.load(find_data_folder() / UNIPEN_VALIDATION.files[0])
    by_players, by_others = _split_writers(drawings)
    with tempfile.TemporaryDirectory() as temporary:
        var = Path(temporary)
        registry = ModelRegistry(var / "models")
        if folder != BUNDLED:
            files = {WEIGHTS_FILE: (folder / WEIGHTS_FILE).read_bytes()}
            card = read_card(folder)
            registry.add((folder / MODEL_FILE).read_bytes(), card, files)
            registry.promote(str(card["version"]))
        before = registry.find_current()
        rounds = merge_rounds(list(simulate_month(by_players, Recognizer.load(before), habits, _SEED)))
        database_url = f"sqlite:///{var}/inkrush.db"
        environment = {
            **os.environ,
            "INKRUSH_VAR": str(var),
            "INKRUSH_MODELS": str(registry.folder),
            "INKRUSH_DATABASE_URL": database_url,
            "INKRUSH_DATA": str(_link_base_data(var / "data", only_pictures=folder != BUNDLED)),
        }
        asyncio.run(_store_rounds(database_url, rounds))
        retrain = _run_retrain(environment)
        after = registry.find_current()
        quarantined = asyncio.run(_list_quarantined(database_url))
        again = _run_retrain(environment)
        samples = ComparisonSet("", by_others.to_images(), by_others.labels, ("any",) * len(by_others))
        old, new = (predict_labels(Model.load(version), samples).is_right for version in (before, after))
        comparison, _ = compare_people("other writers", old, new, [str(writer) for writer in by_others.writers])
        players = {round_.id: round_.player for round_ in rounds}
        return Trial(
            champion=champion,
            labels=labels,
            rounds=len(rounds),
            people=len(set(players.values())),
            compared_on=len(by_others),
            before=comparison.champion,
            after=comparison.challenger,
            difference=(comparison.difference, comparison.low, comparison.high),
            promoted=before != after,
            vandal_quarantined=sum(players[round_id] == VANDAL for round_id in quarantined),
            quarantined=len(quarantined),
            retrain=retrain,
            again=again,
        )


def _run_retrain(environment: Mapping[str, str]) -> CommandRun:
    """Run the command in a process of its own and wait for it.

    Raises:
        SystemExit: if it fails.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "training", "retrain"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().strip()
    if process.returncode:
        raise SystemExit(f"The retrain failed ({process.returncode}): {text}")
    return CommandRun(
        seconds=round(time.monotonic() - started, 1),
        cpu_seconds=round(usage.ru_utime + usage.ru_stime, 1),
        peak_mb=round(usage.ru_maxrss * 1024 / 1e6),
        outcome=text.splitlines()[-1],
    )


def _split_writers(drawings: StrokeSet) -> tuple[StrokeSet, StrokeSet]:
    """Return the drawings of the players, and those of the other writers."""
    writers = np.random.default_rng(_SEED).permutation(np.unique(drawings.writers))
    by_others, by_players = drawings.split(writers[: round(len(writers) * _PLAYER_SHARE)])
    return by_players, by_others


def _link_base_data(folder: Path, *, only_pictures: bool) -> Path:
    """Return a data folder without the validation writers, and if ``only_pictures`` without any pen strokes."""
    whole = find_data_folder().resolve()
    for path in sorted(path for path in whole.rglob("*") if path.is_file()):
        name = str(path.relative_to(whole))
        if name in UNIPEN_VALIDATION.files or (only_pictures and name not in _PICTURES):
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(path)
    return folder


async def _store_rounds(url: str, rounds: Sequence[Round]) -> None:
    store = await open_store(url)
    try:
        await store.add_rounds(rounds)
    finally:
        await store.close()


async def _list_quarantined(url: str) -> list[str]:
    store = await open_store(url)
    try:
        return [doubt.round for doubt in await store.quarantine.list_doubts()]
    finally:
        await store.close()


if __name__ == "__main__":
    main()
