"""Fills a store with the rounds that a year of play would leave: real drawings, games, boards, labels, uploads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Final

import numpy as np

from feedback.drawing import make_drawing, measure_duration_ms
from feedback.ids import derive_id
from feedback.records import Confirmation, Drawing, Game, Round, Source
from feedback.store import Store
from game.play.records import list_top_candidates
from game.rules import scoring
from game.rules.scoring import Pen
from recognition import Recognizer, encode_png
from tests.bench.hand import pace_drawing, place_randomly
from tests.strokes import Sample, Samples, get_own_alphabet

HEAVY_SHARE: Final = 0.02
"""Share of all rounds that belong to the one player who plays the most."""

_READINGS: Final = 3000  # different drawings; each is stored many times, by different players
_ROUNDS_PER_PLAYER: Final = 50
_ROUNDS_PER_GAME: Final = (10, 40)
_GAME_SHARE: Final = 0.8  # of the rounds; the others are drawn freely or uploaded
_UPLOAD_SHARE: Final = 0.25  # of the rounds outside of games
_SPRINT_SHARE: Final = 0.8  # of the games; the others are practice
_LABELED_SHARE: Final = 0.5  # of the rounds outside of games and of the skipped ones
_MISTAKE_SHARE: Final = 0.1  # of the labels: another character than the one drawn
_GAMES_AT_ONCE: Final = 40
_YEAR_SECONDS: Final = 365 * 24 * 60 * 60
_CROP_SCALE: Final = 3  # a character of a photo has about as many pixels


@dataclass(frozen=True, slots=True)
class Reading:
    """A drawing, and what the model reads in it.

    Attributes:
        truth: the character that was drawn.
        alphabet: the alphabet in play.
        drawing: in stored form.
        predicted: the best candidate.
        confidence: its probability.
        top: the best five candidates.
        is_hit: whether it would be a hit in a game.
        image: what the model was shown, a PNG.
        crop: the same as a part of a picture, a PNG.
        model: the version of the model.
    """

    truth: str
    alphabet: str
    drawing: Drawing
    predicted: str
    confidence: float
    top: list[tuple[str, float]]
    is_hit: bool
    image: bytes
    crop: bytes
    model: str


def read_drawings(samples: Samples, recognizer: Recognizer, rng: Random, number: int) -> list[Reading]:
    """Return drawings at random sizes, places and speeds, read by the model."""
    chosen = list(samples)
    return [_read_drawing(rng.choice(chosen), recognizer, rng) for _ in range(number)]


def _read_drawing(sample: Sample, recognizer: Recognizer, rng: Random) -> Reading:
    strokes: dict[int, list[tuple[int, int, int]]] = {}
    now_ms = 0
    for batch in pace_drawing(place_randomly(sample, rng), rng):
        points = strokes.setdefault(batch.stroke, [])
        for x, y, pause_ms in zip(*(batch.points[axis::3] for axis in range(3)), strict=True):
            now_ms += pause_ms
            points.append((x, y, now_ms))
    drawing = make_drawing(list(strokes.values()))
    alphabet = rng.choice(("any", get_own_alphabet(sample.label)))
    prediction = recognizer.recognize(list(strokes.values()), alphabet)
    crop = np.kron(prediction.image, np.ones((_CROP_SCALE, _CROP_SCALE), np.uint8))
    return Reading(
        truth=sample.label,
        alphabet=alphabet,
        drawing=drawing,
        predicted=prediction.label,
        confidence=prediction.confidence,
        top=list_top_candidates(prediction),
        is_hit=scoring.is_hit(prediction, sample.label, alphabet, Pen.RESTING),
        image=encode_png(prediction.image),
        crop=encode_png(crop),
        model=prediction.model,
    )


@dataclass(slots=True)
class PlayedRounds:
    """What is stored together: a game with its rounds, or rounds outside of games."""

    rounds: list[Round] = field(default_factory=list)
    game: Game | None = None


class Past:
    """Makes up what happened within a year before ``until``.

    Args:
        readings: the drawings.
        players: whom the rounds belong to. The first one plays the most.
        until: the end of the year.
        rng: decides everything else.
    """

    def __init__(self, readings: list[Reading], players: list[str], until: datetime, rng: Random) -> None:
        self._readings = readings
        self._players = players
        self._until = until
        self._rng = rng

    def play(self, rounds: int) -> Iterator[PlayedRounds]:
        """Yield as many rounds, oldest first."""
        made = 0
        while made < rounds:
            at = self._until - timedelta(seconds=_YEAR_SECONDS * (1 - made / rounds))
            is_heavy = self._rng.random() < HEAVY_SHARE
            player = self._players[0] if is_heavy else self._rng.choice(self._players)
            number = min(rounds - made, self._rng.randint(*_ROUNDS_PER_GAME))
            is_game = self._rng.random() < _GAME_SHARE
            played = self._play_game(player, at, number) if is_game else self._draw_freely(player, at, number)
            made += number
            yield played

    def _play_game(self, player: str, at: datetime, number: int) -> PlayedRounds:
        mode = "sprint" if self._rng.random() < _SPRINT_SHARE else "practice"
        alphabet = self._rng.choice(self._readings).alphabet
        fitting = [self._rng.choice(self._readings) for _ in range(number)]
        game_id = derive_id(at, self._rng.randbytes(16))
        rounds: list[Round] = []
        elapsed_ms = combo = best_combo = 0
        for index, reading in enumerate(fitting, 1):
            took_ms = (measure_duration_ms(reading.drawing) or 0) + self._rng.randint(300, 900)
            elapsed_ms += took_ms
            combo = combo + 1 if reading.is_hit else 0
            best_combo = max(best_combo, combo)
            rounds.append(
                self._make_round(
                    player,
                    at + timedelta(milliseconds=elapsed_ms),
                    "challenge",
                    reading,
                    game=game_id,
                    number=index,
                    mode=mode,
                    target=reading.truth,
                    outcome="hit" if reading.is_hit else "skip",
                    points=scoring.score_hit(took_ms) if reading.is_hit and mode == "sprint" else 0,
                    duration_ms=took_ms,
                )
            )
        hits = sum(round_.outcome == "hit" for round_ in rounds)
        game = Game(
            id=game_id,
            player=player,
            name=f"Player {player[:5]}",
            mode=mode,
            alphabet=alphabet,
            model=fitting[0].model,
            started_at=at,
            duration_ms=60_000 if mode == "sprint" else None,
            finished_at=rounds[-1].at,
            score=sum(round_.points or 0 for round_ in rounds),
            hits=hits,
            prompts=number,
            accuracy=scoring.compute_accuracy(hits, number),
            best_combo=best_combo,
        )
        return PlayedRounds(rounds, game)

    def _draw_freely(self, player: str, at: datetime, number: int) -> PlayedRounds:
        source: Source = "upload" if self._rng.random() < _UPLOAD_SHARE else "draw"
        return PlayedRounds(
            [self._make_round(player, at, source, self._rng.choice(self._readings)) for _ in range(number)]
        )

    def _make_round(self, player: str, at: datetime, source: Source, reading: Reading, **fields: object) -> Round:
        label: str | None = None
        verdict: Confirmation | None = None
        if fields.get("outcome") != "hit" and self._rng.random() < _LABELED_SHARE:
            is_mistaken = self._rng.random() < _MISTAKE_SHARE
            label = self._rng.choice(self._readings).truth if is_mistaken else reading.truth
            verdict = "confirmed" if label == reading.predicted else "corrected"
        is_upload = source == "upload"
        values: dict[str, object] = {
            "id": derive_id(at, self._rng.randbytes(16)),
            "at": at,
            "player": player,
            "source": source,
            "alphabet": reading.alphabet,
            "model": reading.model,
            "predicted": reading.predicted,
            "confidence": reading.confidence,
            "top": reading.top,
            "label": label,
            "verdict": verdict,
            "label_by": label and "player",
            "duration_ms": None if is_upload else measure_duration_ms(reading.drawing),
            "drawing": None if is_upload else reading.drawing,
            "crop": reading.crop if is_upload else None,
            "image": reading.image,
        }
        return Round(**(values | fields))  # type: ignore[arg-type]


def name_players(rounds: int) -> list[str]:
    """Return the ids of the players of a store with as many rounds; the first one plays the most."""
    return [f"{number:032x}" for number in range(1, 2 + rounds // _ROUNDS_PER_PLAYER)]


async def fill_store(
    store: Store, rounds: int, samples: Samples, advance: Callable[[int], object] = lambda _: None
) -> None:
    """Add rounds until the store has as many as that. ``advance`` is told how many there are now.

    It may be stopped and called again: it goes on with what is missing.

    Raises:
        StoreError: if the store cannot be used.
    """
    stored = (await store.read_counts()).rounds
    advance(stored)
    if stored >= rounds:
        return
    rng = Random(stored)  # noqa: S311 - no secrets here
    readings = read_drawings(samples, Recognizer.load(), rng, min(_READINGS, rounds - stored))
    past = Past(readings, name_players(rounds), datetime.now(UTC), rng)
    await store_past(store, past.play(rounds - stored), lambda added: advance(stored + added))


async def store_past(
    store: Store, played: Iterable[PlayedRounds], advance: Callable[[int], object] = lambda _: None
) -> None:
    """Store rounds and games in large transactions. ``advance`` is told how many rounds have been stored."""
    rest = iter(played)
    stored = 0
    while batch := list(islice(rest, _GAMES_AT_ONCE)):
        rounds = [round_ for each in batch for round_ in each.rounds]
        await asyncio.gather(
            store.add_rounds(rounds), *(store.finish_game(each.game) for each in batch if each.game)
        )
        stored += len(rounds)
        advance(stored)
