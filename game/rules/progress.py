"""How well a player's characters are read, how fast they are, and how that changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple, TypeVar

from feedback.records import ProgressRound
from game.rules.modes import KEYS, PRACTICE
from game.rules.scoring import compute_accuracy

_STEPS: Final = 8  # of a trend, at most
_STEP_ROUNDS: Final = 5  # of a step, at least
_DAYS: Final = 60
_SLOW_MODES: Final = frozenset({PRACTICE, KEYS})  # their times do not tell how fast a hand is
_USUAL_MS: Final = 3_000  # of a hit, as long as there is none
_PRIOR_ROUNDS: Final = 2  # like all others, that each character is credited with: one miss is not everything

Key = TypeVar("Key", bound=Hashable)


class Figures(NamedTuple):
    """How some rounds went.

    Attributes:
        accuracy: the share of hits, 0..1.
        median_ms: the time of the middle hit; None without hits. Games without a clock, and those played
            with keys, count only if there are no others.
    """

    rounds: int
    hits: int
    accuracy: float
    median_ms: int | None


@dataclass(frozen=True, slots=True)
class CharacterProgress:
    """How one character goes.

    Attributes:
        ms_per_hit: about how long a hit takes, misses included: the higher, the weaker.
        misread_as, misreadings: what it is most often taken for, and how often; None and 0 if it never was.
        trend: the same figures over time, oldest first: up to eight parts with as many rounds each. Empty for
            less than ten rounds.
    """

    character: str
    figures: Figures
    ms_per_hit: int
    misread_as: str | None
    misreadings: int
    trend: list[Figures]


@dataclass(frozen=True, slots=True)
class ProgressSummary:
    """How a player goes.

    Attributes:
        overall: of all characters together.
        characters: those that were asked for, weakest first.
        days: the newest 60 days with rounds, oldest first.
    """

    overall: Figures
    characters: list[CharacterProgress]
    days: list[tuple[str, Figures]]


def summarize_progress(rounds: Sequence[ProgressRound]) -> ProgressSummary:
    """Return how a player goes, from their rounds, oldest first.

    Hits and skips count. A round that the clock cut off does not, since its drawing may not have been
    finished.
    """
    counted = [round_ for round_ in rounds if round_.target is not None and round_.outcome in ("hit", "skip")]
    overall = _compute_figures(counted)
    misreadings: dict[str, Counter[str]] = defaultdict(Counter)
    for round_ in rounds:
        if misreading := find_misreading(round_):
            character, predicted = misreading
            misreadings[character][predicted] += 1
    characters = [
        _summarize_character(character, its_rounds, misreadings[character], overall)
        for character, its_rounds in _group(counted, lambda round_: round_.target or "").items()
    ]
    characters.sort(key=lambda progress: (-progress.ms_per_hit, progress.character))
    days = list(_group(counted, lambda round_: round_.day).items())[-_DAYS:]
    return ProgressSummary(overall, characters, [(day, _compute_figures(its_rounds)) for day, its_rounds in days])


def find_misreading(round_: ProgressRound) -> tuple[str, str] | None:
    """Return which character was taken for which other one in a round; None if it tells of none.

    A label from a person decides. Without one, a drawing that the player gave up counts as the target.
    """
    character = round_.label or (round_.target if round_.outcome == "skip" else None)
    if character is None or round_.predicted is None or round_.predicted == character:
        return None
    return character, round_.predicted


def _summarize_character(
    character: str, rounds: Sequence[ProgressRound], misreadings: Counter[str], overall: Figures
) -> CharacterProgress:
    figures = _compute_figures(rounds)
    # Ties go to the first character, so that the answer does not change by itself.
    predicted, count = min(misreadings.items(), key=lambda item: (-item[1], item[0]), default=(None, 0))
    steps = min(_STEPS, len(rounds) // _STEP_ROUNDS)
    bounds = [len(rounds) * step // steps for step in range(steps + 1)] if steps > 1 else []
    trend = [_compute_figures(rounds[start:end]) for start, end in pairwise(bounds)]
    return CharacterProgress(character, figures, _estimate_ms_per_hit(figures, overall), predicted, count, trend)


def _estimate_ms_per_hit(figures: Figures, overall: Figures) -> int:
    usual_ms = overall.median_ms or _USUAL_MS
    own_ms = usual_ms if figures.median_ms is None else figures.median_ms
    time_ms = (figures.hits * own_ms + _PRIOR_ROUNDS * usual_ms) / (figures.hits + _PRIOR_ROUNDS)
    # Never 0: who has no hits at all would need forever.
    usual_share = max(overall.accuracy, 1 / (overall.rounds + 1))
    share = (figures.hits + _PRIOR_ROUNDS * usual_share) / (figures.rounds + _PRIOR_ROUNDS)
    return round(time_ms / share)


def _compute_figures(rounds: Sequence[ProgressRound]) -> Figures:
    hits = [round_ for round_ in rounds if round_.outcome == "hit"]
    times_ms = [hit.duration_ms for hit in hits if hit.duration_ms is not None and hit.mode not in _SLOW_MODES]
    times_ms = times_ms or [hit.duration_ms for hit in hits if hit.duration_ms is not None]
    accuracy = compute_accuracy(len(hits), len(rounds))
    return Figures(len(rounds), len(hits), accuracy, round(median(times_ms)) if times_ms else None)


def _group(
    rounds: Iterable[ProgressRound], get_key: Callable[[ProgressRound], Key]
) -> dict[Key, list[ProgressRound]]:
    groups: dict[Key, list[ProgressRound]] = defaultdict(list)
    for round_ in rounds:
        groups[get_key(round_)].append(round_)
    return groups
