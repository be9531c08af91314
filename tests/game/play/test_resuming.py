"""Games that go on after their server has stopped, or on another server with the same store."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from feedback.errors import StoreError
from game.play.protocol import Close
from game.play.records import list_round_times
from game.play.saved_game import decode_game
from game.rules import tuning
from game.rules.plausibility import LEAST_ODD_HITS
from game.rules.prompts import favor_slow_targets, shuffle_prompts
from tests.game.hosting import Client, Host, hosted, open_client
from tests.strokes import Samples

pytestmark = pytest.mark.slow

INK = [10, 20, 0, 30, 40, 16]


async def play_some(client: Client) -> dict[str, Any]:
    """Join, skip a round, draw in the next, and return the welcome."""
    welcome: dict[str, Any] = await client.join()
    await client.send(type="skip", round=1)
    await client.next("verdict")
    await client.send(type="ink", round=2, stroke=0, points=INK)
    await client.next("guess")
    return welcome


async def resume(host: Host, cookie: str, token: str) -> dict[str, Any]:
    """Resume in a connection of its own, which is closed then; return the welcome, or why there is none."""
    async with await open_client(host, cookie) as client:
        await client.send(type="join", mode="sprint", alphabet="digits", resume=token)
        try:
            message: dict[str, Any] = await client.receive()
        except ConnectionClosedError as closed:
            assert closed.rcvd is not None
            return {"type": "close", "code": closed.rcvd.code}
        return message


@pytest.mark.both_engines
async def test_a_game_goes_on_after_a_restart_with_its_drawing_and_its_clock(
    tmp_path: Path, database_url: str
) -> None:
    async with hosted(tmp_path, database_url) as host:
        client = await open_client(host)
        welcome = await play_some(client)
    assert await client.refusal() == "restarting"
    assert await client.closed() == Close.RESTARTING

    async with hosted(tmp_path, database_url) as host, await open_client(host, client.cookie) as again:
        resumed = await again.join(resume=welcome["token"])
        assert resumed["game"] == welcome["game"]
        assert resumed["token"] != welcome["token"]
        assert [round_["outcome"] for round_ in resumed["rounds"]] == ["skip"]
        assert (resumed["prompt"]["round"], resumed["prompt"]["strokes"]) == (2, [INK])
        assert 50_000 < resumed["remaining_ms"] < welcome["remaining_ms"] - 3_000
        await again.send(type="skip", round=2)
        assert (await again.next("verdict"))["round"] == 2
        assert (await again.next("prompt"))["round"] == 3


async def test_the_prompts_after_a_restart_are_those_that_would_have_come(
    tmp_path: Path, database_url: str
) -> None:
    targets: list[str] = []
    token, cookie = None, ""
    for first in (1, 6):
        async with hosted(tmp_path, database_url) as host, await open_client(host, cookie) as client:
            welcome = await client.join("practice", "digits", resume=token)
            token, cookie = welcome["token"], cookie or client.cookie
            targets.append(welcome["prompt"]["target"])
            for number in range(first, first + 5):
                await client.send(type="skip", round=number)
                await client.next("verdict")
                targets.append((await client.next("prompt"))["target"])
    assert len(set(targets[:5] + targets[6:11])) == 10
    assert targets[5] == targets[6]


async def test_adapted_prompts_after_a_restart_are_those_that_would_have_come(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "SLOW_TARGETS_AFTER_MS", 0)
    monkeypatch.setattr(tuning, "SLOW_TARGETS_SHARE", 1)
    token, cookie = None, ""
    for first in (1, 7):
        async with hosted(tmp_path, database_url) as host, await open_client(host, cookie) as client:
            welcome = await client.join("sprint", "digits", resume=token)
            token, cookie = welcome["token"], cookie or client.cookie
            for number in range(first, first + 6):
                await asyncio.sleep(0.2 if number == 2 else 0)  # so one target is slower than the others
                await client.send(type="skip", round=number)
                await client.next("verdict")
            stored = await host.services.store.get_game(welcome["game"])
            state = await host.services.store.database.read(
                lambda connection: connection.execute("SELECT state FROM running_games").fetchone()["state"]
            )
    assert stored is not None
    rounds, seed = list_round_times(stored[1]), decode_game(state).seed
    proposals = list(islice(shuffle_prompts("0123456789", seed), 12))
    targets = [round_.target for round_ in rounds]
    assert targets != proposals
    assert targets == [
        favor_slow_targets(seed, proposal, rounds[:number]) for number, proposal in enumerate(proposals)
    ]


@pytest.mark.both_engines
async def test_characters_of_a_practice_are_asked_for_again_after_a_restart(
    tmp_path: Path, database_url: str, samples: Samples
) -> None:
    async with hosted(tmp_path, database_url) as host, await open_client(host) as client:
        welcome = await client.join("practice", "any", characters="7g7")
        assert (welcome["alphabet"], welcome["duration_ms"]) == ("any", None)
        first = welcome["prompt"]["target"]
        await client.ink(1, samples.get(first)[0].place())
        assert (await client.next("verdict"))["target"] == first
        cookie, token = client.cookie, welcome["token"]
    async with hosted(tmp_path, database_url) as host, await open_client(host, cookie) as again:
        welcome = await again.join("practice", resume=token)
        targets = [first, welcome["prompt"]["target"]]
        for number in range(2, 8):
            await again.send(type="skip", round=number)
            await again.next("verdict")
            targets.append((await again.next("prompt"))["target"])
        assert targets == ["7", "g"] * 4 or targets == ["g", "7"] * 4
    async with hosted(tmp_path, database_url) as host, await open_client(host, cookie) as single:
        welcome = await single.join("practice", characters="7")
        assert (welcome["alphabet"], welcome["prompt"]["target"]) == ("digits", "7")
        await single.next("prompt")
        await single.ink(1, samples.get("7")[0].place())
        assert (await single.next("verdict"))["outcome"] == "hit"
        assert (await single.next("prompt"))["target"] == "7"


@pytest.mark.both_engines
async def test_a_game_moves_to_another_server_and_ends_on_the_first(
    host: Host, other_host: Host, samples: Samples
) -> None:
    client = await open_client(host)
    welcome = await play_some(client)
    async with await open_client(other_host, client.cookie) as moved:
        resumed = await moved.join(resume=welcome["token"])
        assert (resumed["game"], resumed["prompt"]["round"]) == (welcome["game"], 2)
        # The first server finds out by itself, at its next beat or when it stores the next round.
        assert await client.closed() == Close.TAKEN_OVER
        await moved.ink(2, samples.get(resumed["prompt"]["target"])[0].place())
        await moved.next("verdict")
    found = await host.services.store.get_game(welcome["game"])
    assert found is not None
    assert [round_.number for round_ in found[1]] == [1, 2]


@pytest.mark.both_engines
async def test_what_an_old_server_would_store_is_refused(
    host: Host, other_host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await open_client(host)
    welcome = await play_some(client)
    monkeypatch.setattr(host.services.games, "check", lambda _: None)  # it does not notice by itself
    async with await open_client(other_host, client.cookie) as moved:
        await moved.join(resume=welcome["token"])
        await client.send(type="skip", round=2)
        assert await client.closed() == Close.TAKEN_OVER
        await moved.send(type="skip", round=2)
        assert (await moved.next("verdict"))["outcome"] == "skip"


async def test_the_clock_runs_on_while_a_player_changes_servers(host: Host, other_host: Host) -> None:
    async with await open_client(host) as client:
        welcome = await client.join()
    await asyncio.sleep(0.5)
    first = await resume(other_host, client.cookie, welcome["token"])
    second = await resume(host, client.cookie, first["token"])
    assert second["remaining_ms"] <= first["remaining_ms"] <= welcome["remaining_ms"] - 400


@pytest.mark.both_engines
async def test_a_token_that_reaches_two_servers_at_once_is_good_on_one(host: Host, other_host: Host) -> None:
    async with await open_client(host) as client:
        welcome = await client.join()
    answers = await asyncio.gather(
        *(resume(server, client.cookie, welcome["token"]) for server in (host, other_host) * 3)
    )
    assert [answer["type"] for answer in answers].count("welcome") == 1
    assert {answer.get("code") for answer in answers} <= {None, "cannot_resume", Close.TAKEN_OVER}


async def test_a_token_works_for_its_player_only_on_any_server(host: Host, other_host: Host) -> None:
    async with await open_client(host) as client, await open_client(other_host) as stranger:
        welcome = await client.join()
        assert (await resume(other_host, stranger.cookie, welcome["token"]))["code"] == "cannot_resume"
        await client.send(type="skip", round=1)
        assert (await client.next("verdict"))["round"] == 1


async def test_a_player_who_is_deleted_on_another_server_cannot_go_on(host: Host, other_host: Host) -> None:
    async with await open_client(host) as client:
        welcome = await client.join()
        found = await host.services.store.get_game(welcome["game"])
        assert found is not None
        await other_host.services.store.delete_player(found[0].player)
        assert await client.refusal() == "player_deleted"
        assert await client.closed() == Close.DELETED


@pytest.mark.slow
async def test_a_game_that_no_person_can_have_played_stays_so_after_a_restart(
    tmp_path: Path, samples: Samples
) -> None:
    hits_before = LEAST_ODD_HITS - 1
    async with hosted(tmp_path) as host:
        client = await open_client(host)
        welcome = await client.join()
        prompt = await client.next("prompt")
        for _ in range(hits_before):
            await claim_an_hour(client, prompt, samples)
            assert (await client.next("verdict"))["outcome"] == "hit"
            prompt = await client.next("prompt")

    async with hosted(tmp_path) as host, await open_client(host, client.cookie) as again:
        resumed = await again.join(resume=welcome["token"])
        await claim_an_hour(again, resumed["prompt"], samples)
        verdict = await again.next("verdict")
        assert (verdict["outcome"], verdict["combo"]) == ("hit", LEAST_ODD_HITS)
        while verdict["remaining_ms"] > 0:
            prompt = await again.next("prompt")
            await again.send(type="skip", round=prompt["round"])
            verdict = await again.next("verdict")
        over = await again.next("over")
        assert over["rank"] is None
        assert over["unranked"] is not None
        stored = await host.services.store.get_game(welcome["game"])
        assert stored is not None
        assert stored[0].unranked == over["unranked"]


async def claim_an_hour(client: Client, prompt: dict[str, Any], samples: Samples) -> None:
    """Send a whole drawing that claims an hour for each point, so that it is in doubt on any machine."""
    for number, stroke in enumerate(samples.get(prompt["target"])[0].place()):
        points = [value for x, y in stroke for value in (x, y, 3_600_000)]
        await client.send(type="ink", round=prompt["round"], stroke=number, points=points)


async def test_a_game_whose_round_could_not_be_stored_goes_on_once_the_store_works(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await open_client(host)
    welcome = await play_some(client)
    with monkeypatch.context() as broken:
        broken.setattr(tuning, "STORE_SECONDS", 0.0)
        broken.setattr(host.services.store.running_games, "add_round", fail)
        await client.send(type="skip", round=2)
        assert await client.refusal() == "game_lost"
        assert await client.closed() == Close.FAILED
    async with await open_client(host, client.cookie) as again:
        resumed = await again.join(resume=welcome["token"])
        assert (resumed["game"], resumed["prompt"]["round"]) == (welcome["game"], 2)
        await again.send(type="skip", round=2)
        assert (await again.next("verdict"))["round"] == 2


async def test_a_game_that_was_over_but_not_ended_ends_when_its_player_comes_back(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await open_client(host)
    welcome = await client.join()
    with monkeypatch.context() as broken:
        broken.setattr(tuning, "STORE_SECONDS", 0.0)
        broken.setattr(tuning, "SKIP_COST_MS", tuning.DURATION_MS)
        broken.setattr(host.services.store, "finish_game", fail)
        await client.send(type="skip", round=1)
        assert (await client.next("verdict"))["remaining_ms"] == 0
        assert await client.refusal() == "game_lost"
        assert await client.closed() == Close.FAILED
    async with await open_client(host, client.cookie) as again:
        resumed = await again.join(resume=welcome["token"])
        assert (resumed["remaining_ms"], resumed["prompt"]) == (0, None)
        assert (await again.next("over"))["game"] == welcome["game"]


async def test_a_server_that_was_taken_for_dead_learns_that_its_game_has_ended(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host.services.games, "check", lambda _: None)  # it does not notice by itself
    async with await open_client(host) as client:
        await play_some(client)
        await host.services.store.finish_open_games(datetime.now(UTC) + timedelta(hours=1), lambda _: None)
        await client.send(type="skip", round=2)
        assert await client.closed() == Close.MAY_RECONNECT


async def test_a_countdown_goes_on_after_a_restart_and_costs_no_time(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "COUNTDOWN_MS", 60_000)
    async with hosted(tmp_path, database_url) as first:
        client = await open_client(first)
        welcome = await client.join(countdown=True)
        assert welcome["prompt"]["target"] == (await client.next("prompt"))["target"]
        await client.send(type="skip", round=1)
        assert await client.refusal() == "not_started"
    async with hosted(tmp_path, database_url) as second, await open_client(second, client.cookie) as again:
        resumed = await again.join(resume=welcome["token"])
        assert 0 < resumed["starts_in_ms"] <= welcome["starts_in_ms"] <= 60_000
        assert resumed["remaining_ms"] == resumed["duration_ms"]
        await again.ink(1, [[(100, 100), (900, 900)]])
        assert await again.refusal() == "not_started"


async def fail(*_: Any) -> None:
    raise StoreError("The disk is full.")
