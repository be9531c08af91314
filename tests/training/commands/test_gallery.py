"""``python -m training gallery``, on the small data folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition import Recognizer
from recognition.alphabets import CLASSES
from recognition.explain.gallery import GALLERY_FILE, Gallery
from recognition.render import render
from tests.training.command import run_training
from training.datasets.strokes import StrokeSet


def test_it_writes_a_gallery_that_explanations_can_use(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawings: StrokeSet
) -> None:
    monkeypatch.setenv("INKRUSH_VAR", str(tmp_path / "var"))
    bundled = GALLERY_FILE.read_bytes()
    assert run_training(data, "gallery").returncode == 0
    assert run_training(data, "gallery", "--out", str(tmp_path / "again.npz")).returncode == 0
    written = tmp_path / "var/gallery/drawings.npz"
    assert written.read_bytes() == (tmp_path / "again.npz").read_bytes()
    assert GALLERY_FILE.read_bytes() == bundled

    gallery = Gallery.load(written)
    assert sum(len(gallery.get_drawings(character)) for character in CLASSES) >= len(CLASSES)
    points = np.concatenate([stroke for example in gallery.get_drawings("g") for stroke in example])
    assert points.min() >= 0
    assert points.max() <= 1023
    # The examples are real drawings: they look the same to the model, and it reads them right.
    recognizer = Recognizer.load()
    example = gallery.get_drawings("7")[0]
    assert recognizer.recognize(example, "digits").label == "7"
    originals = render(drawings.take(np.flatnonzero(drawings.labels == 7)).strokes)[..., 0].astype(int)
    image = recognizer.recognize(example).image.astype(int)
    assert np.abs(originals - image).mean(axis=(1, 2)).min() < 1


def test_missing_data_is_reported(tmp_path: Path) -> None:
    failed = run_training(tmp_path, "gallery", "--out", str(tmp_path / "drawings.npz"))
    assert failed.returncode == 1
    assert str(tmp_path / "unipen62/train.npz") in failed.stderr
    assert not (tmp_path / "drawings.npz").exists()
