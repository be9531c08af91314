"""Builds games and rounds for the store, and the messages about them for their player."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from feedback.ids import make_id
from feedback.records import RANKED_MODES, Game, Round
from feedback.unfinished_games import StoredResult
from game.play.protocol import FinishedRound, Guess, Over, RunningRound, Verdict, Welcome
from game.play.room_snapshot import RoomSnapshot
from game.rules import scoring, tuning
from game.rules.challenge import Challenge, RoundResult
from game.rules.modes import DUEL
from game.rules.open_round import GuessRequest, OpenRound
from game.rules.plausibility import HitTrace, trace_hit
from game.rules.prompts import RoundTime
from game.rules.ranking import find_unranked_reason, get_unranked_code
from recognition import Prediction, encode_png

_PLACES = 4  # of a probability


@dataclass(frozen=True, slots=True)
class GameInfo:
    """Whose game it is, and since when.

    Attributes:
        id: the game's.
        player: the player's id.
        name: what the player wants to be called.
        model: the version of the model that is in service when the game starts.
        started_at: UTC.
        seed: of its prompts.
        unranked: why it is not ranked whatever its hits; None if they decide.
        characters: those that are asked for; empty for all of the alphabet.
        room, seat: the code and the number, if it is played in a room.
    """

    id: str
    player: str
    name: str
    model: str
    started_at: datetime
    seed: str
    unranked: str | None = None
    characters: str = ""
    room: str = ""
    seat: int = 0


def make_game_info(
    player: str, name: str, model: str, seed: str, unranked: str | None = None, characters: str = ""
) -> GameInfo:
    """Return a game that starts now, with an id of its own."""
    return GameInfo(make_id(), player, name, model, datetime.now(UTC), seed, unranked, characters)


def make_game(info: GameInfo, challenge: Challenge, rounds: int, *, is_finished: bool) -> Game:
    """Return a game as it is stored, with its figures after ``rounds`` rounds."""
    unranked = info.unranked
    if is_finished and unranked is None and challenge.mode in RANKED_MODES:
        unranked = find_unranked_reason(challenge.traces)
    return Game(
        id=info.id,
        player=info.player,
        name=info.name,
        mode=challenge.mode,
        alphabet=challenge.alphabet,
        model=info.model,
        started_at=info.started_at,
        duration_ms=challenge.duration_ms,
        finished_at=datetime.now(UTC) if is_finished else None,
        score=challenge.score,
        hits=challenge.hits,
        prompts=rounds,
        accuracy=scoring.compute_accuracy(challenge.hits, rounds),
        best_combo=challenge.best_combo,
        unranked=unranked,
    )


def make_game_round(info: GameInfo, challenge: Challenge, result: RoundResult) -> Round:
    """Return a round of a game as it is stored, under a new id."""
    prediction = result.prediction
    return Round(
        id=make_id(),
        at=datetime.now(UTC),
        player=info.player,
        source="challenge",
        alphabet=challenge.alphabet,
        predicted=prediction.label if prediction else None,
        confidence=prediction.confidence if prediction else None,
        top=list_top_candidates(prediction) if prediction else [],
        model=prediction.model if prediction else info.model,
        game=info.id,
        number=result.number,
        mode=challenge.mode,
        target=result.target,
        outcome=result.outcome,
        duration_ms=result.duration_ms,
        points=result.points,
        drawing=result.drawing,
        image=encode_png(prediction.image) if prediction else None,
    )


def list_top_candidates(prediction: Prediction) -> list[tuple[str, float]]:
    """Return the candidates that are stored with a round, best first: label and probability."""
    return [(c.label, c.probability) for c in prediction.candidates[: tuning.CANDIDATES_STORED]]


def make_welcome(
    info: GameInfo, challenge: Challenge, rounds: list[FinishedRound], token: str, model: str, now_ms: int
) -> Welcome:
    """Return a game as it stands at ``now_ms``, for its player, who can resume it with ``token``.

    ``model`` is the version that is in service now.
    """
    remaining_ms, round_ = challenge.get_remaining_ms(now_ms), challenge.round
    wait_ms = 0 if challenge.start_ms is None else challenge.start_ms - now_ms
    return Welcome(
        game=info.id,
        token=token,
        mode=challenge.mode,
        alphabet=challenge.alphabet,
        duration_ms=challenge.duration_ms,
        remaining_ms=remaining_ms,
        score=challenge.score,
        combo=challenge.combo,
        best_combo=challenge.best_combo,
        hits=challenge.hits,
        prompt=_describe_round(round_, remaining_ms) if round_ else None,
        rounds=list(rounds),
        model=model,
        starts_in_ms=wait_ms if wait_ms > 0 else None,
        room=info.room or None,
        seat=info.seat or None,
    )


def make_room_welcome(now: RoomSnapshot, model: str) -> Welcome:
    """Return the answer to somebody who comes too late to play in a room."""
    return Welcome(
        game="",
        token="",
        mode=DUEL,
        alphabet=now.alphabet,
        duration_ms=now.duration_ms,
        remaining_ms=now.remaining_ms,
        score=0,
        combo=0,
        best_combo=0,
        hits=0,
        prompt=None,
        rounds=[],
        model=model,
        room=now.room,
    )


def make_finished_messages(game: Game, rounds: Iterable[Round], room: str, seat: int) -> tuple[Welcome, Over]:
    """Return a game of a room that has ended, for its player."""
    finished = [summarize_stored_round(round_) for round_ in rounds]
    welcome = Welcome(
        game=game.id,
        token="",
        mode=game.mode,
        alphabet=game.alphabet,
        duration_ms=game.duration_ms,
        remaining_ms=0,
        score=game.score,
        combo=0,
        best_combo=game.best_combo,
        hits=game.hits,
        prompt=None,
        rounds=finished,
        model=game.model,
        room=room,
        seat=seat,
    )
    return welcome, make_over(game, finished, None)


def _describe_round(round_: OpenRound, remaining_ms: int | None) -> RunningRound:
    return RunningRound(round_.number, round_.target, remaining_ms, round_.drawing.to_flat_strokes())


def make_guess(request: GuessRequest, prediction: Prediction, alphabet: str) -> Guess:
    """Return what the model sees in a drawing, for its player."""
    best = [(c.label, round(c.probability, _PLACES)) for c in prediction.candidates[: tuning.CANDIDATES]]
    return Guess(request.round, request.points, best, prediction.model, scoring.is_likely(prediction, alphabet))


def make_verdict(round_id: str, result: RoundResult, *, is_known: bool = False) -> Verdict:
    """Return how a round ended, for its player. ``is_known`` says that their hand has come to know the target."""
    prediction = result.prediction
    return Verdict(
        round=result.number,
        id=round_id,
        outcome=result.outcome,
        target=result.target,
        label=prediction.label if prediction else None,
        confidence=round(prediction.confidence, _PLACES) if prediction else None,
        model=prediction.model if prediction else None,
        points=result.points,
        combo=result.combo,
        score=result.score,
        bonus_ms=result.bonus_ms,
        remaining_ms=result.remaining_ms,
        duration_ms=result.duration_ms,
        known=is_known or msgspec.UNSET,
    )


def summarize_round(verdict: Verdict) -> FinishedRound:
    """Return a round's entry in a list of finished rounds."""
    return msgspec.convert(verdict, FinishedRound, from_attributes=True)


