"""The play socket as programs meet it: a game from its join to its end."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from feedback.ids import make_id
from feedback.records import Game
from game.rules import tuning
from recognition.alphabets import ALPHABETS
from tests.game.hosting import ANSWER_SECONDS, Client, Host, open_client
from tests.strokes import Samples


async def play_hit(client: Client, host: Host, samples: Samples, prompt: Any) -> Any:
    """Draw the target as the model in service reads it without doubt, and return the verdict."""
    target = prompt["target"]
    alphabet = "digits" if target.isdigit() else "upper"
    recognize = host.services.recognizer.recognize
    await client.ink(
        prompt["round"],
        next(
            sample.place()
            for sample in samples.get(target)
            if (read := recognize(sample.strokes, alphabet)).label == target and read.confidence > 0.9
        ),
    )
    return await client.next("verdict")


async def test_the_first_message_is_the_whole_game(client: Client) -> None:
    welcome = await client.join(name="Ada")
    assert next(iter(welcome)) == "type"
    assert welcome["protocol"] == 1
    assert (welcome["mode"], welcome["alphabet"]) == ("sprint", "digits")
    assert welcome["duration_ms"] == welcome["remaining_ms"] == tuning.DURATION_MS
    assert (welcome["score"], welcome["combo"], welcome["hits"], welcome["rounds"]) == (0, 0, 0, [])
    assert re.fullmatch(r"[\w-]{32}", welcome["token"])
    prompt = await client.next("prompt")
    assert welcome["prompt"] == {
        "round": 1,
        "target": prompt["target"],
        "remaining_ms": prompt["remaining_ms"],
        "strokes": [],
    }
    assert prompt["target"] in ALPHABETS["digits"]


async def test_a_round_is_drawn_guessed_hit_and_stored(client: Client, host: Host, samples: Samples) -> None:
    welcome = await client.join()
    prompt = await client.next("prompt")
    verdict = await play_hit(client, host, samples, prompt)
    assert (verdict["round"], verdict["outcome"], verdict["target"]) == (1, "hit", prompt["target"])
    assert verdict["points"] == verdict["score"] > 0
    assert verdict["combo"] == 1
    stored = await host.services.store.get_round(verdict["id"])
    assert stored is not None
    assert (stored.game, stored.number, stored.outcome) == (welcome["game"], 1, "hit")
    assert (stored.predicted, stored.points) == (verdict["label"], verdict["points"])
    assert stored.source == "challenge"
    assert stored.image is not None
    assert stored.image.startswith(b"\x89PNG")
    assert stored.drawing
    assert len(stored.top) == 5
    following = await client.next("prompt")
    assert following["round"] == 2
    assert following["target"] != prompt["target"]
    assert following["remaining_ms"] == verdict["remaining_ms"]


async def test_guesses_say_how_much_they_have_seen(client: Client, samples: Samples) -> None:
    await client.join("practice", "any")
    prompt = await client.next("prompt")
    wrong = next(label for label in "EHR" if label.lower() != prompt["target"].lower())
    drawing = samples.get(wrong)[0].place()
    await client.ink(1, drawing)
    total = sum(map(len, drawing))
    guess = await client.next("guess")
    while guess["seen"] < total:
        guess = await client.next("guess")
    assert guess["seen"] == total
    assert len(guess["candidates"]) == tuning.CANDIDATES
    probabilities = [probability for _, probability in guess["candidates"]]
    assert probabilities == sorted(probabilities, reverse=True)
    await client.send(type="undo", round=1)
    assert (await client.next("guess"))["seen"] == total - len(drawing[-1])


async def test_a_skip_costs_time_and_is_stored_empty(client: Client, host: Host) -> None:
    await client.join()
    await client.send(type="skip", round=1)
    verdict = await client.next("verdict")
    assert (verdict["outcome"], verdict["points"], verdict["label"], verdict["confidence"]) == (
        "skip",
        0,
        None,
        None,
    )
    assert verdict["remaining_ms"] <= tuning.DURATION_MS - tuning.SKIP_COST_MS
    stored = await host.services.store.get_round(verdict["id"])
    assert stored is not None
    assert (stored.drawing, stored.predicted, stored.image) == ([], None, None)


@pytest.mark.slow
async def test_a_sprint_ends_with_timeout_then_over(
    client: Client, host: Host, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    welcome = await client.join(name="Ada")
    first = await play_hit(client, host, samples, await client.next("prompt"))
    monkeypatch.setattr(tuning, "SKIP_COST_MS", first["remaining_ms"] - 1000)
    await client.send(type="skip", round=2)
    skipped = await client.next("verdict")
    last = await client.next("verdict")
    assert [first["outcome"], skipped["outcome"], last["outcome"]] == ["hit", "skip", "timeout"]
    assert last["remaining_ms"] == 0
    over = await client.receive()
    assert over["type"] == "over"
    assert (over["game"], over["score"], over["hits"]) == (welcome["game"], first["score"], 1)
    assert (over["rank"], over["best_combo"], over["accuracy"]) == (None, 1, 0.3333)
    assert over["unranked"] == "5 hits are needed, and this game has 1."
    assert over["unranked_code"] == "too_few_hits"
    assert [entry["id"] for entry in over["rounds"]] == [first["id"], skipped["id"], last["id"]]
    assert set(over["rounds"][0]) == {
        "round", "id", "target", "outcome", "label", "confidence", "points", "duration_ms"
    }  # fmt: skip
    found = await host.services.store.get_game(welcome["game"])
    assert found is not None
    game, rounds = found
    assert (game.name, game.score, game.hits, game.prompts) == ("Ada", over["score"], 1, 3)
    assert game.finished_at is not None
    assert [entry.id for entry in rounds] == [entry["id"] for entry in over["rounds"]]

    for message in ({"type": "ink", "round": 3, "stroke": 0, "points": [1, 1, 0]}, {"type": "ping", "nonce": 1}):
        await client.send(**message)
        assert await client.refusal() == "game_over"
    await client.send(type="join", mode="sprint", alphabet="digits")
    assert await client.closed() == 1000


async def test_practice_has_no_clock_and_is_kept_when_its_player_leaves(
    host: Host, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "SEAT_SECONDS", 0.2)
    async with await open_client(host) as client:
        welcome = await client.join("practice", "upper")
        assert welcome["duration_ms"] is welcome["remaining_ms"] is None
        verdict = await play_hit(client, host, samples, await client.next("prompt"))
        assert (verdict["points"], verdict["score"], verdict["remaining_ms"]) == (0, 0, None)
    game = await finished_game(host, welcome["game"])
    assert (game.mode, game.score, game.hits) == ("practice", 0, 1)


async def test_an_abandoned_game_is_stored_as_it_stands(
    host: Host, samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "SEAT_SECONDS", 0.2)
    async with await open_client(host) as client:
        welcome = await client.join()
        verdict = await play_hit(client, host, samples, await client.next("prompt"))
    game = await finished_game(host, welcome["game"])
    assert (game.score, game.hits, game.prompts) == (verdict["score"], 1, 1)


@pytest.mark.parametrize("mode", ["sprint", "practice"])
async def test_a_player_can_end_a_game_at_once(host: Host, samples: Samples, mode: str) -> None:
    async with await open_client(host) as client:
        welcome = await client.join(mode)
        verdict = await play_hit(client, host, samples, await client.next("prompt"))
        await client.send(type="ink", round=2, stroke=0, points=[1, 1, 0, 900, 900, 5])
        await client.send(type="finish")
        over = await client.next("over")
        assert (over["score"], over["hits"], len(over["rounds"])) == (verdict["score"], 1, 1)
        await client.send(type="finish")
        assert await client.refusal() == "game_over"
    game = await finished_game(host, welcome["game"])
    assert (game.score, game.hits, game.prompts) == (verdict["score"], 1, 1)


async def test_a_game_that_is_ended_while_its_player_leaves_is_over_at_once(host: Host, samples: Samples) -> None:
    async with await open_client(host) as client:
        welcome = await client.join()
        await play_hit(client, host, samples, await client.next("prompt"))
        await client.send(type="finish")
    assert (await finished_game(host, welcome["game"])).hits == 1


async def finished_game(host: Host, game_id: str) -> Any:
    async with asyncio.timeout(ANSWER_SECONDS):
        while True:
            found = await host.services.store.get_game(game_id)
            if found and found[0].finished_at:
                return found[0]
            await asyncio.sleep(0.05)


async def test_messages_sent_just_before_leaving_count(host: Host) -> None:
    async with await open_client(host) as client:
        welcome = await client.join("practice")
        for number in range(1, 31):
            await client.send(type="skip", round=number)
    async with await open_client(host, client.cookie) as again:
        resumed = await again.join("practice", resume=welcome["token"])
        while len(resumed["rounds"]) < 30:
            verdict = await again.next("verdict")
            resumed["rounds"].append(verdict)
    assert [entry["outcome"] for entry in resumed["rounds"]] == ["skip"] * 30


async def test_a_resumed_game_is_whole(host: Host, samples: Samples) -> None:
    client = await open_client(host)
    welcome = await client.join("sprint", "digits")
    verdict = await play_hit(client, host, samples, await client.next("prompt"))
    await client.next("prompt")
    await client.send(type="ink", round=2, stroke=0, points=[10, 20, 0, 30, 40, 16])
    await client.next("guess")
    client.connection.transport.abort()
    async with await open_client(host, client.cookie) as again:
        resumed = await again.join(resume=welcome["token"])
        assert resumed["game"] == welcome["game"]
        assert resumed["token"] != welcome["token"]
        assert (resumed["score"], resumed["combo"], resumed["hits"]) == (verdict["score"], 1, 1)
        assert resumed["remaining_ms"] <= verdict["remaining_ms"]
        assert resumed["prompt"]["round"] == 2
        assert resumed["prompt"]["strokes"] == [[10, 20, 0, 30, 40, 16]]
        assert [entry["id"] for entry in resumed["rounds"]] == [verdict["id"]]
        assert (await again.receive())["type"] == "guess"
        await again.send(type="ink", round=2, stroke=0, points=[50, 60, 16])
        assert (await again.next("guess"))["seen"] == 3


async def test_a_token_is_good_once_and_only_for_its_player(host: Host) -> None:
    async with await open_client(host) as client, await open_client(host) as stranger:
        welcome = await client.join()
        await stranger.send(type="join", mode="sprint", alphabet="digits", resume=welcome["token"])
        assert await stranger.refusal() == "cannot_resume"
        async with await open_client(host, client.cookie) as second:
            assert (await second.join(resume=welcome["token"]))["game"] == welcome["game"]
            assert await client.closed() == 4001
            async with await open_client(host, client.cookie) as third:
                await third.send(type="join", resume=welcome["token"])
                assert await third.refusal() == "cannot_resume"
                await third.join()
            await second.send(type="skip", round=1)
            assert (await second.next("verdict"))["outcome"] == "skip"


async def test_a_game_that_ended_while_its_player_was_away_is_told_on_return(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "DURATION_MS", 300)
    async with await open_client(host) as client:
        welcome = await client.join()
    await finished_game(host, welcome["game"])
    async with await open_client(host, client.cookie) as again:
        resumed = await again.join(resume=welcome["token"])
        assert (resumed["prompt"], resumed["remaining_ms"]) == (None, 0)
        assert (await again.receive())["type"] == "over"


async def test_a_seat_is_kept_only_so_long(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SEAT_SECONDS", 0.1)
    async with await open_client(host) as client:
        welcome = await client.join()
    await finished_game(host, welcome["game"])
    async with await open_client(host, client.cookie) as again:
        await again.send(type="join", resume=welcome["token"])
        assert await again.refusal() == "cannot_resume"


async def test_a_known_player_gets_no_second_cookie(host: Host) -> None:
    async with await open_client(host) as client:
        assert client.cookie.startswith("inkrush_player=")
    async with await open_client(host, client.cookie) as again:
        assert again.cookie == ""


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_pages_of_other_sites_are_refused(host: Host, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await open_client(host, **headers)
    assert refused.value.response.status_code == 403
    assert b'"code":"foreign_origin"' in (refused.value.response.body or b"")


async def test_its_own_pages_and_programs_may_play(host: Host) -> None:
    async with await open_client(host, Origin=f"http://127.0.0.1:{host.port}") as client:
        assert await client.join()


async def test_an_address_has_only_so_many_sockets(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.services.limits.sockets, "at_most", 2)
    async with await open_client(host), await open_client(host):
        with pytest.raises(InvalidStatus) as refused:
            await open_client(host)
    assert refused.value.response.status_code == 429
    async with await open_client(host) as client:
        assert await client.join()


async def test_nothing_is_compressed(host: Host) -> None:
    async with await open_client(host) as client:
        assert client.connection.protocol.extensions == []
        assert await client.join()


async def test_too_many_new_players_of_one_address_play_but_are_not_ranked(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "NEWCOMERS", tuning.limit_address("new players", tuning.Rate(2, 0.001)))

    async def begin(mode: str = "sprint", cookie: str = "") -> tuple[Game, str]:
        async with await open_client(host, cookie) as client:
            found = await host.services.store.get_game((await client.join(mode))["game"])
            assert found is not None
            return found[0], client.cookie

    await begin("practice")  # is not ranked anyway, and so not counted
    known, cookie = await begin()
    assert known.unranked is None
    assert (await begin())[0].unranked is None
    assert (await begin())[0].unranked == "too many new players came from one address at once."
    await host.services.store.finish_game(
        msgspec.structs.replace(known, id=make_id(), finished_at=known.started_at, score=300)
    )
    assert (await begin(cookie=cookie))[0].unranked is None
