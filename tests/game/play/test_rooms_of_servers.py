"""Rooms whose people are at two servers, which share a PostgreSQL database."""

from __future__ import annotations

import pytest

from game.play.protocol import Close
from game.rules import tuning
from tests.game.guests import HOST_TOKEN, Gathering, play_hit
from tests.game.hosting import Host
from tests.postgresql import Cluster
from tests.strokes import Samples

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "COUNTDOWN_MS", 1_000)


@pytest.fixture
def database_url(cluster: Cluster) -> str:
    return cluster.create_store()


async def test_a_class_at_two_servers_sees_one_room(
    other_host: Host, gathering: Gathering, samples: Samples
) -> None:
    code = await gathering.open_class(duration_ms=30_000)
    screen = await gathering.enter(type="watch", room=code, host_token=HOST_TOKEN, host=other_host)
    await screen.hears("room")
    ada = await gathering.enter(room=code, name="Ada")
    ben = await gathering.enter(room=code, name="Ben", host=other_host)
    cat = await gathering.enter(room=code, name="Cat")
    for guest in (screen, ada, ben, cat):
        room = await guest.sees(lambda room: sum(player["connected"] for player in room["players"]) == 3)
        assert sorted(player["name"] for player in room["players"]) == ["Ada", "Ben", "Cat"]
    seat_of_cat = (await cat.hears("welcome"))["seat"]
    await screen.send("remove", seat=seat_of_cat)
    assert await cat.closed() == Close.REMOVED

    await screen.send("start")
    prompts = [await guest.hears("prompt") for guest in (ada, ben)]
    assert prompts[0]["target"] == prompts[1]["target"]
    assert abs(prompts[0]["remaining_ms"] - prompts[1]["remaining_ms"]) < 1_000
    verdict = await play_hit(ada, gathering.host, samples, 1)
    for guest in (screen, ben):
        rival = await guest.hears("rival")
        assert (rival["seat"], rival["score"]) == ((await ada.hears("welcome"))["seat"], verdict["score"])
    assert "strokes" in screen.of("rival")[0]
    assert "strokes" not in ben.of("rival")[0]

    # The players come back at the other server each, one with the code, one with the token.
    token = ada.of("welcome")[0]["token"]
    again = [
        await gathering.enter(ada.cookie, resume=token, host=other_host),
        await gathering.enter(ben.cookie, room=code),
    ]
    for guest, before in zip(again, (ada, ben), strict=True):
        welcome = await guest.hears("welcome")
        assert welcome["game"] == before.of("welcome")[0]["game"]
        assert welcome["seat"] == before.of("welcome")[0]["seat"]
        assert await before.closed() == Close.TAKEN_OVER
    assert again[0].of("welcome")[0]["score"] == verdict["score"]
    await screen.sees(lambda room: [player["connected"] for player in room["players"]] == [True, True])
    assert sorted(player["score"] for player in screen.room["players"]) == [0, verdict["score"]]
    round_ = again[1].of("welcome")[0]["prompt"]["round"]
    await again[1].send("skip", round=round_)
    await again[0].hears("rival", lambda rival: rival["outcome"] == "skip")


async def test_what_servers_tell_each_other_may_be_lost(
    other_host: Host, gathering: Gathering, cluster: Cluster, database_url: str
) -> None:
    ada = await gathering.enter(name="Ada")
    code = (await ada.hears("welcome"))["room"]
    ben = await gathering.enter(room=code, host=other_host)
    await ada.sees(lambda room: len(room["players"]) == 2)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND query LIKE '%{}%'"
    for words in ("LISTEN", "pg_notify"):
        cluster.execute(cut.format(database_url.rpartition("/")[2], words))
    await ada.send("start")
    await ben.hears("prompt")
    await ada.send("skip", round=1)
    await ben.sees(lambda room: room["state"] == "running")


async def test_a_player_may_change_servers_back_and_forth(
    other_host: Host, gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    for host in (gathering.host, other_host):
        monkeypatch.setattr(host.services.games, "check", lambda _: None)  # they do not notice by themselves
    ada = await gathering.enter(name="Ada")
    welcome = await ada.hears("welcome")
    for host in (other_host, gathering.host, other_host, gathering.host):
        ada = await gathering.enter(ada.cookie, room=welcome["room"], host=host)
        again = await ada.hears("welcome")
        assert (again["game"], again["seat"]) == (welcome["game"], 1)
    await ada.send("start")
    await ada.hears("prompt")
    await ada.send("skip", round=1)
    await ada.hears("verdict")
