"""What an interrupted retrain left is used only for its champion and its rounds, and only if it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.retrain.unfinished import UnfinishedRun


def test_an_interrupted_run_is_known_by_its_champion_and_its_rounds(tmp_path: Path) -> None:
    run = UnfinishedRun(tmp_path / "unfinished")
    assert run.get_last_round("champion") is None
    assert not run.begin("champion", "round-9", "digest")
    assert run.get_last_round("champion") == "round-9"
    assert run.get_last_round("another") is None
    assert run.has("champion", "digest")
    assert not run.has("champion", "other rounds")
    run.store_challenger({"model": b"1"})
    assert run.load_challenger(print) == {"model": b"1"}
    assert run.begin("champion", "round-9", "digest")
    assert run.load_challenger(print) is None
    run.delete()
    assert not run.folder.exists()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"champion": "champion"}', b'{"champion": 1, "until": 2}', b"\xff"]
)
def test_a_damaged_state_is_no_run(tmp_path: Path, content: bytes) -> None:
    run = UnfinishedRun(tmp_path)
    (tmp_path / "state.json").write_bytes(content)
    assert run.get_last_round("champion") is None
    assert not run.has("champion", "digest")
    assert run.begin("champion", "round-9", "digest")
    assert run.has("champion", "digest")
