"""The whole loop, small: a model that reads badly, players who make it better, a vandal, and a run cut short."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from unittest.mock import ANY

import keras
import numpy as np
import pytest

from feedback.records import Round
from feedback.store import open_store
from recognition import Recognizer
from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE, ModelRegistry
from recognition.render import render
from recognition.strokes import join_batches, parse_strokes
from tests.strokes import Samples
from tests.training.player_rounds import list_player_ids, make_drawing, make_drawn_round, make_month
from training.commands.retrain import retrain_once
from training.evaluation.report import HTML_FILE, JSON_FILE
from training.fit.weights import load_networks
from training.retrain import challenger, fine_tune

pytestmark = pytest.mark.slow

VANDAL = next(list_player_ids(judges=False)) + "-vandal"


def promote_a_bad_reader(registry: ModelRegistry, data: Path) -> None:
    """Promote the bundled model with noise added to its last layer."""
    networks = load_networks(BUNDLED)
    network = networks.drawings
    weights, bias = network.layers[-1].get_weights()
    noise = np.random.default_rng(1).normal(0, 4 * weights.std(), weights.shape)
    network.layers[-1].set_weights([0.3 * (weights + noise), 0.3 * bias])
    card = {**read_card(BUNDLED), "calibration": {}}
    files = challenger.make_challenger(networks, card, {}, data)
    bad = json.loads(files[CARD_FILE])
    registry.add(files[MODEL_FILE], bad, {WEIGHTS_FILE: files[WEIGHTS_FILE]})
    registry.promote(str(bad["version"]))


async def store_rounds(var: Path, rounds: list[Round]) -> None:
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    await store.add_rounds(rounds)
    await store.close()


async def list_quarantined(var: Path) -> set[str]:
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    doubts = {doubt.round for doubt in await store.quarantine.list_doubts()}
    await store.close()
    return doubts


def press_ctrl_c(*_: object) -> keras.callbacks.Callback:
    """Return a callback that stops the run in its second epoch. It takes the place of the progress bars."""

    def stop(epoch: int, _logs: object) -> None:
        if epoch == 1:
            raise KeyboardInterrupt

    return keras.callbacks.LambdaCallback(on_epoch_begin=stop)


async def test_play_makes_the_model_better_and_a_vandal_changes_nothing(
    var: Path, data: Path, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = ModelRegistry(var / "models")
    promote_a_bad_reader(registry, data)
    before = registry.find_current()
    some = Samples(tuple(samples)[::3])
    vandal = [
        make_drawn_round(sample, player=VANDAL, label="7", drawing=make_drawing(sample, narrower=0.97))
        for sample in some
        if sample.label != "7"
    ]
    await store_rounds(var, [*make_month(some, trainers=4, judges=10), *vandal])

    monkeypatch.setattr(fine_tune, "STEP_LIMITS", (20, 20))
    with monkeypatch.context() as patched:
        patched.setattr("training.retrain.fine_tune.ProgressBars", press_ctrl_c)
        with pytest.raises(KeyboardInterrupt):
            await asyncio.to_thread(retrain_once, "store", lambda _: None)
    assert registry.find_current() == before
    assert await list_quarantined(var) >= {round_.id for round_ in vandal}
    # A round that is played meanwhile waits for the next retrain.
    await store_rounds(var, [make_drawn_round(samples.get("7")[1], player=next(list_player_ids(judges=True)))])

    messages: list[str] = []
    outcome = await asyncio.to_thread(retrain_once, "store", messages.append)
    assert "Resuming the retrain that was interrupted." in messages
    assert "takes over" in outcome

    after = registry.find_current()
    card = read_card(after)
    assert after != before
    assert card["parent"] == read_card(before)["version"]
    assert card["learned"] == {
        "rounds": 4 * len(some),
        "players": 4,
        "by_source": {"draw": 4 * len(some)},
        "trained_from": ANY,
    }
    assert registry.read_history()[-1].why == f"retrained on {4 * len(some)} rounds of 4 players"
    report = json.loads((after / JSON_FILE).read_text())
    assert report["promoted"] is True
    assert report["players"]["samples"] == 10 * len(some)
    assert report["trial"]["judges"] == report["trial"]["gaining"] == 10
    assert report["players"]["gained"] > report["players"]["lost"]
    assert report["players_not_believed"] == 1
    assert report["refused"]["not_believed"] == len(vandal)
    page = (after / HTML_FILE).read_text()
    assert "The challenger takes over" in page
    assert page.count('class="drawing"') > 20
    assert not (var / "retrain" / "unfinished").exists()
    assert Recognizer.load(after).recognize(samples.get("7")[0].strokes, "digits").label == "7"
    assert load_networks(after).parameters == load_networks(before).parameters

    # The rounds that chose this model do not judge its own challengers. One round was played since.
    message = await asyncio.to_thread(retrain_once, "store", lambda _: None)
    assert "drew 1 time since the last trial. 49 more drawings" in message
    assert registry.find_current() == after


def test_the_bundled_model_comes_with_its_own_weights(samples: Samples) -> None:
    network, model = load_networks(BUNDLED).drawings, Model.load(BUNDLED)
    images = render(join_batches([parse_strokes(sample.strokes) for sample in samples]))
    by_weights = np.asarray(network(images[..., : network.input_shape[-1]] / np.float32(255), training=False))
    served = np.stack([model.compute_scores(image) for image in images])
    assert (by_weights.argmax(axis=1) == served.argmax(axis=1)).mean() > 0.98
