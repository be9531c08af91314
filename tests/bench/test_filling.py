"""A filled store holds what play would have left."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedback.export import encode_ndjson
from feedback.importing.rounds_file import read_rounds
from feedback.store import open_store
from tests.bench.filling import fill_store, name_players
from tests.strokes import load_fixture


@pytest.mark.slow
async def test_a_store_is_filled_in_two_goes(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/inkrush.db")
    try:
        steps: list[int] = []
        await fill_store(store, 200, load_fixture())
        await fill_store(store, 600, load_fixture(), steps.append)
        assert (steps[0], steps[-1]) == (200, 600)
        counts = await store.read_counts()
        assert counts.rounds == 600
        assert {"challenge", "draw"} <= counts.by_source.keys()
        assert counts.games > 10
        assert counts.labeled > 20
        rounds = [round_ async for round_ in store.read_rounds()]
        exported = b"".join(encode_ndjson(round_) for round_ in rounds)
        assert list(read_rounds(io.BufferedReader(io.BytesIO(exported)))) == rounds
        entries, _ = await store.read_leaderboard(
            "sprint", "any", "all", 100, name_players(600)[0], datetime.now(UTC)
        )
        assert entries
    finally:
        await store.close()
