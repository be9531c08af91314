"""``python -m training marks``: the network of marks is trained, measured and can be loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.page.marks import FRAME_SIDE, MarkNetwork
from tests.training.command import run_training

pytestmark = pytest.mark.slow


def test_train_marks(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "marks"
    trained = run_training(data, "marks", "--out", str(out), "--pages", "12", "--epochs", "1")
    assert trained.returncode == 0, trained.stderr
    assert "epoch 1 of 1" in trained.stdout
    assert "| character |" in trained.stdout
    frames = np.zeros((2, FRAME_SIDE, FRAME_SIDE, 2), dtype=np.uint8)
    assert np.isfinite(MarkNetwork.load(out / "marks.tflite").compute_kinds(frames)).all()


def test_missing_data_is_named(tmp_path: Path) -> None:
    trained = run_training(tmp_path, "marks", "--out", str(tmp_path / "marks"))
    assert trained.returncode == 1
    assert "unipen62" in trained.stderr
