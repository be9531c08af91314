"""A store with rounds and games, and ways to damage a copy of it."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from feedback.store import open_store
from tests.feedback.making import a_game, a_round

PAGE = 4096
ROUNDS = 300
GAMES = 60


def make_store(path: Path) -> None:
    """Make a store of some hundred pages, with rounds that lie on one page and on several."""

    async def fill() -> None:
        store = await open_store(f"sqlite:///{path}")
        games = [a_game(player=f"player-{number % 7}", score=number) for number in range(GAMES)]
        for game in games:
            await store.finish_game(game)
        await store.add_rounds(
            a_round(player=game.player, game=game.id, number=number, crop=bytes(900 if number % 5 else 9000))
            for game in games
            for number in range(ROUNDS // GAMES)
        )
        await store.close()

    asyncio.run(fill())


def damage_copy(
    sound: Path, folder: Path, position: int = 0, content: bytes = b"", size: int | None = None
) -> Path:
    """Return a copy in which ``content`` overwrites what was at ``position``, cut off at ``size`` bytes."""
    path = folder / "damaged.db"
    for old in folder.iterdir():
        old.unlink()
    shutil.copy(sound, path)
    with path.open("r+b") as file:
        file.seek(position)
        file.write(content)
        if size is not None:
            file.truncate(size)
    return path
