"""Sprints over a real server: by people who draw as fast as they can, and by programs that cheat."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

import msgspec

from tests.bench.client import open_client
from tests.bench.hand import InkBatch, pace_drawing
from tests.bench.player import Pace, PlayedGame, Player
from tests.serving import Server
from tests.strokes import Drawing, Sample, Samples

FAST_HAND_SECONDS: Final = 0.35
"""How long a fast hand takes for a character, about: see `game.rules.plausibility.FAST_HAND_MS`."""
LENGTH_WEIGHT: Final = 0.7
"""A drawing with twice the points takes 2 ** 0.7 times as long."""
ALPHABETS: Final = ("digits", "upper", "lower")


class SprintRow(msgspec.Struct, frozen=True):
    """Sprints of one kind.

    Attributes:
        games: how many were played to the end.
        hits, score: of a game, at the median.
        seconds: of the longest game, from the welcome to its end.
        unranked: how many were left off the leaderboards.
        reasons: why, each once.
    """

    kind: str
    games: int
    hits: float
    score: float
    seconds: float
    unranked: int
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of player.

    Attributes:
        reaction_seconds: shortest and longest time from a prompt to the first touch of the pen.
        multiple: how long drawings take, relative to a fast hand; None if they are sent at once.
        claims_times: whether the points have times as if they had been drawn.
    """

    name: str
    reaction_seconds: tuple[float, float]
    multiple: float | None
    claims_times: bool = True

    def make_pace(self, usual_points: float) -> Pace:
        """Return how drawings are sent by somebody who draws so many points at the median."""

        def pace(drawing: Drawing, rng: Random) -> list[InkBatch]:
            points = sum(len(stroke) for stroke in drawing)
            seconds = FAST_HAND_SECONDS * (points / usual_points) ** LENGTH_WEIGHT
            batches = pace_drawing(drawing, rng, seconds * (self.multiple or 1))
            if self.multiple is not None:
                return batches
            return [
                replace(batch, at=0.0, points=batch.points if self.claims_times else _clear_times(batch.points))
                for batch in batches
            ]

        return pace


KINDS: Final = (
    Kind("a fast hand", (0.15, 0.25), 1.0),
    Kind("an ordinary hand", (0.2, 0.4), 1.8),
    Kind("at once, dt 0", (0, 0), None, claims_times=False),
    Kind("at once, true times", (0, 0), None),
    Kind("an ordinary hand, 3 times as fast, no time to read", (0, 0), 0.6),
)


def _clear_times(points: Sequence[int]) -> list[int]:
    return [0 if index % 3 == 2 else value for index, value in enumerate(points)]


def play_sprints(samples: Samples, games: int, seed: int) -> list[SprintRow]:
    """Play ``games`` sprints of each kind, all at once, each with the drawings of another person."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "var") as server:
        return asyncio.run(_play_all(server.play_url, samples, games, seed))


async def _play_all(play_url: str, samples: Samples, games: int, seed: int) -> list[SprintRow]:
    rng = Random(seed)  # noqa: S311 - no secrets here
    tasks = [
        [
            _play(play_url, kind, samples, rng.choice(samples.writers), number, Random(rng.random()))  # noqa: S311
            for number in range(games)
        ]
        for kind in KINDS
    ]
    results = await asyncio.gather(*(asyncio.gather(*of_kind) for of_kind in tasks))
    return [_sum_up(kind, of_kind) for kind, of_kind in zip(KINDS, results, strict=True)]


async def _play(
    play_url: str, kind: Kind, samples: Samples, writer: int, number: int, rng: Random
) -> tuple[PlayedGame, float]:
    usual = median(sample.point_count for sample in samples if sample.writer == writer)

    def choose(target: str) -> Sample:
        return rng.choice(samples.get(target, writer))

    async with open_client(play_url) as client:
        player = Player(client, choose, rng, pace=kind.make_pace(usual), reaction_seconds=kind.reaction_seconds)
        begin = time.monotonic()
        game = await player.play("sprint", ALPHABETS[number % len(ALPHABETS)], f"Bot {number}")
        return game, time.monotonic() - begin


def _sum_up(kind: Kind, played: Sequence[tuple[PlayedGame, float]]) -> SprintRow:
    ends = [game.over for game, _ in played if game.over]
    reasons = [end.unranked for end in ends if end.unranked]
    return SprintRow(
        kind.name,
        len(ends),
        median(end.hits for end in ends),
        median(end.score for end in ends),
        max(seconds for _, seconds in played),
        len(reasons),
        sorted(set(reasons)),
    )
