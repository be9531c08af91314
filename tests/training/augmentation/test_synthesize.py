"""Rounds that nobody drew."""

from __future__ import annotations

import os
import subprocess
import sys
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
from training.retrain.held_out import is_judge
from training.retrain.rounds.labeled_round import label_rounds


async def test_they_are_in_the_store_and_are_nobodys(data: Path, tmp_path: Path) -> None:
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
    rounds = [one async for one in store.read_rounds()]
    await store.close()
    assert counts.by_source == {"synthetic": 30}
    assert (counts.players, counts.labeled) == (0, 0)
    assert not is_judge(SYNTHETIC)
    assert all(one.label and one.predicted and one.image for one in rounds)
    assert {one.drawing is None for one in rounds} == {True, False}
    found, refused = label_rounds(rounds, {})
    assert not refused
    assert {one.label_by for one in found} == {"nobody"}


def test_the_same_seed_makes_the_same_drawings(data: Path) -> None:
    recognizer = Recognizer.load()
    once, again, other = (
        [one for batch in make_synthetic_rounds(BATCH + 3, seed, load_sets(data), recognizer) for one in batch]
        for seed in (1, 1, 2)
    )
    assert len(once) == BATCH + 3
    assert [(one.label, one.drawing, one.crop) for one in once] == [(o.label, o.drawing, o.crop) for o in again]
    assert [one.drawing for one in once] != [one.drawing for one in other]
    points = [v for one in once for stroke in one.drawing or () for axis in stroke[:2] for v in axis]
    assert 0 <= min(points) <= max(points) <= 1023


def test_digits_are_turned_by_thirty_degrees_at_most() -> None:
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 13:15] = 255
    angles = []
    for picture in rotate_images(np.repeat(bar[None], 200, axis=0), np.random.default_rng(3)):
        y, x = np.nonzero(picture > 100)
        main = np.linalg.svd(np.stack([x - x.mean(), y - y.mean()]))[0][:, 0]
        angles.append(float(np.degrees(np.arcsin(abs(main[0])))))
    assert 20 < max(angles) <= 31


def test_without_data_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        load_sets(tmp_path)


def test_a_crop_is_read_as_an_uploaded_one(data: Path) -> None:
    (batch,) = make_synthetic_rounds(20, 1, load_sets(data), Recognizer.load())
    crops = [one.crop for one in batch if one.crop]
    assert crops
    for crop in crops:
        grey, _ = open_gray(crop)
        assert grey.shape == (28, 28)
        assert find_character(crop) is not None
