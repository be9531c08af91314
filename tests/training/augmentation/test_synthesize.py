"""Rounds that nobody drew, on the small data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from feedback.records import SYNTHETIC
from feedback.store import open_store
from recognition import Recognizer
from recognition.page.images import open_gray
from recognition.page.segment import find_character
from training.augmentation.synthesize import BATCH, load_sets, make_synthetic_rounds, rotate_images
from training.datasets.sources import DataMissing
from training.retrain.held_out import Judges
from training.retrain.rounds.labeled_round import label_rounds


async def test_synthetic_rounds_are_stored_and_belong_to_no_player(data: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "training", "synthesize", "--count", "30"],
        env={**os.environ, "INKRUSH_VAR": str(tmp_path), "INKRUSH_DATA": str(data), "INKRUSH_DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    store = await open_store(f"sqlite:///{tmp_path}/inkrush.db")
    counts = await store.read_counts()
    rounds = [round_ async for round_ in store.read_rounds()]
    await store.close()
    assert counts.by_source == {"synthetic": 30}
    assert (counts.players, counts.labeled) == (0, 0)
    assert not Judges(below=1.0).is_judge(SYNTHETIC)
    assert all(round_.label and round_.predicted and round_.image for round_ in rounds)
    assert {round_.drawing is None for round_ in rounds} == {True, False}
    labeled, refused = label_rounds(rounds, {})
    assert not refused
    assert {round_.label_by for round_ in labeled} == {"nobody"}


def test_the_same_seed_makes_the_same_drawings(data: Path) -> None:
    recognizer = Recognizer.load()
    once, again, other = (
        list(chain.from_iterable(make_synthetic_rounds(BATCH + 3, seed, load_sets(data), recognizer)))
        for seed in (1, 1, 2)
    )
    assert len(once) == BATCH + 3
    assert [(r.label, r.drawing, r.crop) for r in once] == [(r.label, r.drawing, r.crop) for r in again]
    assert [r.drawing for r in once] != [r.drawing for r in other]
    points = [v for r in once for stroke in r.drawing or () for axis in stroke[:2] for v in axis]
    assert 0 <= min(points) <= max(points) <= 1023


def test_digits_are_rotated_by_thirty_degrees_at_most() -> None:
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 13:15] = 255
    angles = []
    for picture in rotate_images(np.repeat(bar[None], 200, axis=0), np.random.default_rng(3)):
        y, x = np.nonzero(picture > 100)
        main = np.linalg.svd(np.stack([x - x.mean(), y - y.mean()]))[0][:, 0]
        angles.append(float(np.degrees(np.arcsin(abs(main[0])))))
    assert 20 < max(angles) <= 31


def test_missing_data_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        load_sets(tmp_path)


def test_crops_can_be_read_like_uploads(data: Path) -> None:
    (batch,) = make_synthetic_rounds(20, 1, load_sets(data), Recognizer.load())
    crops = [round_.crop for round_ in batch if round_.crop]
    assert crops
    for crop in crops:
        gray, _ = open_gray(crop)
        assert gray.shape == (28, 28)
        assert find_character(crop) is not None
