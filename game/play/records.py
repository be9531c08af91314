"""Games and rounds as they are kept, and as they are told on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from feedback.ids import make_id
from feedback.records import Game, Round
from game.play.protocol import FinishedRound, Over, Verdict
from game.rules import scoring, tuning
from game.rules.challenge import Challenge, RoundResult
from recognition import encode_png

_PLACES = 4  # of a probability


@dataclass(frozen=True, slots=True)
class GameInfo:
    """Whose game it is, and since when.

    Attributes:
        id: the game's.
        player: the id of whoever plays.
        name: what they want to be called.
        model: the version of the model that guesses when it starts.
        at: when it started, UTC.
    """

    id: str
    player: str
    name: str
    model: str
    at: datetime


def make_game_info(player: str, name: str, model: str) -> GameInfo:
    """Return a game that starts now, with an id of its own."""
    return GameInfo(make_id(), player, name, model, datetime.now(UTC))


def make_game(played: GameInfo, challenge: Challenge, rounds: int, *, is_finished: bool) -> Game:
    """Return a game as it is kept, with its figures as they stand after ``rounds`` rounds."""
    return Game(
        id=played.id,
        player=played.player,
        name=played.name,
        mode=challenge.mode,
        alphabet=challenge.alphabet,
        model=played.model,
        started_at=played.at,
        duration_ms=challenge.duration_ms,
        finished_at=datetime.now(UTC) if is_finished else None,
        score=challenge.score,
        hits=challenge.hits,
        prompts=rounds,
        accuracy=scoring.accuracy(challenge.hits, rounds),
        best_combo=challenge.best_combo,
    )


def make_round(played: GameInfo, challenge: Challenge, finished: RoundResult) -> Round:
    """Return a round as it is kept, under a new id."""
    seen = finished.prediction
    return Round(
        id=make_id(),
        at=datetime.now(UTC),
        player=played.player,
        source="challenge",
        alphabet=challenge.alphabet,
        predicted=seen.label if seen else None,
        confidence=seen.confidence if seen else None,
        top=[(c.label, c.probability) for c in seen.candidates[: tuning.CANDIDATES_STORED]] if seen else [],
        model=seen.model if seen else played.model,
        game=played.id,
        number=finished.number,
        mode=challenge.mode,
        target=finished.target,
        outcome=finished.outcome,
        duration_ms=finished.duration_ms,
        points=finished.points,
        drawing=finished.drawing,
        image=encode_png(seen.image) if seen else None,
    )


def make_verdict(round_id: str, finished: RoundResult) -> Verdict:
    """Return how a round ended, for its player."""
    seen = finished.prediction
    return Verdict(
        round=finished.number,
        id=round_id,
        outcome=finished.outcome,
        target=finished.target,
        label=seen.label if seen else None,
        confidence=round(seen.confidence, _PLACES) if seen else None,
        model=seen.model if seen else None,
        points=finished.points,
        combo=finished.combo,
        score=finished.score,
        bonus_ms=finished.bonus_ms,
        remaining_ms=finished.remaining_ms,
        duration_ms=finished.duration_ms,
    )


def summarize_round(told: Verdict) -> FinishedRound:
    """Return a round as the lists of finished rounds have it."""
    return FinishedRound(
        round=told.round,
        id=told.id,
        target=told.target,
        outcome=told.outcome,
        label=told.label,
        confidence=told.confidence,
        points=told.points,
        duration_ms=told.duration_ms,
    )


def make_over(game: Game, rounds: list[FinishedRound], rank: int | None) -> Over:
    """Return the end of a game, for its player."""
    return Over(
        game=game.id,
        score=game.score,
        hits=game.hits,
        rounds=rounds,
        accuracy=game.accuracy,
        best_combo=game.best_combo,
        rank=rank,
    )
