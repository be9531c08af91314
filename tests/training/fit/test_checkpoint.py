"""A training that was stopped goes on where it was, if its checkpoint is whole and of the same training."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from training.fit.checkpoint import Checkpoint

pytestmark = pytest.mark.slow

RANDOM = np.random.default_rng(1)
INPUTS, TRUTHS = RANDOM.normal(size=(64, 3)), RANDOM.normal(size=(64, 2))


def make_network(outputs: int = 2) -> keras.Model:
    keras.utils.set_random_seed(1)
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(outputs)])
    network.compile(keras.optimizers.AdamW(0.01, use_ema=True), "mse")
    return network


def train(network: keras.Model, path: Path, epochs: int, plan: str = "plan") -> list[str]:
    messages: list[str] = []
    checkpoint = Checkpoint(path, plan, messages.append)
    done = checkpoint.restore(network)
    network.fit(
        INPUTS, TRUTHS, initial_epoch=done, epochs=epochs, callbacks=[checkpoint], shuffle=False, verbose=0
    )
    return [*messages, f"{done} epochs were done"]


def test_a_resumed_training_ends_like_one_that_was_not_stopped(tmp_path: Path) -> None:
    whole, resumed = make_network(), make_network()
    train(whole, tmp_path / "whole", epochs=4)
    train(make_network(), tmp_path / "stopped", epochs=2)
    assert train(resumed, tmp_path / "stopped", epochs=4) == ["2 epochs were done"]
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_damaged_checkpoint_is_thrown_away_and_the_training_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    train(make_network(), path, epochs=1)
    path.write_bytes(path.read_bytes()[:-10])
    assert train(make_network(), path, epochs=1) == [
        f"{path} is damaged. The training begins anew.",
        "0 epochs were done",
    ]
    assert train(make_network(), path, epochs=1) == ["1 epochs were done"]


@pytest.mark.parametrize(("outputs", "plan"), [(2, "another plan"), (3, "plan")])
def test_a_checkpoint_of_another_training_is_not_used(tmp_path: Path, outputs: int, plan: str) -> None:
    path = tmp_path / "checkpoint"
    train(make_network(), path, epochs=1)
    network = make_network(outputs)
    before = network.get_weights()
    messages: list[str] = []
    assert Checkpoint(path, plan, messages.append).restore(network) == 0
    assert messages == [f"{path} is of another training, so this one begins anew."]
    for one, other in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
