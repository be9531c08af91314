"""The loop, small: a model that reads badly, players who teach it, a vandal, and a run that is broken off."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from feedback.store import open_store
from recognition import Recognizer
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, Model
from recognition.model.registry import WEIGHTS_FILE, ModelRegistry
from recognition.render import render
from recognition.strokes import join_batches, parse_strokes
from tests.strokes import Samples
from tests.training.command import run_training
from tests.training.playing import drawing_of, drawn, month, players
from training.commands.retrain import once
from training.evaluation.report import HTML_FILE, JSON_FILE
from training.fit.weights import load_networks
from training.retrain import challenger, fine_tune

VANDAL = next(players(judging=False)) + "-vandal"


@pytest.fixture
def var(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKRUSH_VAR", str(tmp_path))
    monkeypatch.setenv("INKRUSH_DATA", str(data))
    for name in ("INKRUSH_MODELS", "INKRUSH_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def use_a_bad_reader(versions: ModelRegistry, data: Path, folder: Path) -> None:
    """Put the bundled model to use with its last layer blurred."""
    networks = load_networks(BUNDLED)
    network = networks.drawings
    weights, bias = network.layers[-1].get_weights()
    noise = np.random.default_rng(1).normal(0, 4 * weights.std(), weights.shape)
    network.layers[-1].set_weights([0.3 * (weights + noise), 0.3 * bias])
    card = {**read_card(BUNDLED), "calibration": {}}
    challenger.make_challenger(networks, card, {}, data, folder)
    bad = Model.load(folder)
    files = {WEIGHTS_FILE: (folder / WEIGHTS_FILE).read_bytes()}
    versions.add((folder / "model.tflite").read_bytes(), bad.card, files)
    versions.promote(str(bad.card["version"]))


async def keep(var: Path, rounds: list[Any]) -> None:
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    await store.add_rounds(rounds)
    await store.close()


async def in_doubt(var: Path) -> list[str]:
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    doubts = [doubt.round for doubt in await store.quarantined()]
    await store.close()
    return doubts


def pressing_ctrl_c(*_: object) -> keras.callbacks.Callback:
    """Return what takes the place of the progress bars: somebody who stops the run in its second epoch."""

    def stop(epoch: int, _logs: object) -> None:
        if epoch == 1:
            raise KeyboardInterrupt

    return keras.callbacks.LambdaCallback(on_epoch_begin=stop)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # from Keras, as it leaves a checkpoint
async def test_play_makes_the_model_better_and_a_vandal_changes_nothing(
    var: Path, data: Path, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = ModelRegistry(var / "models")
    use_a_bad_reader(versions, data, var / "bad")
    before = versions.find_current()
    some = Samples(tuple(samples)[::3])
    vandal = [
        drawn(s, player=VANDAL, label="7", drawing=drawing_of(s, narrower=0.97)) for s in some if s.label != "7"
    ]
    await keep(var, [*month(some, teaching=4, judging=2), *vandal])

    monkeypatch.setattr(fine_tune, "STEPS", (20, 20))
    with monkeypatch.context() as patched:
        patched.setattr("training.retrain.fine_tune.ProgressBars", pressing_ctrl_c)
        with pytest.raises(KeyboardInterrupt):
            await asyncio.to_thread(once, "store", lambda _: None)
    assert versions.find_current() == before
    assert set(await in_doubt(var)) >= {one.id for one in vandal}
    # What is played meanwhile waits for the next time.
    await keep(var, [drawn(samples.get("7")[1], player=next(players(judging=True)))])

    said: list[str] = []
    sentence = await asyncio.to_thread(once, "store", said.append)
    assert "Going on with the retrain that was broken off." in said
    assert "takes over" in sentence

    after = versions.find_current()
    card = read_card(after)
    assert after != before
    assert card["parent"] == read_card(before)["version"]
    assert card["learned"] == {"rounds": 4 * len(some), "players": 4, "by_source": {"draw": 4 * len(some)}}
    assert versions.read_history()[-1].why == f"retrained on {4 * len(some)} rounds of 4 players"
    report = json.loads((after / JSON_FILE).read_text())
    assert report["promoted"] is True
    assert report["players"]["samples"] == 2 * len(some)
    assert report["players"]["gained"] > report["players"]["lost"]
    assert report["players_not_believed"] == 1
    page = (after / HTML_FILE).read_text()
    assert "The challenger takes over" in page
    assert page.count('class="drawing"') > 20
    assert not (var / "retrain" / "unfinished").exists()
    assert Recognizer.load(after).recognize(samples.get("7")[0].strokes, "digits").label == "7"
    assert load_networks(after).parameters == load_networks(before).parameters


def test_too_few_rounds_are_no_failure_and_missing_base_data_is_one(var: Path, data: Path) -> None:
    little = run_training(data, "retrain")
    assert little.returncode == 0, little.stderr
    assert "Too little to learn from yet: 0 rounds" in little.stdout
    bare = run_training(var / "nothing", "retrain")
    assert bare.returncode == 1
    assert "python -m training fetch" in bare.stderr.replace("\n", "")
    assert run_training(data, "retrain", "--every", "often").returncode == 2


def test_a_model_without_weights_cannot_be_taught_further(var: Path, data: Path) -> None:
    versions = ModelRegistry(var / "models")
    versions.add((BUNDLED / "model.tflite").read_bytes(), {**read_card(BUNDLED), "version": "served-only"})
    versions.promote("served-only")
    refused = run_training(data, "retrain")
    assert refused.returncode == 1
    assert WEIGHTS_FILE in refused.stderr


def test_the_bundled_model_comes_with_its_own_weights(samples: Samples) -> None:
    network, model = load_networks(BUNDLED).drawings, Model.load(BUNDLED)
    images = render(join_batches([parse_strokes(sample.strokes) for sample in samples]))
    taught = np.asarray(network(images[..., : network.input_shape[-1]] / np.float32(255), training=False))
    served = np.stack([model.compute_scores(image) for image in images])
    assert (taught.argmax(axis=1) == served.argmax(axis=1)).mean() > 0.98
