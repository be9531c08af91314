"""The command that chooses the known drawings, on the small data folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition import Recognizer
from recognition.alphabets import CLASSES
from recognition.explain.gallery import Gallery
from recognition.model.network import BUNDLED, Model
from recognition.render import render
from training.__main__ import main
from training.datasets.strokes import StrokeSet
from training.evaluation.gallery import EACH, choose_drawings, load_training_drawings


def test_the_command_writes_a_gallery_that_explanations_can_use(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawings: StrokeSet
) -> None:
    monkeypatch.setenv("INKRUSH_DATA", str(data))
    for name in ("once", "again"):
        assert main(["gallery", "--out", str(tmp_path / name / "drawings.npz")]) == 0
    once, again = (tmp_path / name / "drawings.npz" for name in ("once", "again"))
    assert once.read_bytes() == again.read_bytes()

    gallery = Gallery.load(once)
    assert sum(len(gallery.get_drawings(character)) for character in CLASSES) >= len(CLASSES)
    points = np.concatenate([stroke for known in gallery.get_drawings("g") for stroke in known])
    assert points.min() >= 0
    assert points.max() <= 1023
    # It is the people's own drawings: the model sees them as it saw theirs, and reads them right.
    recognizer = Recognizer.load()
    known = gallery.get_drawings("7")[0]
    assert recognizer.recognize(known, "digits").label == "7"
    theirs = render(drawings.take(np.flatnonzero(drawings.labels == 7)).strokes)[..., 0].astype(int)
    seen = recognizer.recognize(known).image.astype(int)
    assert np.abs(theirs - seen).mean(axis=(1, 2)).min() < 1


def test_what_is_chosen_is_of_the_class_and_of_nobody_held_out(data: Path) -> None:
    taught = load_training_drawings(data)
    assert len(np.unique(taught.writers)) == 18
    chosen = choose_drawings(taught, Model.load(BUNDLED), [7, 40])
    assert set(taught.labels[chosen]) == {7, 40}
    assert len(chosen) == len(set(chosen)) <= 2 * EACH


def test_without_the_data_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INKRUSH_DATA", str(tmp_path))
    assert main(["gallery", "--out", str(tmp_path / "drawings.npz")]) == 1
    assert "unipen62" in capsys.readouterr().err.replace("\n", "")
    assert not (tmp_path / "drawings.npz").exists()
