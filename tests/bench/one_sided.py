"""One-sided months: what players are asked for must not change how everybody else is read.

``INKRUSH_DATA=data python -m tests.bench.one_sided`` lets half of a set's writers play nothing but digits, or
nothing but letters, or nothing but one character. It trains the champion on these rounds as `retrain` does, and
measures how the other half is read, alphabet by alphabet. Then the halves change places. In the month "school" the
players draw all characters, many of them in another form than most people.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from recognition import Recognizer
from recognition.alphabets import CLASSES, DIGITS
from recognition.model.calibration import ALPHABET_INDICES
from recognition.model.card import read_card
from recognition.model.network import BUNDLED
from tests.bench.month import Habits, merge_rounds, simulate_month
from training.augmentation.strokes import augment_paths
from training.augmentation.variants import FORMS, vary_forms
from training.datasets.sources import UNIPEN_VALIDATION, find_data_folder
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints
from training.fit.weights import load_networks
from training.retrain.base_data import ReplaySet, load_replay
from training.retrain.base_gate import find_right
from training.retrain.compare import Mask, compute_people_interval
from training.retrain.fine_tune import fine_tune
from training.retrain.rounds.labeled_round import LabeledRound, label_rounds

_SEED: Final = 4
_ALPHABETS: Final = ("digits", "upper", "lower", "letters", "any")
_PLAYED_SHARE: Final = 0.6  # of a player's drawings; the others show what the player gains
_LEAST_ROUNDS: Final = 40  # of a player in a month of one character: the few drawings there are, altered each time

_MONTHS: Final[dict[str, str]] = {
    "digits": DIGITS,
    "letters": CLASSES[len(DIGITS) :],
    "7": "7",
    "e": "e",
    "all": CLASSES,
    "school": CLASSES,
}
"""By name, the characters that are drawn."""


def main() -> None:
    """Measure the months and print a row for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.one_sided", description=__doc__)
    parser.add_argument(
        "--champion", type=Path, default=BUNDLED, help="folder of the model (default: the bundled one)"
    )
    parser.add_argument(
        "--writers",
        choices=("held-out", "val"),
        default="held-out",
        help="the held-out training writers, to choose by, or the validation writers, to report on",
    )
    parser.add_argument("--months", choices=_MONTHS, nargs="*", default=list(_MONTHS))
    parser.add_argument("--out", type=Path, default=Path("var/one_sided.json"))
    chosen = parser.parse_args()
    data = find_data_folder()
    is_held_out = chosen.writers == "held-out"
    drawings = split_unipen(data)[1] if is_held_out else StrokeSet.load(data / UNIPEN_VALIDATION.files[0])
    replay = load_replay(read_card(chosen.champion), data)
    rows = [_measure_month(name, drawings, chosen.champion, replay) for name in chosen.months]
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(format_table(rows))


