"""A retrain that is stopped anywhere, or finds anything damaged, never stops a later one."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import pytest

from feedback.store import open_store
from recognition.alphabets import CLASSES
from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE, ModelRegistry
from recognition.render import CHANNELS, SIZE
from tests.strokes import Samples
from tests.training.command import run_training
from tests.training.full_disk import limit_file_size
from tests.training.player_rounds import make_month
from training.commands.retrain import retrain_once
from training.errors import AlreadyRunning
from training.fit.networks import Networks
from training.retrain import fine_tune
from training.retrain.challenger import make_challenger
from training.retrain.lock import hold_lock
from training.retrain.unfinished import UnfinishedRun

pytestmark = pytest.mark.slow

FOLDERS = ("retrain", "models")
LEFT_OVER = ("checkpoint", "challenger")
RESUMED = "Resuming the retrain that was interrupted."


@pytest.fixture
def strokes(data: Path, tmp_path: Path) -> Path:
    """Return a data folder with drawings only, because reading pictures takes seconds."""
    folder = tmp_path / "data"
    shutil.copytree(data / "unipen62", folder / "unipen62")
    return folder


@pytest.fixture
def registry(var: Path, strokes: Path, samples: Samples, monkeypatch: pytest.MonkeyPatch) -> ModelRegistry:
    """Return a registry with a small champion that cannot read, beside a store in which people have played."""
    monkeypatch.setenv("INKRUSH_DATA", str(strokes))
    source = keras.Input((SIZE, SIZE, CHANNELS))
    features = keras.layers.Flatten()(keras.layers.AveragePooling2D(4)(source))
    network = keras.Model(
        source, keras.layers.Dense(len(CLASSES), "softmax", kernel_initializer="zeros")(features)
    )
    files = make_challenger(Networks(network), {**read_card(BUNDLED), "calibration": {}}, {}, strokes)
    card = json.loads(files[CARD_FILE])
    registry = ModelRegistry(var / "models")
    registry.add(files[MODEL_FILE], card, {WEIGHTS_FILE: files[WEIGHTS_FILE]})
    registry.promote(card["version"])

    async def play() -> None:
        store = await open_store(f"sqlite:///{var}/inkrush.db")
        await store.add_rounds(make_month(Samples(tuple(samples)[::6]), trainers=2, judges=7))
        await store.close()

    asyncio.run(play())
    monkeypatch.setattr(fine_tune, "STEP_LIMITS", (20, 20))
    return registry


@dataclass
class Snapshots:
    """Copies of the folders as they are just before a file gets its name or is deleted: what `kill -9` leaves.

    Attributes:
        var: the folder whose parts are copied.
        into: where the copies go.
        taken: the copies, by what was about to happen.
    """

    var: Path
    into: Path
    taken: dict[str, Path]
    is_active: bool = False

    def handle_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_active or event not in ("os.rename", "shutil.rmtree"):
            return
        path = Path(str(arguments[1 if event == "os.rename" else 0]))
        if self.var not in path.parents:
            return
        name = f"{event} {path.parent.name}/{path.name}"
        if name not in self.taken and ".new-" not in path.name:
            self.is_active = False
            self.taken[name] = self.into / str(len(self.taken))
            for folder in FOLDERS:
                shutil.copytree(self.var / folder, self.taken[name] / folder)
            self.is_active = True


@pytest.fixture
def snapshots(var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshots]:
    taking = Snapshots(var, tmp_path_factory.mktemp("snapshots"), {})
    sys.addaudithook(taking.handle_event)  # cannot be removed, so it is made to do nothing
    yield taking
    taking.is_active = False


def restore(var: Path, snapshot: Path) -> None:
    for folder in FOLDERS:
        shutil.rmtree(var / folder, ignore_errors=True)
        shutil.copytree(snapshot / folder, var / folder)


def retrain() -> tuple[str, list[str]]:
    messages: list[str] = []
    return retrain_once("store", messages.append), messages


def check_promoted(registry: ModelRegistry) -> None:
    current = registry.find_current()
    Model.load(current).check_serves()
    assert read_card(current)["learned"]["players"] == 2
    assert not (registry.folder.parent / "retrain" / "unfinished").exists()


def test_a_retrain_that_is_stopped_or_finds_damage_does_not_stop_a_later_one(
    var: Path, registry: ModelRegistry, snapshots: Snapshots
) -> None:
    snapshots.is_active = True
    outcome, _ = retrain()
    snapshots.is_active = False
    assert "takes over" in outcome
    check_promoted(registry)
    assert list(snapshots.taken)[:3] == [f"os.rename unfinished/{name}" for name in ("state.json", *LEFT_OVER)]

    last = snapshots.taken["os.rename models/promotions.json"]
    for snapshot, damaged in (
        (last, []),
        (last, ["challenger"]),  # made again from the checkpoint
        (snapshots.taken["os.rename unfinished/challenger"], ["checkpoint"]),  # trained again from the beginning
    ):
        restore(var, snapshot)
        paths = [var / "retrain" / "unfinished" / name for name in damaged]
        for path in paths:
            path.write_bytes(path.read_bytes()[:-100])
        outcome, messages = retrain()
        assert RESUMED in messages
        assert [message.split(" ")[0] for message in messages if "is damaged" in message] == list(map(str, paths))
        assert "takes over" in outcome
        check_promoted(registry)


def test_on_a_full_disk_the_champion_stays(strokes: Path, registry: ModelRegistry) -> None:
    before = registry.find_current()
    with limit_file_size(100_000):
        failed = run_training(strokes, "retrain")
    assert failed.returncode == 1
    assert "There is no space left on the disk" in failed.stderr
    assert registry.find_current() == before
    Model.load(before).check_serves()


def test_a_model_that_is_promoted_while_a_retrain_runs_stays(
    registry: ModelRegistry,
) -> None:
    def promote_another(message: str) -> None:
        if message.startswith("Comparing"):
            registry.promote("bundled")

    outcome = retrain_once("store", promote_another)
    assert f"{read_card(BUNDLED)['version']} was put into service while the retrain ran" in outcome
    assert registry.find_current() == BUNDLED


def test_two_retrains_at_once(var: Path, registry: ModelRegistry) -> None:
    before = registry.find_current()
    with hold_lock(var / "retrain"), pytest.raises(AlreadyRunning, match="Another retrain is running"):
        retrain()
    assert registry.find_current() == before


def test_a_run_whose_rounds_have_become_too_few_does_not_hold_the_next_one_to_them(
    var: Path, registry: ModelRegistry
) -> None:
    unfinished = UnfinishedRun(var / "retrain" / "unfinished")
    unfinished.begin(read_card(registry.find_current())["sha256"], "0" * 26, "digest")
    outcome, messages = retrain()
    assert any("cannot be resumed" in message for message in messages)
    assert "takes over" in outcome
