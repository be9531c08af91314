"""``python -m training retrain``: what it says and how it exits when there is nothing to train on."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback.errors import StoreError
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.store import open_store
from recognition.model.card import read_card
from recognition.model.network import BUNDLED
from recognition.model.registry import WEIGHTS_FILE, ModelRegistry
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.strokes import Samples
from tests.training.command import run_training
from tests.training.player_rounds import list_player_ids, make_drawn_round, make_month
from training.commands.retrain import retrain_once
from training.datasets.sources import UNIPEN
from training.retrain.evidence import Evidence, EvidenceFile

NOTHING_TO_TRAIN_ON = "Too little to learn from yet: 0 rounds"


@pytest.fixture
def sheets() -> Iterator[SheetsEmulator]:
    with SheetsEmulator(quota_per_minute=None) as running:
        running.create(KEY)
        yield running


def test_too_few_rounds_are_not_a_failure_and_missing_base_data_is_one(var: Path, data: Path) -> None:
    too_few = run_training(data, "retrain")
    assert too_few.returncode == 0, too_few.stderr
    assert NOTHING_TO_TRAIN_ON in too_few.stdout
    without_data = run_training(var / "nothing", "retrain")
    assert without_data.returncode == 1
    assert "python -m training fetch" in without_data.stderr.replace("\n", "")
    assert run_training(data, "retrain", "--every", "often").returncode == 2


def test_that_there_is_nothing_to_train_on_is_said_before_anything_slow_is_loaded(var: Path) -> None:
    unreadable = var / "data" / UNIPEN.files[0]
    unreadable.parent.mkdir(parents=True)
    unreadable.write_bytes(b"reading this would fail")
    script = (
        "import sys; from training.commands.retrain import retrain_once; print(retrain_once('store', print)); "
        "print('loaded:', sorted({'keras', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "INKRUSH_DATA": str(var / "data")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert NOTHING_TO_TRAIN_ON in done.stdout
    assert "loaded: []" in done.stdout


async def test_without_new_rounds_there_is_no_new_trial(var: Path, samples: Samples) -> None:
    rounds = make_month(Samples(tuple(samples)[::5]), trainers=2, judges=7)
    newer = make_drawn_round(samples.get("7")[0], player=next(list_player_ids(judges=True)))
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    await store.add_rounds(rounds)
    champion, newest = read_card(BUNDLED)["sha256"], max(round_.id for round_ in rounds)
    EvidenceFile(var / "retrain").save(Evidence(champion, 400, newest, ()))
    assert (await asyncio.to_thread(retrain_once, "store", print)).startswith("Nothing new")
    await store.add_rounds([newer])
    await store.close()
    message = await asyncio.to_thread(retrain_once, "store", print)
    assert message.startswith("No new trial yet: the players who judge have drawn 1 time since the last one.")
    assert "when they have drawn 399 more" in message


def test_a_model_without_weights_cannot_be_trained_further(var: Path, data: Path) -> None:
    registry = ModelRegistry(var / "models")
    registry.add((BUNDLED / "model.tflite").read_bytes(), {**read_card(BUNDLED), "version": "served-only"})
    registry.promote("served-only")
    refused = run_training(data, "retrain")
    assert refused.returncode == 1
    assert WEIGHTS_FILE in refused.stderr


async def test_labels_corrected_in_the_sheet_are_pulled_first(
    var: Path,
    samples: Samples,
    sheets: SheetsEmulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    round_ = make_drawn_round(samples.get("1")[0], label="7")
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    await store.add_rounds([round_])
    await Mirror(store, SheetSettings(spreadsheet=KEY, emulator=sheets.host)).sync()
    await store.close()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type("B2", "1")
    monkeypatch.setenv("INKRUSH_SHEET_ID", KEY)
    monkeypatch.setenv("SHEETS_EMULATOR_HOST", sheets.host)

    messages: list[str] = []
    outcome = await asyncio.to_thread(retrain_once, "sheet", messages.append)
    assert "Corrected labels pulled from the Sheet: 1." in messages
    assert outcome.startswith("Too little to learn from yet")
    assert capsys.readouterr().out == ""
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    corrected = await store.get_round(round_.id)
    await store.close()
    assert corrected
    assert (corrected.label, corrected.label_by) == ("1", "curator")


@pytest.mark.usefixtures("var")
def test_nothing_is_retrained_if_the_sheet_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKRUSH_SHEET_ID", "")
    with pytest.raises(StoreError, match=r"nothing was retrained\. No Sheet is configured"):
        retrain_once("sheet", lambda _: None)
