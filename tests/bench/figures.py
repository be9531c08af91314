"""From games played to the figures that say how well players are understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import Final

import msgspec

from tests.bench.player import PlayedGame

MAX_MISREAD: Final = 12


class GameFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How the games of one alphabet went.

    Attributes:
        cut_short: games that ended by a closed socket.
        prompts: rounds that ended by a hit or a skip; those that the clock ended are ``unfinished``.
        hit_share: hits / prompts.
        score: mean of a game.
        seconds_to_hit: mean, from the prompt to the verdict, by the player's clock.
        ink_needed: mean share of the drawing that was sent when it was understood.
        refusals: how often the server sent each error code.
        misread: what was skipped and what it was taken for, the most frequent first.
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
    refusals: dict[str, int]
    misread: list[tuple[str, str | None, int]]


def compute_figures(alphabet: str, games: Sequence[PlayedGame]) -> GameFigures:
    """Return the figures of games of one alphabet."""
    rounds = [played for game in games for played in game.rounds]
    hits = [played for played in rounds if played.outcome == "hit"]
    skips = [played for played in rounds if played.outcome == "skip"]
    prompts = len(hits) + len(skips)
    misread = Counter((played.target, played.label) for played in skips)
    return GameFigures(
        alphabet=alphabet,
        games=len(games),
        cut_short=sum(game.over is None for game in games),
        prompts=prompts,
        hits=len(hits),
        unfinished=len(rounds) - prompts,
        hit_share=len(hits) / prompts if prompts else None,
        score=_compute_mean([float(game.over.score) for game in games if game.over]),
        seconds_to_hit=_compute_mean([played.seconds for played in hits]),
        ink_needed=_compute_mean([played.ink for played in hits]),
        refusals=dict(Counter(refusal.code for game in games for refusal in game.refusals)),
        misread=[(target, label, times) for (target, label), times in misread.most_common(MAX_MISREAD)],
    )


def _compute_mean(values: list[float]) -> float | None:
    return fmean(values) if values else None
