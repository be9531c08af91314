"""The report on a room."""

from __future__ import annotations

from typing import Any

import msgspec

from feedback.played_rounds import PlayedRound
from game.rules import tuning
from game.rules.class_report import ReportCharacter, RoomReport, make_report
from game.rules.room import Person, Room
from tests.game.making import a_room

HOST = Person("teacher", "token")


def start_class(players: int = 2) -> Room:
    room = a_room("token")
    for number in range(1, players + 1):
        room, _ = room.take_seat(f"p{number}", f"Pupil {number}", f"game {number}", 0)
    return room.start(HOST, 0)


def a_round(game: int, number: int, target: str, outcome: Any, predicted: str | None, **more: Any) -> PlayedRound:
    fields = {"points": 50 if outcome == "hit" else 0, "duration_ms": 1_000 * number, "drawing": None}
    return PlayedRound(f"game {game}", number, target, predicted, outcome, **{**fields, **more})


def report_on(room: Room, rounds: list[PlayedRound]) -> RoomReport:
    return make_report(room, rounds, 70_000, 100_000)


def test_a_report_says_what_was_missed_and_what_was_read_instead() -> None:
    drawing = [[[1, 2], [3, 4], [0, 10]]]
    rounds = [
        a_round(1, 1, "7", "hit", "7"),
        a_round(1, 2, "7", "skip", "1", drawing=drawing),
        a_round(1, 3, "7", "hit", "7"),
        a_round(1, 4, "4", "skip", None),
        a_round(1, 5, "4", "timeout", "9"),
        a_round(2, 1, "7", "skip", "1"),
        a_round(2, 2, "7", "skip", "9"),
    ]
    report = report_on(start_class(), rounds)
    assert report.characters == [
        ReportCharacter(target="7", hits=2, misses=3, blank=0, median_ms=2_000, read=[("1", 2), ("9", 1)]),
        ReportCharacter(target="4", hits=0, misses=1, blank=1, median_ms=None, read=[]),
    ]
    first, second = report.players
    assert (first.name, first.score, first.hits, first.misses, first.accuracy) == ("Pupil 1", 100, 2, 2, 0.5)
    assert (second.seat, second.score, second.accuracy, second.median_ms) == (2, 0, 0.0, None)
    assert [(miss.round, miss.target, miss.label, miss.drawing) for miss in first.drawings] == [
        (2, "7", "1", [[[1, 2], [3, 4]]])
    ]
    assert (report.state, report.started_at_ms) == ("over", tuning.COUNTDOWN_MS)


def test_removed_players_are_left_out_and_hidden_names_stay_hidden() -> None:
    room = start_class(3).remove(HOST, 1).hide(HOST, 2, on=True)
    report = report_on(room, [a_round(1, 1, "7", "skip", "1"), a_round(2, 1, "3", "hit", "3")])
    assert [player.seat for player in report.players] == [2, 3]
    assert report.players[0].name == room.get_seat(2).generated_name != "Pupil 2"
    assert [character.target for character in report.characters] == ["3"]


def test_a_report_on_a_full_class_stays_small() -> None:
    line = [list(range(400)), list(range(400)), list(range(400))]
    rounds = [
        a_round(game, number, "0123456789"[number % 10], "skip", "9876543210"[game % 10], drawing=[line])
        for game in range(1, 61)
        for number in range(1, 61)
    ]
    report = report_on(start_class(60), rounds)
    assert len(report.players[0].drawings) == tuning.REPORT_DRAWINGS
    assert len({miss.target for miss in report.players[0].drawings}) == 10
    assert len(msgspec.json.encode(report)) < 1_000_000
