"""Sum up played games in the figures that say how well players are recognized."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, median
from typing import Final

import msgspec

from tests.bench.player import PlayedGame

MAX_MISREAD: Final = 12
"""Misreadings that are listed, the most frequent ones."""


class GameFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How the games of one alphabet went.

    Attributes:
        alphabet: the alphabet in play.
        games: how many games were played.
        cut_short: games in which the socket was closed before the end.
        prompts: rounds that ended in a hit or a skip.
        hits: rounds that ended in a hit.
        unfinished: rounds that the clock ended.
        hit_share: hits / prompts.
        score: mean score of a game.
        seconds_to_hit: mean time from the prompt to the verdict of a hit, by the player's clock.
        ink_needed: mean share of the drawing that had been sent when it was recognized.
        wait_ms: median time from the last point of a hit to the next prompt.
        strokes_left: share of the hits whose player had further strokes to come.
        refusals: how often the server sent each error code.
        misread: skipped targets, what each was read as and how often, the most frequent first.
    """

    alphabet: str
    games: int
    cut_short: int
    prompts: int
    hits: int
    unfinished: int
    hit_share: float | None
    score: float | None
    seconds_to_hit: float | None
    ink_needed: float | None
    wait_ms: float | None
    strokes_left: float | None
    refusals: dict[str, int]
    misread: list[tuple[str, str | None, int]]


def compute_figures(alphabet: str, games: Sequence[PlayedGame]) -> GameFigures:
    """Return the figures of games of one alphabet."""
    rounds = [round_ for game in games for round_ in game.rounds]
    hits = [round_ for round_ in rounds if round_.outcome == "hit"]
    skips = [round_ for round_ in rounds if round_.outcome == "skip"]
    prompts = len(hits) + len(skips)
    misread = Counter((round_.target, round_.label) for round_ in skips)
    return GameFigures(
        alphabet=alphabet,
        games=len(games),
        cut_short=sum(game.over is None for game in games),
        prompts=prompts,
        hits=len(hits),
        unfinished=len(rounds) - prompts,
        hit_share=len(hits) / prompts if prompts else None,
        score=_compute_mean([float(game.over.score) for game in games if game.over]),
        seconds_to_hit=_compute_mean([round_.seconds for round_ in hits]),
        ink_needed=_compute_mean([round_.ink for round_ in hits]),
        wait_ms=1000 * median(waits) if (waits := [wait for game in games for wait in game.waits]) else None,
        strokes_left=_compute_mean([float(round_.strokes_left > 0) for round_ in hits]),
        refusals=dict(Counter(refusal.code for game in games for refusal in game.refusals)),
        misread=[(target, label, times) for (target, label), times in misread.most_common(MAX_MISREAD)],
    )


def _compute_mean(values: list[float]) -> float | None:
    return fmean(values) if values else None
