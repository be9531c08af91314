"""Games that run while the model is exchanged under them: ``python -m tests.bench.swap --games 50``.

A server of its own is played on by bots; meanwhile versions are promoted and rolled back, and a broken one is
promoted by hand. Fails if a game breaks, a drawing is left without an answer, or the broken one answers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console

from recognition.model.card import read_card
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import PROMOTIONS_FILE, ModelRegistry
from tests.bench.client import Verdict, open_client
from tests.bench.player import PlayedGame, Player
from tests.serving import Server
from tests.strokes import Samples, load_fixture

FOLLOWED_SECONDS: Final = 10.0
"""How soon a running server must have taken a version."""
REFUSED_SECONDS: Final = 3.0
"""How long a broken version is left promoted, for the server to see it."""
RESTARTING: Final = 1012
"""The code that a server which is stopped closes with."""
BROKEN: Final = "broken"
VERSIONS: Final = ("first", "second")


class NotFollowed(TimeoutError):
    """A server did not take a version that was promoted, or took a broken one."""


@dataclass(slots=True)
class Swaps:
    """What happened while models were exchanged.

    Attributes:
        seconds: from each promotion to the first answer that named the version.
        verdicts: every one that a player got.
        games: each as its player lived it.
        resident: bytes of memory that the server held after each cycle of exchanges.
    """

    seconds: list[float] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    games: list[PlayedGame] = field(default_factory=list)
    resident: list[int] = field(default_factory=list)

    @property
    def by_model(self) -> Counter[str | None]:
        """How many verdicts each version gave; None for those on drawings without ink."""
        return Counter(verdict.model for verdict in self.verdicts)

    @property
    def broken(self) -> int:
        """Games that ended before the server was stopped, or that left out a round."""
        return sum(
            (game.closed is not None and game.closed.code != RESTARTING)
            or [verdict.round for verdict in game.verdicts] != list(range(1, len(game.verdicts) + 1))
            for game in self.games
        )

    @property
    def unanswered(self) -> int:
        """Drawings that were sent and in which nothing was seen."""
        return sum(played.ink > 0 and played.label is None for game in self.games for played in game.rounds)

    @property
    def errors(self) -> int:
        """Messages that the server did not take, without ink that crossed its round's verdict on the way."""
        return sum(refusal.code != "wrong_round" for game in self.games for refusal in game.refusals)


async def swap_during_games(server: Server, samples: Samples, games: int, cycles: int) -> Swaps:
    """Play ``games`` sprints at once while models are exchanged, then stop the server, which ends the games."""
    versions = prepare_registry(server.models)
    swaps = Swaps()
    playing = [asyncio.create_task(_play_game(server, samples, seed, swaps)) for seed in range(games)]
    try:
        for _ in range(cycles):
            await _swap_models(server, versions, swaps)
            swaps.resident.append(server.resident)
    finally:
        await asyncio.to_thread(server.stop)
        swaps.games = await asyncio.gather(*playing)
    return swaps


def prepare_registry(folder: Path) -> ModelRegistry:
    """Return a folder with versions of the bundled model that differ by their names, and a broken one."""
    versions = ModelRegistry(folder)
    for name in (*VERSIONS, BROKEN):
        versions.add((BUNDLED / MODEL_FILE).read_bytes(), {**read_card(BUNDLED), "version": name})
    (folder / BROKEN / MODEL_FILE).write_bytes(b"cut short")
    return versions


def promote_by_hand(versions: ModelRegistry, name: str) -> None:
    """Promote a version without anybody looking at it."""
    path = versions.folder / PROMOTIONS_FILE
    entry = {"version": name, "at": datetime.now(UTC).isoformat(), "event": "promoted"}
    path.write_text(json.dumps([*json.loads(path.read_text()), entry]))


async def _swap_models(server: Server, versions: ModelRegistry, swaps: Swaps) -> None:
    first, second = VERSIONS
    for name in VERSIONS:
        versions.promote(name)
        swaps.seconds.append(await _wait_until_followed(server, name))
    promote_by_hand(versions, BROKEN)
    await asyncio.sleep(REFUSED_SECONDS)
    await _wait_until_followed(server, second)
    versions.rollback()  # of the broken one
    versions.rollback()
    swaps.seconds.append(await _wait_until_followed(server, first))


async def _wait_until_followed(server: Server, name: str) -> float:
    """Return the seconds until the server says that it uses a version."""
    begun = time.monotonic()
    while (await asyncio.to_thread(server.get, "/healthz"))["model"] != name:
        if time.monotonic() - begun > FOLLOWED_SECONDS:
            raise NotFollowed(f"The server does not use {name} after {FOLLOWED_SECONDS:.0f} s:\n{server.log}")
        await asyncio.sleep(0.1)
    return time.monotonic() - begun


async def _play_game(server: Server, samples: Samples, seed: int, swaps: Swaps) -> PlayedGame:
    rng = Random(seed)  # noqa: S311 - no secrets here
    async with open_client(server.play_url) as client:
        player = Player(client, lambda target: rng.choice(samples.get(target)), rng, swaps.verdicts.append)
        return await player.play("sprint", "digits", f"Bot {seed}")


def print_swaps(swaps: Swaps, console: Console) -> None:
    """Print the figures for people."""
    lines = (
        f"{len(swaps.games)} games, {swaps.broken} of them broken; {swaps.errors} errors",
        f"{len(swaps.verdicts)} verdicts; {swaps.unanswered} drawings unanswered",
        f"{len(swaps.seconds)} exchanges, seen after {max(swaps.seconds):.1f} s at most",
        "verdicts by model: " + ", ".join(f"{count} {model}" for model, count in swaps.by_model.most_common()),
        "memory of the server: " + ", ".join(f"{held / 1e6:.1f}" for held in swaps.resident) + " MB",
    )
    console.print("\n".join(lines), highlight=False)


def main() -> int:
    """Play, print the figures, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.swap", description=__doc__)
    parser.add_argument("--games", type=int, default=50, help="at once (default: %(default)s)")
    parser.add_argument("--cycles", type=int, default=6, help="of four exchanges each (default: %(default)s)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        with Server(folder / "var") as server:
            swaps = asyncio.run(swap_during_games(server, load_fixture(), options.games, options.cycles))
    except NotFollowed as error:
        Console(stderr=True).print(str(error), style="red", markup=False)
        return 1
    finally:
        shutil.rmtree(folder)
    print_swaps(swaps, Console())
    return 1 if swaps.broken or swaps.unanswered or swaps.by_model[BROKEN] else 0


if __name__ == "__main__":
    sys.exit(main())
