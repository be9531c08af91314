"""Who is trained on, and who is held out."""

from __future__ import annotations

import shutil
from pathlib import Path

from training.datasets.splits import split_unipen


def test_drawings_of_validation_writers_are_not_trained_on_under_another_name(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unipen62"
    folder.mkdir()
    shutil.copy(data / "unipen62/train.npz", folder / "train.npz")
    assert len(split_unipen(tmp_path)[0]) > 0
    shutil.copy(data / "unipen62/train.npz", folder / "val.npz")
    training, held_out = split_unipen(tmp_path)
    assert len(training) == 0
    assert len(held_out) > 0
