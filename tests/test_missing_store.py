"""A database that is removed or replaced under a running server: nothing is confirmed that is not kept."""

from __future__ import annotations

import asyncio
import json
import shutil
import urllib.error
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from feedback.store import open_store
from tests.bench.client import Verdict, open_client
from tests.bench.player import Player
from tests.serving import Server
from tests.strokes import Samples

pytestmark = pytest.mark.slow

GAMES = 4
ENOUGH = 8
"""Verdicts seen in all games together before the file is touched."""


def remove(path: Path) -> None:
    path.unlink()


def replace_by_copy(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    copy.replace(path)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [(remove, "the file was removed"), (replace_by_copy, "another file is in its place")],
)
async def test_no_verdict_is_shown_that_is_not_kept(
    tmp_path: Path, samples: Samples, harm: Callable[[Path], None], reason: str
) -> None:
    server = Server(tmp_path / "var")
    await asyncio.to_thread(server.start)
    path = server.var / "inkrush.db"
    seen: list[Verdict] = []
    has_enough = asyncio.Event()

    def notice(verdict: Verdict) -> None:
        seen.append(verdict)
        if len(seen) >= ENOUGH:
            has_enough.set()

    playing = [asyncio.create_task(play(server, samples, seed, notice)) for seed in range(GAMES)]
    try:
        async with asyncio.timeout(60):
            await has_enough.wait()
        harm(path)
        async with asyncio.timeout(30):
            while (answer := await asyncio.to_thread(ask, server, "/healthz"))[0] == 200:
                await asyncio.sleep(0.1)  # what a check found is told for a second
        assert (answer[0], answer[1]["status"], answer[1]["store"]) == (503, "failing", reason)
        assert (await asyncio.to_thread(ask, server, "/livez"))[0] == 200
        assert await asyncio.to_thread(server.stop) == 1
    finally:
        server.__exit__(None, None, None)
        await asyncio.gather(*playing, return_exceptions=True)
    assert f"Stopped with {GAMES} games not stored." in server.log
    assert "Traceback" not in server.log

    (copy,) = path.parent.glob("inkrush.db.rescued-*")
    store = await open_store(f"sqlite:///{copy}")
    kept = {round_.id async for round_ in store.read_rounds()}
    await store.close()
    assert {verdict.id for verdict in seen} <= kept


async def play(server: Server, samples: Samples, seed: int, notice: Callable[[Verdict], None]) -> None:
    rng = Random(seed)  # noqa: S311
    async with open_client(server.play_url) as client:
        player = Player(client, lambda target: rng.choice(samples.get(target)), rng, notice)
        await player.play("practice", "digits", f"Player {seed}")


def ask(server: Server, path: str) -> tuple[int, dict[str, str]]:
    """Return the status and the JSON at ``path``."""
    try:
        return 200, server.get(path)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


async def test_a_damaged_store_is_not_served(tmp_path: Path) -> None:
    server = Server(tmp_path / "var")
    with server:
        pass
    path = server.var / "inkrush.db"
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    path.write_bytes(content)
    with pytest.raises(RuntimeError, match=r"ended with 1:[^$]*feedback salvage --out NEW.db"):
        server.start()
    assert "Traceback" not in server.log