def format_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the months as a table in Markdown; differences in percentage points, with intervals by writer."""
    lines = [
        "| month | rounds | CPU seconds | "
        + " | ".join(_ALPHABETS)
        + " | letters read as digits | players' own |",
        "| --- " * (len(_ALPHABETS) + 5) + "|",
    ]
    for row in rows:
        cells = [
            f"{100 * d:+.2f} ({100 * low:+.2f} to {100 * high:+.2f})" for d, low, high in row["others"].values()
        ]
        as_digits = " → ".join(f"{100 * share:.2f} %" for share in row["letters_as_digits"])
        lines.append(
            f"| {row['month']} | {row['rounds']:,} | {row['seconds']:.0f} | {' | '.join(cells)} | {as_digits} | "
            f"{100 * row['own'][0]:+.2f} |"
        )
    return "\n".join(lines)


def _measure_month(month: str, drawings: StrokeSet, champion: Path, replay: Sequence[ReplaySet]) -> dict[str, Any]:
    """Let each half of the writers play, and return how the other half is read before and after."""
    writers = np.random.default_rng(_SEED).permutation(np.unique(drawings.writers))
    halves = writers[: len(writers) // 2], writers[len(writers) // 2 :]
    # Drawings, whether they are by players, and the scores before and after.
    pieces: list[tuple[StrokeSet, Mask, Floats, Floats]] = []
    rounds, seconds = 0, 0.0
    for players in halves:
        by_others, by_players = drawings.split(players)
        played, kept = _divide(by_players, month)
        networks = load_networks(champion)
        tests = [(by_others, False), (kept, True)]
        before = [_predict(networks.drawings, samples) for samples, _ in tests]
        labeled = _play(played, champion)
        started = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            fine_tune(networks, labeled, replay, Path(folder), _SEED)
        seconds += time.process_time() - started
        rounds += len(labeled)
        for (samples, is_own), old in zip(tests, before, strict=True):
            is_players = np.full(len(samples), is_own)
            pieces.append((samples, is_players, old, _predict(networks.drawings, samples)))
    labels = np.concatenate([samples.labels for samples, *_ in pieces])
    who = np.concatenate([samples.writers for samples, *_ in pieces])
    is_players, old, new = (np.concatenate([piece[k] for piece in pieces]) for k in (1, 2, 3))
    others = {name: _compare(old, new, labels, who, ~is_players, name) for name in _ALPHABETS}
    letters = ~is_players & (labels >= len(DIGITS))
    return {
        "month": month,
        "rounds": rounds,
        "seconds": seconds,
        "others": others,
        "letters_as_digits": [
            _measure_letters_as_digits(scores[letters], labels[letters]) for scores in (old, new)
        ],
        "own": _compare(old, new, labels, who, is_players, "any"),
    }


def _divide(by_players: StrokeSet, month: str) -> tuple[StrokeSet, StrokeSet]:
    """Return what the players draw, and other drawings of theirs that show what they gain."""
    random = np.random.default_rng(_SEED)
    if month == "school":
        strokes = vary_forms(by_players.strokes, by_players.labels, random, share=1.0)
        by_players = replace(by_players, strokes=strokes)
    is_played = random.random(len(by_players)) < _PLAYED_SHARE
    is_drawn = np.isin(by_players.labels, [CLASSES.index(character) for character in _MONTHS[month]])
    own = (
        np.isin(by_players.labels, [CLASSES.index(character) for character in FORMS])
        if month == "school"
        else is_drawn
    )
    played, kept = (
        by_players.take(np.flatnonzero(is_played & is_drawn)),
        by_players.take(np.flatnonzero(~is_played & own)),
    )
    return (_repeat(played, random) if len(_MONTHS[month]) == 1 else played), kept


def _repeat(drawings: StrokeSet, random: np.random.Generator) -> StrokeSet:
    chosen = np.concatenate(
        [
            random.choice(np.flatnonzero(drawings.writers == writer), _LEAST_ROUNDS)
            for writer in np.unique(drawings.writers)
        ]
    )
    repeated = drawings.take(chosen)
    return replace(repeated, strokes=augment_paths(repeated.strokes, random))


def _play(drawings: StrokeSet, champion: Path) -> list[LabeledRound]:
    months = simulate_month(drawings, Recognizer.load(champion), Habits(mistakes=0), _SEED)
    labeled, _ = label_rounds(merge_rounds(list(months)), {})
    return [round_ for round_ in labeled if round_.label_by != "prompt"]


def _predict(network: Any, drawings: StrokeSet) -> Floats:
    """Return float64 (N, 62), the network's probabilities."""
    chunks = [np.arange(start, min(start + 1024, len(drawings))) for start in range(0, len(drawings), 1024)]
    channels = network.input_shape[-1]
    scale = np.float32(1 / 255)
    return np.concatenate(
        [
            np.asarray(
                network(drawings.take(chunk).to_images()[..., :channels] * scale, training=False), np.float64
            )
            for chunk in chunks
        ]
    )


def _compare(
    old: Floats, new: Floats, labels: Ints, writers: Ints, chosen: Mask, alphabet: str
) -> tuple[float, float, float]:
    """Return the difference of the shares read right, and its interval by writer."""
    rows = np.flatnonzero(chosen & np.isin(labels, ALPHABET_INDICES[alphabet]))
    before, after = (find_right(scores[rows], labels[rows], alphabet) for scores in (old, new))
    low, high = compute_people_interval(before, after, writers[rows])
    return float(after.mean() - before.mean()), low, high


def _measure_letters_as_digits(scores: Floats, labels: Ints) -> float:
    """Return the share of letters that are read as a digit that does not look like them."""
    is_digit = scores.argmax(axis=1) < len(DIGITS)
    return float((is_digit & ~find_right(scores, labels, "any")).mean())


if __name__ == "__main__":
    main()
