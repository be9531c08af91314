"""A model taught, exported, judged and served, all by the commands that a person runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recognition import Recognizer, UnfitModel
from recognition.alphabets import CLASSES
from recognition.model.card import CARD_FILE
from recognition.model.network import BUNDLED, MODEL_FILE, Model
from recognition.model.registry import ModelRegistry
from tests.strokes import Samples
from tests.training.command import run_training
from training.evaluation.report import HTML_FILE

pytestmark = pytest.mark.slow

LEAVES_CHECKPOINTS = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # from Keras, as it does so


@LEAVES_CHECKPOINTS
def test_train_and_evaluate(data: Path, tmp_path: Path, samples: Samples) -> None:
    out = tmp_path / "model"
    trained = run_training(data, "train", "--recipe", "original-62", "--out", str(out))
    assert trained.returncode == 0, trained.stderr
    assert "epoch 10 of 10" in trained.stdout

    card = json.loads((out / CARD_FILE).read_text())
    assert card["version"] in trained.stdout
    assert card["recipe"] == {"name": "original-62", "seed": 1}
    assert len(card["data"]) == 5
    assert [one["character"] for one in card["figures"]["by_character"]] == list(CLASSES)

    prediction = Recognizer.load(out).recognize(samples.get("7")[0].strokes)
    assert np.isfinite([c.probability for c in prediction.candidates]).all()

    report = tmp_path / "report"
    models = ("--model", str(out), "--model", str(BUNDLED))
    judged = run_training(data, "evaluate", *models, "--out", str(report))
    assert judged.returncode == 0, judged.stderr
    assert "look-alikes" in judged.stdout
    assert card["version"] in (report / HTML_FILE).read_text()


@LEAVES_CHECKPOINTS
@pytest.mark.parametrize(("recipe", "classes"), [("original-digits", 10), ("original-letters", 52)])
def test_models_of_some_characters_are_compared_and_never_served(
    data: Path, tmp_path: Path, recipe: str, classes: int
) -> None:
    trained = run_training(data, "train", "--recipe", recipe, "--out", str(tmp_path))
    assert trained.returncode == 0, trained.stderr
    assert "validation" in trained.stdout

    card = json.loads((tmp_path / CARD_FILE).read_text())
    assert len(card["classes"]) == classes
    assert len(card["data"]) == 1
    assert Model.load(tmp_path).compute_scores(np.zeros((28, 28, 9), dtype=np.uint8)).shape == (classes,)
    with pytest.raises(UnfitModel, match=f"knows only {classes} characters"):
        Recognizer.load(tmp_path)
    versions = ModelRegistry(tmp_path / "models")
    versions.add((tmp_path / MODEL_FILE).read_bytes(), card)
    with pytest.raises(UnfitModel, match="for comparison"):
        versions.promote(card["version"])


def test_what_is_missing_fails_and_wrong_use_is_told(tmp_path: Path) -> None:
    missing = run_training(tmp_path, "evaluate")
    assert missing.returncode == 1
    assert "INKRUSH_DATA" in missing.stderr
    assert "Traceback" not in missing.stderr
    for wrong in (["train", "--recipe", "nonsense"], ["evaluate", *["--model", "x"] * 3], []):
        assert run_training(tmp_path, *wrong).returncode == 2


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("--nonsense", 2)])
def test_a_program_that_starts_it_is_told_how_it_ended(argument: str, status: int) -> None:
    ended = subprocess.run([sys.executable, "-m", "training", argument], capture_output=True, check=False)
    assert ended.returncode == status
