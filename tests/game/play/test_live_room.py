"""What a server tells the people of a room, and how often."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from msgspec.structs import replace

from game.play.database_time import DatabaseTime
from game.play.live_room import LiveRoom
from game.play.protocol import encode_snapshot
from game.play.room_snapshot import Rival, make_snapshot
from game.play.room_storage import RoomNow
from game.play.send_queue import SendQueue
from game.rules.room import Person, Room
from tests.game.conftest import TestClock
from tests.game.making import a_room

HOST = Person("host", "token")
OTHER = Person("p1")


class Heard(SendQueue):
    """Keeps what is posted."""

    def __init__(self) -> None:
        super().__init__()
        self.rooms: list[Any] = []
        self.rivals: list[Any] = []

    def post_room(self, message: bytes) -> None:
        self.rooms.append(json.loads(message))

    def post_rival(self, seat: int, message: bytes) -> None:
        self.rivals.append(json.loads(message))
        assert self.rivals[-1]["seat"] == seat


def make_room(players: int) -> Room:
    room = a_room("token")
    for number in range(1, players + 1):
        room, _ = room.take_seat(f"p{number}", 'A "you":null,"host":false', f"g{number}", 0)
    return room


def at_version(room: Room, version: int) -> RoomNow:
    return RoomNow(room, version, 0, frozenset(), 10**9)


async def test_many_changes_at_once_are_told_in_few_snapshots_and_the_last_one_is_whole() -> None:
    rooms = [make_room(players) for players in range(61)]
    live = LiveRoom(at_version(rooms[0], 0), {}, DatabaseTime(TestClock()))
    watcher, member = Heard(), Heard()
    began_at = asyncio.get_running_loop().time()
    live.add_viewer(watcher, None, HOST)
    live.add_viewer(member, 1, OTHER)
    for players in range(1, 61):
        live.update(at_version(rooms[players], players))
        await asyncio.sleep(0)
    live.update(at_version(rooms[3], 3))  # read earlier, and arrives late
    async with asyncio.timeout(60):
        while len(member.rooms[-1]["players"]) < 60:
            await asyncio.sleep(0.01)
    seconds = asyncio.get_running_loop().time() - began_at
    for queue, you, is_host in ((watcher, None, True), (member, 1, False)):
        assert len(queue.rooms) <= 2 + seconds / 0.1
        assert len(queue.rooms[-1]["players"]) == 60
        assert (queue.rooms[-1]["you"], queue.rooms[-1]["host"]) == (you, is_host)
    live.close()


async def test_news_of_a_rival_reach_all_others_and_their_score_the_next_snapshot() -> None:
    live = LiveRoom(at_version(make_room(2), 0), {}, DatabaseTime(TestClock()))
    queues = {None: Heard(), 1: Heard(), 2: Heard()}
    for seat, queue in queues.items():
        live.add_viewer(queue, seat, OTHER)
    rival = Rival(seat=1, score=80, hits=1, combo=1, outcome="hit", target="7", strokes=[[1, 2, 0]])
    live.tell_rival(rival)
    live.tell_rival(replace(rival, seat=3))  # nobody sits there
    assert [len(queue.rivals) for queue in queues.values()] == [1, 0, 1]
    assert ["strokes" in queues[seat].rivals[0] for seat in (None, 2)] == [True, False]
    late = Heard()
    live.add_viewer(late, None, OTHER)
    assert [player["score"] for player in late.rooms[0]["players"]] == [80, 0]
    live.close()


async def test_scores_that_come_when_the_time_is_up_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.play.live_room._SCORE_SECONDS", 1_000.0)
    clock = TestClock()
    room = make_room(2).start(HOST, 0)
    live = LiveRoom(at_version(room, 0), {}, DatabaseTime(clock))
    screen = Heard()
    live.add_viewer(screen, None, HOST)
    clock.now_ms = room.ends_at_ms or 0
    live.tell_rival(Rival(seat=1, score=80, hits=1, combo=1, outcome="hit", target="7"))
    async with asyncio.timeout(60):
        while screen.rooms[-1]["players"][0]["score"] != 80:
            await asyncio.sleep(0.01)
    assert screen.rooms[-1]["state"] == "over"
    live.close()


def test_a_snapshot_is_the_same_for_all_but_for_who_gets_it() -> None:
    now = at_version(make_room(3), 0)
    encode_for = encode_snapshot(make_snapshot(now, {}, you=None, is_host=False))
    for you, is_host in ((None, False), (3, True)):
        expected = make_snapshot(now, {}, you=you, is_host=is_host)
        snapshot = json.loads(encode_for(you, is_host))
        assert (snapshot["you"], snapshot["host"]) == (you, is_host)
        assert [player["name"] for player in snapshot["players"]] == [p.name for p in expected.players]
