"""``python -m training train`` and ``evaluate``: a model is trained, exported, evaluated and served."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognition import Recognizer, UnfitModel
from recognition.alphabets import CLASSES
from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model
from recognition.model.registry import ModelRegistry
from tests.strokes import Samples
from tests.training.command import run_training, run_without_tensorflow
from training.commands import train
from training.datasets.sources import EMNIST, MNIST, PENDIGITS, PHOTOS, UNIPEN
from training.evaluation.report import HTML_FILE
from training.fit.progress import ProgressBars
from training.recipes import residual
from training.recipes.catalog import RECIPES
from training.recipes.hyperparameters import AugmentedTraining

pytestmark = pytest.mark.slow

SAVES_NETWORKS = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # from Keras, as it does so


@SAVES_NETWORKS
def test_train_and_evaluate(data: Path, tmp_path: Path, samples: Samples) -> None:
    out = tmp_path / "model"
    trained = run_training(data, "train", "--recipe", "original-62", "--out", str(out))
    assert trained.returncode == 0, trained.stderr
    assert "epoch 10 of 10" in trained.stdout

    card = json.loads((out / CARD_FILE).read_text())
    assert card["version"] in trained.stdout
    assert card["recipe"] == {"name": "original-62", "seed": 1}
    assert len(card["data"]) == 5
    assert [figures["character"] for figures in card["figures"]["by_character"]] == list(CLASSES)

    prediction = Recognizer.load(out).recognize(samples.get("7")[0].strokes)
    assert np.isfinite([c.probability for c in prediction.candidates]).all()

    report = tmp_path / "report"
    models = ("--model", str(out), "--model", str(BUNDLED))
    evaluated = run_training(data, "evaluate", *models, "--out", str(report))
    assert evaluated.returncode == 0, evaluated.stderr
    assert "look-alikes" in evaluated.stdout
    assert card["version"] in (report / HTML_FILE).read_text()


@SAVES_NETWORKS
def test_a_training_that_was_stopped_resumes_after_its_last_epoch(data: Path, tmp_path: Path) -> None:
    class Stopped(ProgressBars):
        def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
            if epoch == 1:
                raise KeyboardInterrupt
            super().on_epoch_begin(epoch, logs)

    name = "original-62"
    short = replace(RECIPES[name], hyperparameters=replace(RECIPES[name].hyperparameters, epochs=2))
    command = ("train", "--recipe", name, "--out", str(tmp_path / "model"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "RECIPES", {**RECIPES, name: short})
        with patch.context() as stopping:
            stopping.setattr("training.fit.train.ProgressBars", Stopped)
            assert "Run the same command again" in run_training(data, *command).stderr
        resumed = run_training(data, *command)
    assert resumed.returncode == 0, resumed.stderr
    assert "epoch 1 of 2" not in resumed.stdout
    assert "epoch 2 of 2" in resumed.stdout
    assert not (tmp_path / "model" / "checkpoints").exists()


@SAVES_NETWORKS
@pytest.mark.parametrize(("recipe", "classes"), [("original-digits", 10), ("original-letters", 52)])
def test_models_of_some_characters_can_be_trained_but_cannot_serve(
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


def test_missing_data_is_reported_before_anything_slow(tmp_path: Path) -> None:
    """Without TensorFlow, a command that got as far as training would fail in another way."""
    missing = run_without_tensorflow("train", data=tmp_path)
    assert missing.returncode == 1
    for source in (UNIPEN, PENDIGITS, MNIST, EMNIST):
        assert all(str(tmp_path / file) in missing.stderr for file in source.files)
    assert "needed and missing" in missing.stderr
    assert "optional" in missing.stdout
    assert str(tmp_path / PHOTOS.files[0]) in missing.stdout
    assert str(tmp_path / PHOTOS.files[0]) not in missing.stderr
    assert run_training(tmp_path, "evaluate").returncode == 1


@SAVES_NETWORKS
def test_the_default_recipe_works_without_photos_and_says_so_in_the_card(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("paper62"))
    out = tmp_path / "model"
    name = "residual-62"
    hyperparameters = RECIPES[name].hyperparameters
    assert isinstance(hyperparameters, AugmentedTraining)
    assert hyperparameters.pictures is not None
    assert hyperparameters.distillation is not None
    pictures = replace(hyperparameters.pictures, copies=2)
    distillation = replace(hyperparameters.distillation, widths=(4, 8), epochs=1)
    short = replace(
        RECIPES[name],
        build_network=lambda classes: residual.build_network(classes, width=4),
        hyperparameters=replace(
            hyperparameters, epochs=1, batch=128, folds=2, distillation=distillation, pictures=pictures
        ),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "RECIPES", {**RECIPES, name: short})
        trained = run_training(folder, "train", "--out", str(out))
    assert trained.returncode == 0, trained.stderr
    assert "teachers, epoch 1 of 1" in trained.stdout
    assert "copy 2 of 2" in trained.stdout
    assert str(folder / PHOTOS.files[0]) in trained.stdout
    card = read_card(out)
    assert card["left_out"] == [PHOTOS.name]
    assert PHOTOS.name not in [source["name"] for source in card["data"]]
    assert Model.load(out).card["recipe"] == {"name": name, "seed": 1}
    Model.load(out).check_serves()


def test_help_lists_the_recipes(tmp_path: Path) -> None:
    shown = run_training(tmp_path, "train", "--help").stdout
    unknown = run_training(tmp_path, "train", "--recipe", "nonsense")
    assert unknown.returncode == 2
    for name in RECIPES:
        assert name in shown
        assert name in unknown.stderr


def test_wrong_use_exits_with_2(tmp_path: Path) -> None:
    for wrong in (["evaluate", *["--model", str(BUNDLED)] * 3], []):
        assert run_training(tmp_path, *wrong).returncode == 2


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("--nonsense", 2)])
def test_the_program_exits_with_the_status_of_its_command(argument: str, status: int) -> None:
    ended = run_without_tensorflow(argument)
    assert ended.returncode == status
