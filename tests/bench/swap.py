"""Change the model while games are running: ``python -m tests.bench.swap --games 50``.

Bots play on a server of their own. Meanwhile versions are promoted and rolled back, and a broken one is promoted
by hand. It fails if a game breaks, a drawing gets no answer, or the broken version answers.
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

MAX_FOLLOW_SECONDS: Final = 10.0
"""Seconds within which a running server must use a promoted version."""
BROKEN_SECONDS: Final = 3.0
"""Seconds for which the broken version stays promoted, so that the server notices it."""
CLOSED_BY_STOP: Final = 1012
"""The code with which a server that stops closes its sockets."""
BROKEN: Final = "broken"
VERSIONS: Final = ("first", "second")


class NotFollowed(TimeoutError):
    """The server does not use a promoted version, or uses a broken one."""


@dataclass(slots=True)
class Swaps:
    """What happened while models were changed.

    Attributes:
        seconds: time from each change to the first answer that named the new version.
        verdicts: every verdict that a player got.
        games: every game, from its player's side.
        resident: bytes of memory that the server used after each cycle.
    """

    seconds: list[float] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    games: list[PlayedGame] = field(default_factory=list)
    resident: list[int] = field(default_factory=list)

    @property
    def by_model(self) -> Counter[str | None]:
        """How many verdicts each version gave. None counts the verdicts on empty drawings."""
        return Counter(verdict.model for verdict in self.verdicts)

    @property
    def broken(self) -> int:
        """Games that ended before the server was stopped, or in which a round is missing."""
        return sum(
            (game.closed is not None and game.closed.code != CLOSED_BY_STOP)
            or [verdict.round for verdict in game.verdicts] != list(range(1, len(game.verdicts) + 1))
            for game in self.games
        )

    @property
    def unanswered(self) -> int:
        """Drawings that were sent and got no answer."""
        return sum(round_.ink > 0 and round_.label is None for game in self.games for round_ in game.rounds)

    @property
    def errors(self) -> int:
        """Errors that the server reported, except late ink, and that it restarts, which ends this."""
        expected = {"wrong_round", "restarting"}
        return sum(refusal.code not in expected for game in self.games for refusal in game.refusals)


async def swap_during_games(server: Server, samples: Samples, games: int, cycles: int) -> Swaps:
    """Play ``games`` sprints at once while models are changed, then stop the server, which ends the games."""
    registry = prepare_registry(server.models)
    swaps = Swaps()
    playing = [asyncio.create_task(_play_game(server, samples, seed, swaps)) for seed in range(games)]
    try:
        for _ in range(cycles):
            await _swap_models(server, registry, swaps)
            swaps.resident.append(server.resident)
    finally:
        await asyncio.to_thread(server.stop)
        swaps.games = await asyncio.gather(*playing)
    return swaps


def prepare_registry(folder: Path) -> ModelRegistry:
    """Return a registry with copies of the bundled model under other names, and a broken version."""
    registry = ModelRegistry(folder)
    for name in (*VERSIONS, BROKEN):
        registry.add((BUNDLED / MODEL_FILE).read_bytes(), {**read_card(BUNDLED), "version": name})
    (folder / BROKEN / MODEL_FILE).write_bytes(b"cut short")
    return registry


def promote_by_hand(registry: ModelRegistry, name: str) -> None:
    """Promote a version without the check that the command does."""
    path = registry.folder / PROMOTIONS_FILE
    entry = {"version": name, "at": datetime.now(UTC).isoformat(), "event": "promoted"}
    path.write_text(json.dumps([*json.loads(path.read_text()), entry]))


async def _swap_models(server: Server, registry: ModelRegistry, swaps: Swaps) -> None:
    first, second = VERSIONS
    for name in VERSIONS:
        registry.promote(name)
        swaps.seconds.append(await _wait_until_followed(server, name))
    promote_by_hand(registry, BROKEN)
    await asyncio.sleep(BROKEN_SECONDS)
    await _wait_until_followed(server, second)
    registry.rollback()  # the broken version
    registry.rollback()
    swaps.seconds.append(await _wait_until_followed(server, first))


async def _wait_until_followed(server: Server, name: str) -> float:
    """Wait until the server says that it uses a version, and return the seconds that took."""
    started = time.monotonic()
    while (await asyncio.to_thread(server.get, "/healthz"))["model"] != name:
        if time.monotonic() - started > MAX_FOLLOW_SECONDS:
            raise NotFollowed(f"The server does not use {name} after {MAX_FOLLOW_SECONDS:.0f} s:\n{server.log}")
        await asyncio.sleep(0.1)
    return time.monotonic() - started


async def _play_game(server: Server, samples: Samples, seed: int, swaps: Swaps) -> PlayedGame:
    rng = Random(seed)  # noqa: S311 - no secrets here
    async with open_client(server.play_url) as client:
        player = Player(client, lambda target: rng.choice(samples.get(target)), rng, swaps.verdicts.append)
        return await player.play("sprint", "digits", f"Bot {seed}")


def print_swaps(swaps: Swaps, console: Console) -> None:
    """Print the figures."""
    lines = (
        f"{len(swaps.games)} games, {swaps.broken} of them broken; {swaps.errors} errors",
        f"{len(swaps.verdicts)} verdicts; {swaps.unanswered} drawings without an answer",
        f"{len(swaps.seconds)} changes of the model, followed within {max(swaps.seconds):.1f} s",
        "verdicts by model: " + ", ".join(f"{count} {model}" for model, count in swaps.by_model.most_common()),
        "memory of the server: " + ", ".join(f"{size / 1e6:.1f}" for size in swaps.resident) + " MB",
    )
    console.print("\n".join(lines), highlight=False)


def main() -> int:
    """Play, print the figures, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.swap", description=__doc__)
    parser.add_argument("--games", type=int, default=50, help="games played at once (default: %(default)s)")
    parser.add_argument("--cycles", type=int, default=6, help="cycles of four changes each (default: %(default)s)")
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
