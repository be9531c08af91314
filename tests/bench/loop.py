"""The loop on real people: ``INKRUSH_DATA=data python -m tests.bench.loop``.

Some of UNIPEN's validation writers play for a month; their rounds go into a store, the model in use is retrained
by the command that a person runs, and other validation writers say whether it reads better than before.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from feedback.store import open_store
from recognition import Recognizer
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE, ModelRegistry
from tests.bench.month import VANDAL, Habits, merge_rounds, simulate_month
from training.datasets.sources import EMNIST, EMNIST_SAMPLE, MNIST, MNIST_TEST, UNIPEN_VALIDATION, find_data_folder
from training.datasets.strokes import StrokeSet
from training.retrain.compare import ComparisonSet, compare, predict_labels

_SEED: Final = 4
_PLAYING: Final = 0.65  # of the writers; the others judge
_PICTURES: Final = (*MNIST.files, *MNIST_TEST.files, *EMNIST.files, *EMNIST_SAMPLE.files)


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One month and one retrain.

    Attributes:
        champion: what the model in use was taught from.
        labels: how people treated labels.
        rounds: how many they played.
        before: share that the champion reads of what other people drew.
        after: share that the model reads that is in use after the retrain.
        difference: and the interval of it, at 95 %.
        p: McNemar's.
        promoted: whether there is a new model in use.
        vandals_kept_apart: of the vandal's rounds, those that are in quarantine or gave no label.
        quarantined: rounds in quarantine.
        seconds: that the retrain took.
        said: what it said.
    """

    champion: str
    labels: str
    rounds: int
    people: int
    judged: int
    before: float
    after: float
    difference: tuple[float, float, float]
    p: float
    promoted: bool
    vandals_kept_apart: int
    quarantined: int
    seconds: float
    said: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.loop", description=__doc__)
    parser.add_argument("--pictures", type=Path, help="folder of a model taught by the recipe pictures-62")
    parser.add_argument("--out", type=Path, default=Path("var/loop.json"), help="(default: %(default)s)")
    parser.add_argument("--only", choices=_TRIALS, nargs="*", help="some of the trials")
    chosen = parser.parse_args()
    found = []
    for name, (is_bundled, labels, habits) in _TRIALS.items():
        if chosen.only and name not in chosen.only:
            continue
        if not is_bundled and chosen.pictures is None:
            continue
        folder = BUNDLED if is_bundled else chosen.pictures
        found.append(_run_trial("everything" if is_bundled else "pictures alone", labels, folder, habits))
        print(msgspec.json.encode(found[-1]).decode(), file=sys.stderr)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps([msgspec.to_builtins(trial) for trial in found], indent=2) + "\n")
    print(format_table(found))


_TRIALS: Final[dict[str, tuple[bool, str, Habits]]] = {
    "pictures": (False, "5 % wrong by every third, a vandal", Habits(vandal=500)),
    "best": (True, "5 % wrong by every third, a vandal", Habits(vandal=500)),
    "garbage": (True, "30 % at random, by everybody", Habits(mistakes=0.3, careless=1)),
}


def format_table(trials: Sequence[Trial]) -> str:
    """Return the trials as a table of Markdown."""
    lines = [
        "| champion taught from | labels | rounds | read before | after | difference (95 %) | p | promoted |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for t in trials:
        middle, low, high = (f"{100 * share:+.2f}" for share in t.difference)
        lines.append(
            f"| {t.champion} | {t.labels} | {t.rounds:,} of {t.people} | {100 * t.before:.2f} % | "
            f"{100 * t.after:.2f} % | {middle} ({low} to {high}) | {t.p:.2g} | {'yes' if t.promoted else 'no'} |"
        )
    return "\n".join(lines)


def _run_trial(champion: str, labels: str, folder: Path, habits: Habits) -> Trial:
    drawings = StrokeSet.load(find_data_folder() / UNIPEN_VALIDATION.files[0])
    players, others = _split_writers(drawings)
    with tempfile.TemporaryDirectory() as place:
        var = Path(place)
        versions = ModelRegistry(var / "models")
        if folder != BUNDLED:
            files = {WEIGHTS_FILE: (folder / WEIGHTS_FILE).read_bytes()}
            card = read_card(folder)
            versions.add((folder / MODEL_FILE).read_bytes(), card, files)
            versions.promote(str(card["version"]))
        rounds = merge_rounds(
            list(simulate_month(players, Recognizer.load(versions.find_current()), habits, _SEED))
        )
        environ = {
            **os.environ,
            "INKRUSH_VAR": place,
            "INKRUSH_MODELS": str(versions.folder),
            "INKRUSH_DATABASE_URL": f"sqlite:///{var}/inkrush.db",
            "INKRUSH_DATA": str(_link_base_data(var / "data", only_pictures=folder != BUNDLED)),
        }
        asyncio.run(_store_rounds(environ["INKRUSH_DATABASE_URL"], rounds))
        before = versions.find_current()
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "training", "retrain"], env=environ, capture_output=True, text=True, check=False
        )
        seconds = time.monotonic() - begun
        if done.returncode:
            raise SystemExit(f"The retrain failed ({done.returncode}): {done.stdout}{done.stderr}")
        after = versions.find_current()
        apart = asyncio.run(_list_quarantined(environ["INKRUSH_DATABASE_URL"]))
        asked = ComparisonSet("", others.to_images(), others.labels, ("any",) * len(others))
        answers = [predict_labels(Model.load(version), asked).is_right for version in (before, after)]
        compared = compare("other writers", *answers)
        players_of = {one.id: one.player for one in rounds}
        return Trial(
            champion=champion,
            labels=labels,
            rounds=len(rounds),
            people=len({one.player for one in rounds}),
            judged=len(others),
            before=compared.champion,
            after=compared.challenger,
            difference=(compared.difference, compared.low, compared.high),
            p=compared.p,
            promoted=before != after,
            vandals_kept_apart=sum(players_of[one] == VANDAL for one in apart),
            quarantined=len(apart),
            seconds=round(seconds, 1),
            said=done.stdout.strip().splitlines()[-1],
        )


def _split_writers(drawings: StrokeSet) -> tuple[StrokeSet, StrokeSet]:
    """Return what players draw, and what others drew."""
    writers = np.random.default_rng(_SEED).permutation(np.unique(drawings.writers))
    others, players = drawings.split(writers[: round(len(writers) * _PLAYING)])
    return players, others


def _link_base_data(folder: Path, *, only_pictures: bool) -> Path:
    """Return a data folder without the people who play and judge; of pictures alone where asked for."""
    whole = find_data_folder().resolve()
    for path in sorted(one for one in whole.rglob("*") if one.is_file()):
        name = str(path.relative_to(whole))
        if name in UNIPEN_VALIDATION.files or (only_pictures and name not in _PICTURES):
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(path)
    return folder


async def _store_rounds(url: str, rounds: Sequence[Any]) -> None:
    store = await open_store(url)
    try:
        await store.add_rounds(rounds)
    finally:
        await store.close()


async def _list_quarantined(url: str) -> list[str]:
    store = await open_store(url)
    try:
        return [doubt.round for doubt in await store.list_doubts()]
    finally:
        await store.close()


if __name__ == "__main__":
    main()
