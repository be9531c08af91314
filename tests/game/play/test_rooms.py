"""Rooms over real sockets: duels and classes, with people who come late, leave, come back and are put out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from game.play.protocol import Close
from game.play.room_storage import RoomStorage
from game.rules import tuning
from tests.game.guests import HOST_TOKEN, Gathering, play_hit
from tests.game.hosting import hosted
from tests.strokes import Samples

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def short_countdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "COUNTDOWN_MS", 200)


async def test_a_duel_is_played_side_by_side_and_leads_to_the_next(
    gathering: Gathering, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "COUNTDOWN_MS", 1_000)  # a busy server too says that it has begun
    ada, ben = await gathering.duel()
    welcome = await ada.hears("welcome")
    assert (welcome["mode"], welcome["seat"], welcome["prompt"]) == ("duel", 1, None)
    assert ada.heard[0] == welcome
    assert (ada.room["state"], ada.room["kind"], ada.room["you"], ada.room["host"]) == ("waiting", "duel", 1, True)
    assert [player["name"] for player in ada.room["players"]] == ["Ada", "Ben"]
    assert (ben.room["you"], ben.room["host"]) == (2, False)

    await ben.send("start")
    assert await ben.refusal() == "not_host"
    await ben.send("ink", round=1, stroke=0, points=[1, 1, 0])
    assert await ben.refusal(2) == "not_started"
    await ada.send("start")
    countdown = await ben.hears("room", lambda room: room["state"] == "countdown")
    assert 0 < countdown["starts_in_ms"] <= 1_000
    prompts = [await guest.hears("prompt") for guest in (ada, ben)]
    assert prompts[0]["target"] == prompts[1]["target"] == countdown["target"]
    assert not any(guest.of("error")[2:] for guest in (ada, ben))

    verdict = await play_hit(ada, gathering.host, samples, 1)
    assert verdict["outcome"] == "hit"
    assert verdict["bonus_ms"] == 0
    rival = await ben.hears("rival")
    assert (rival["seat"], rival["score"], rival["hits"], rival["outcome"]) == (1, verdict["score"], 1, "hit")
    assert 1 <= sum(map(len, rival["strokes"])) / 3 <= 64
    assert not ada.of("rival")
    assert (await ben.sees(lambda room: room["players"][0]["score"] > 0))["players"][0]["score"] == verdict[
        "score"
    ]

    late = await gathering.enter(room=welcome["room"])
    assert ((await late.hears("welcome"))["seat"], (await late.hears("room"))["you"]) == (None, None)
    await late.send("skip", round=1)
    assert await late.refusal() == "not_playing"
    monkeypatch.setattr(tuning, "ROOM_WATCHERS", 1)  # late players are watchers, too
    for kind in ("join", "watch"):
        assert await (await gathering.enter(type=kind, room=welcome["room"])).refusal() == "room_full"

    monkeypatch.setattr(tuning, "MOST_ROUNDS", 1)  # so that no more rounds begin
    await ben.send("skip", round=1)
    await ada.hears("prompt", lambda prompt: prompt["round"] == 2)
    await ada.send("skip", round=2)
    overs = [await guest.hears("over") for guest in (ada, ben)]
    assert [over["rank"] for over in overs] == [None, None]
    assert overs[0]["score"] == verdict["score"]
    for guest in (ada, ben, late):
        assert all(p["over"] for p in (await guest.sees(lambda room: room["state"] == "over"))["players"])
    await ben.send("ping", nonce=5)
    await ben.hears("pong")
    await ben.send("rematch")
    codes = {(await guest.sees(lambda room: bool(room["next"])))["next"] for guest in (ada, ben, late)}
    assert len(codes) == 1
    for kind, guest in (
        ("rematch", ben),
        ("rematch", late),
        ("start", ada),
    ):  # nothing changes, but all get an answer
        guest.heard.clear()
        await guest.send(kind)
        assert (await guest.hears("room"))["state"] == "over"
    code = codes.pop()
    again = await gathering.enter(late.cookie, room=code)
    assert (await again.hears("welcome"))["seat"] == 1
    assert (await again.hears("room"))["host"] is True
    maker = await gathering.enter(ada.cookie, room=code)
    assert (await maker.hears("room"))["host"] is True
    await again.sees(lambda room: not room["host"])


async def test_a_skip_delays_the_next_prompt_and_all_end_together(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "DURATION_MS", 3_000)
    monkeypatch.setattr(tuning, "SKIP_COST_MS", 300)
    ada, ben = await gathering.duel()
    await ada.send("start")
    await ada.hears("prompt")
    await ada.send("skip", round=1)
    verdict = await ada.hears("verdict")
    assert len(ada.of("prompt")) == 1
    prompt = await ada.hears("prompt", lambda m: m["round"] == 2)
    assert verdict["remaining_ms"] - prompt["remaining_ms"] >= 290
    assert [round_["outcome"] for round_ in (await ada.hears("over"))["rounds"]] == ["skip", "timeout"]
    assert [round_["outcome"] for round_ in (await ben.hears("over"))["rounds"]] == ["timeout"]


async def test_the_host_of_a_class_locks_removes_hides_and_starts(gathering: Gathering) -> None:
    code = await gathering.open_class()
    screen = await gathering.enter(type="watch", room=code, host_token=HOST_TOKEN)
    assert (await screen.hears("room"))["host"] is True
    stranger = await gathering.enter(type="watch", room=code.lower(), host_token="another")  # noqa: S106
    assert (await stranger.hears("room"))["host"] is False
    await screen.send("start")
    assert await screen.refusal() == "nobody_here"
    ada, ben, cat = [await gathering.enter(room=code, name=name) for name in ("Ada", "Ben", "Cat")]
    seats = {guest.client: (await guest.hears("welcome"))["seat"] for guest in (ada, ben, cat)}
    assert (await ada.hears("room"))["host"] is False
    for kind, more in (("start", {}), ("lock", {"on": True}), ("remove", {"seat": 1}), ("hide", {"seat": 1})):
        await ada.send(kind, **more)
        await stranger.send(kind, **more)
    assert [await guest.refusal(4) for guest in (ada, stranger)] == ["not_host", "not_host"]

    await screen.send("hide", seat=seats[ben.client], on=True)
    await ada.sees(lambda room: "Ben" not in [player["name"] for player in room["players"]])
    await screen.send("remove", seat=seats[cat.client])
    assert await cat.refusal() == "removed"
    assert await cat.closed() == Close.REMOVED
    await screen.sees(lambda room: len(room["players"]) == 2)
    token = cat.of("welcome")[0]["token"]
    for way in ({"room": code}, {"resume": token}):
        back = await gathering.enter(cat.cookie, **way)
        assert await back.refusal() == "removed"
        assert not back.of("room")

    await screen.send("lock", on=True)
    await screen.sees(lambda room: room["locked"])
    dan = await gathering.enter(room=code)
    assert await dan.refusal() == "room_locked"
    await screen.send("start")
    await ada.hears("prompt")
    await ben.hears("prompt")
    await ada.send("skip", round=1)
    assert "strokes" in await screen.hears("rival")
    assert "strokes" not in await ben.hears("rival")


async def test_a_room_that_is_gone_or_full_is_refused(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.rules.room.MOST_SEATS", {"duel": 1})
    messages: list[dict[str, Any]] = [{"room": code} for code in ("CDFHJ", "no", "", " ")]
    messages.append({"type": "watch", "room": "CDFHJ"})
    for message in messages:
        assert await (await gathering.enter(**message)).refusal() == "no_such_room"
    maker = await gathering.enter()
    code = (await maker.hears("welcome"))["room"]
    assert await (await gathering.enter(room=code)).refusal() == "room_full"
    await RoomStorage(gathering.host.services.store.rooms).delete(code)
    assert await maker.refusal() == "no_such_room"
    assert await maker.closed() == Close.REMOVED


async def test_a_name_is_refused_only_where_it_would_be_shown(gathering: Gathering) -> None:
    own, generated = await gathering.open_class(), await gathering.open_class(names="generated")
    ada = await gathering.enter(room=own, name="Ada")
    token = (await ada.hears("welcome"))["token"]
    ways: list[tuple[str, dict[str, Any]]] = [
        ("", {"room": generated}),
        (ada.cookie, {"resume": token}),
        (ada.cookie, {"room": own}),
    ]
    for cookie, way in ways:
        guest = await gathering.enter(cookie, name="x" * 21, **way)
        assert (await guest.hears("welcome"))["seat"] == 1
    for code in (own, None):
        assert await (await gathering.enter(name="x" * 21, room=code)).refusal() == "bad_name"
    screen = await gathering.enter(type="watch", room=own, host_token=HOST_TOKEN)
    await screen.send("start")
    await screen.sees(lambda room: room["state"] == "running")
    late = await gathering.enter(name="x" * 21, room=own)
    assert (await late.hears("welcome"))["seat"] is None


async def test_a_seat_is_kept_in_the_lobby_in_the_game_and_after_it(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "DURATION_MS", 3_000)
    monkeypatch.setattr(tuning, "LOBBY_SECONDS", 0.0)
    monkeypatch.setattr(tuning, "SEAT_SECONDS", 0.0)
    ada, ben = await gathering.duel()
    code = ada.room["room"]
    games = [(await guest.hears("welcome"))["game"] for guest in (ada, ben)]
    await ben.leave()
    await ada.sees(lambda room: not room["players"][1]["connected"])
    ben = await gathering.enter(ben.cookie, room=code)
    assert ((await ben.hears("welcome"))["game"], ben.of("welcome")[0]["seat"]) == (games[1], 2)
    await ada.sees(lambda room: room["players"][1]["connected"])

    await ada.send("start")
    await ben.hears("prompt")
    await ben.send("skip", round=1)
    await ben.hears("verdict")
    await ben.leave()
    await asyncio.sleep(0.1)
    ben = await gathering.enter(ben.cookie, room=code)
    welcome = await ben.hears("welcome")
    assert (welcome["game"], [round_["outcome"] for round_ in welcome["rounds"]]) == (games[1], ["skip"])
    await ben.leave()

    await ada.hears("over")
    await ada.sees(lambda room: room["state"] == "over" and not room["players"][1]["connected"])
    ben = await gathering.enter(ben.cookie, room=code)
    assert ((await ben.hears("welcome"))["game"], (await ben.hears("over"))["game"]) == (games[1], games[1])
    assert (await ben.hears("room"))["you"] == 2
    await ada.sees(lambda room: room["players"][1]["connected"])
    await ben.send("rematch")
    await ada.sees(lambda room: bool(room["next"]))


async def test_a_room_goes_on_after_a_restart_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "DURATION_MS", 60_000)
    async with hosted(tmp_path) as first:
        ada, ben = await Gathering(first).duel()
        code, token = ada.room["room"], (await ben.hears("welcome"))["token"]
        await ada.send("start")
        await ada.hears("prompt")
        await ada.send("skip", round=1)
        await ada.hears("verdict")
    assert [await guest.closed() for guest in (ada, ben)] == [Close.RESTARTING] * 2
    async with hosted(tmp_path) as second:
        gathering = Gathering(second)
        ada = await gathering.enter(ada.cookie, room=code)
        ben = await gathering.enter(ben.cookie, resume=token)
        assert [(await guest.hears("welcome"))["seat"] for guest in (ada, ben)] == [1, 2]
        assert len(ada.of("welcome")[0]["rounds"]) == 1
        await ada.sees(lambda room: all(player["connected"] for player in room["players"]))
        await ben.send("skip", round=1)
        assert (await ada.hears("rival"))["seat"] == 2
        for guest in gathering.guests:
            await guest.leave()


async def test_whoever_was_away_for_very_long_plays_all_the_same(tmp_path: Path) -> None:
    async with hosted(tmp_path) as first:
        ada, ben = await Gathering(first).duel()
        room, game = ada.room["room"], (await ben.hears("welcome"))["game"]
    async with hosted(tmp_path) as second:
        later = datetime.now(UTC) + timedelta(hours=1)
        assert await second.services.store.finish_open_games(later, lambda _: None, later) == 2
        gathering = Gathering(second)
        ada, ben = [await gathering.enter(guest.cookie, room=room) for guest in (ada, ben)]
        welcome = await ben.hears("welcome")
        assert welcome["seat"] == 2
        assert welcome["game"] != game
        await ada.send("start")
        await ben.hears("prompt")
        for guest in gathering.guests:
            await guest.leave()


async def test_nobody_may_try_many_codes_or_open_many_rooms(gathering: Gathering) -> None:
    guest = await gathering.enter(room="no code")
    for _ in range(tuning.BAD_MESSAGES - 1):
        await guest.send("watch", room="CDFHJ")
    assert await guest.closed() == Close.BAD_MESSAGES
    assert {error["code"] for error in guest.of("error")} == {"no_such_room"}
    cookie = guest.cookie
    for _ in range(int(tuning.NEW_ROOMS.player.at_once)):
        guest = await gathering.enter(cookie)
        await guest.hears("welcome")
    guest = await gathering.enter(cookie)
    assert await guest.refusal() == "too_many_requests"