def summarize_stored_round(round_: Round) -> FinishedRound:
    """Return the same entry of a round of a game that was read from the store."""
    return FinishedRound(
        round=round_.number or 0,
        id=round_.id,
        target=round_.target or "",
        outcome=round_.outcome or "timeout",
        label=round_.predicted,
        confidence=None if round_.confidence is None else round(round_.confidence, _PLACES),
        points=round_.points or 0,
        duration_ms=round_.duration_ms or 0,
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
        unranked=game.unranked,
        unranked_code=get_unranked_code(game.unranked),
    )


def judge_rounds(rounds: Iterable[StoredResult]) -> str | None:
    """Return why a game with these stored rounds stays off the leaderboards; None if it may be on them."""
    return find_unranked_reason(trace_rounds(rounds))


def list_round_times(rounds: Iterable[Round]) -> list[RoundTime]:
    """Return stored rounds as they decide on later prompts."""
    return [
        RoundTime(round_.target, round_.outcome, round_.duration_ms or 0)
        for round_ in rounds
        if round_.target is not None and round_.outcome is not None
    ]


def trace_rounds(rounds: Iterable[StoredResult | Round]) -> list[HitTrace]:
    """Return the traces of the hits among stored rounds."""
    return [
        trace_hit(round_.target, round_.duration_ms, round_.drawing)
        for round_ in rounds
        if round_.outcome == "hit"
        and round_.target is not None
        and round_.duration_ms is not None
        and round_.drawing is not None
    ]
