"""How a room went: which characters its players missed, and what was read instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

import msgspec

from feedback.game_scores import sum_rounds
from feedback.played_rounds import PlayedRound
from feedback.records import Drawing
from game.rules import tuning
from game.rules.room import Kind, Room, Seat, State
from game.rules.scoring import compute_accuracy
from game.rules.thinning import thin_drawing


class ReportCharacter(msgspec.Struct, frozen=True, kw_only=True):
    """How a character went, with one player or with all.

    ``misses`` are skips. ``blank`` of them had no drawing. ``read`` says what the model read in the others and how
    often, the most frequent first; that may be the right character, if the model was not sure of it.
    ``median_ms`` is the time that hits took; null without any.
    """

    target: str
    hits: int
    misses: int
    blank: int
    median_ms: int | None
    read: list[tuple[str, int]]


class ReportMiss(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing that was not understood: a round of a game, and what the model read.

    ``drawing`` has [[x…], [y…]] for each stroke, in the square 0-1023, with fewer points than were drawn.
    """

    round: int
    target: str
    label: str | None
    drawing: Drawing


class ReportPlayer(msgspec.Struct, frozen=True, kw_only=True):
    """How a player did. ``game`` is the id of their game, with all their drawings.

    ``accuracy`` is hits divided by hits and misses; null without any. ``drawings`` are some of those that were not
    understood.
    """

    seat: int
    name: str
    game: str
    score: int
    hits: int
    misses: int
    accuracy: float | None
    best_combo: int
    median_ms: int | None
    characters: list[ReportCharacter]
    drawings: list[ReportMiss]


class RoomReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a room went. ``players`` come best first, ``characters`` most missed first.

    Rounds that were open when the time was up do not count. ``started_at_ms`` and ``expires_at_ms`` are
    milliseconds since 1970, UTC. Until it expires, the report can be read.
    """

    room: str
    kind: Kind
    alphabet: str
    state: State
    duration_ms: int
    started_at_ms: int | None
    expires_at_ms: int
    players: list[ReportPlayer]
    characters: list[ReportCharacter]


def make_report(room: Room, rounds: Iterable[PlayedRound], now_ms: int, expires_at_ms: int) -> RoomReport:
    """Return the report on a room. Players who were removed are left out.

    Args:
        room: the room.
        rounds: those of its players' games, in order.
        now_ms: the time on the room's clock.
        expires_at_ms: when the room is deleted.
    """
    by_game: dict[str, list[PlayedRound]] = {seat.game: [] for seat in room.players}
    for round_ in rounds:
        if round_.game in by_game:
            by_game[round_.game].append(round_)
    players = [_make_player(seat, by_game[seat.game]) for seat in room.players]
    return RoomReport(
        room=room.code,
        kind=room.kind,
        alphabet=room.alphabet,
        state=room.get_state(now_ms),
        duration_ms=room.duration_ms,
        started_at_ms=room.starts_at_ms,
        expires_at_ms=expires_at_ms,
        players=sorted(players, key=lambda player: (-player.score, player.seat)),
        characters=_list_characters([round_ for played in by_game.values() for round_ in played]),
    )


def _make_player(seat: Seat, rounds: Sequence[PlayedRound]) -> ReportPlayer:
    score = sum_rounds((round_.outcome, round_.points) for round_ in rounds)
    misses = sum(round_.outcome == "skip" for round_ in rounds)
    attempts = score.hits + misses
    return ReportPlayer(
        seat=seat.number,
        name=seat.name,
        game=seat.game,
        score=score.points,
        hits=score.hits,
        misses=misses,
        accuracy=compute_accuracy(score.hits, attempts) if attempts else None,
        best_combo=score.best_combo,
        median_ms=_find_median_ms(rounds),
        characters=_list_characters(rounds),
        drawings=_choose_drawings(rounds),
    )


def _list_characters(rounds: Iterable[PlayedRound]) -> list[ReportCharacter]:
    by_target: dict[str, list[PlayedRound]] = {}
    for round_ in rounds:
        if round_.outcome != "timeout":
            by_target.setdefault(round_.target, []).append(round_)
    characters = [_make_character(target, played) for target, played in by_target.items()]
    return sorted(characters, key=lambda character: (-character.misses, character.hits, character.target))


def _make_character(target: str, rounds: Sequence[PlayedRound]) -> ReportCharacter:
    misses = [round_ for round_ in rounds if round_.outcome == "skip"]
    labels = [round_.predicted for round_ in misses if round_.predicted]
    return ReportCharacter(
        target=target,
        hits=len(rounds) - len(misses),
        misses=len(misses),
        blank=len(misses) - len(labels),
        median_ms=_find_median_ms(rounds),
        read=sorted(Counter(labels).items(), key=lambda pair: (-pair[1], pair[0])),
    )


def _choose_drawings(rounds: Iterable[PlayedRound]) -> list[ReportMiss]:
    """Return drawings that were not understood: first one of each kind of mistake, then others, by number."""
    misses = [round_ for round_ in rounds if round_.drawing]
    firsts = {(round_.target, round_.predicted): round_ for round_ in reversed(misses)}.values()
    others = [round_ for round_ in misses if round_ not in firsts]
    chosen = [*sorted(firsts, key=lambda round_: round_.number), *others][: tuning.REPORT_DRAWINGS]
    return [
        ReportMiss(
            round=round_.number,
            target=round_.target,
            label=round_.predicted,
            drawing=[stroke[:2] for stroke in thin_drawing(round_.drawing or [], tuning.REPORT_POINTS)],
        )
        for round_ in sorted(chosen, key=lambda round_: round_.number)
    ]


def _find_median_ms(rounds: Iterable[PlayedRound]) -> int | None:
    times = [round_.duration_ms for round_ in rounds if round_.outcome == "hit"]
    return round(median(times)) if times else None
