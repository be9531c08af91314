"""A player whose 4 looks like a 9 is understood once the game has learned their hand."""

from __future__ import annotations

import asyncio
import gc
import weakref
from pathlib import Path

import pytest

from feedback.hands import StoredHand
from feedback.remembering import HandState
from game.play.game_hand import GameHand
from game.rules.challenge import RoundResult
from tests.bench.swap import prepare_registry
from tests.game.hosting import ANSWER_SECONDS, Client, Host, open_client
from tests.game.oddity import (
    draw_odd_four,
    get_player,
    label,
    play_until,
    recognize,
    remember_digits,
    teach_odd_fours,
    try_drawing,
    wait_until_seen,
)
from tests.postgresql import Cluster

SEVEN = [[(250, 150), (400, 152), (600, 150), (750, 150), (600, 500), (450, 850)]]


async def practice_a_four(client: Client) -> str:
    """Draw an odd 4 in a new game of practice, and return the outcome."""
    await client.join("practice", characters="4")
    prompt = await client.next("prompt")
    verdict = await try_drawing(client, prompt["round"], draw_odd_four(10))
    return str(verdict["outcome"])


async def practice_again(host: Host, cookie: str) -> str:
    async with await open_client(host, cookie) as client:
        return await practice_a_four(client)


@pytest.mark.both_engines
async def test_what_was_labeled_in_practice_counts_in_the_next_round(host: Host, client: Client) -> None:
    await remember_digits(host, get_player(host, client.cookie))
    await client.join("practice", characters="4")
    outcomes = []
    for number in range(4):
        prompt = await client.next("prompt")
        verdict = await try_drawing(client, prompt["round"], draw_odd_four(number))
        outcomes.append(verdict["outcome"])
        await label(host, client.cookie, verdict["id"], "4")
    assert outcomes[0] == "skip"
    assert outcomes[-1] == "hit"


async def test_labels_count_outside_of_boards_until_they_are_forgotten(host: Host, client: Client) -> None:
    player, cookie = get_player(host, client.cookie), client.cookie
    hands = host.services.store.hands
    await remember_digits(host, player)
    await teach_odd_fours(host, cookie)
    assert (await recognize(host, cookie, draw_odd_four(9)))["label"] == "4"
    assert (await recognize(host, "", draw_odd_four(9)))["label"] == "9"
    for mode in ("sprint", "daily", "extra"):
        async with await open_client(host, cookie) as ranked:
            await ranked.join(mode)
            number = await play_until(ranked, await ranked.next("prompt"), "4")
            assert (await try_drawing(ranked, number, draw_odd_four(9)))["outcome"] == "skip"
    assert await practice_again(host, cookie) == "hit"
    # What the labels have made a hit is no hit for boards.
    newest = (await hands.load(player)).entries[0]
    assert (newest.label, newest.origin) == ("4", "label")

    await hands.switch(player, is_on=False)
    assert await practice_again(host, cookie) == "skip"
    await hands.switch(player, is_on=True)
    assert await practice_again(host, cookie) == "hit"
    await hands.forget_character(player, "4")
    assert await practice_again(host, cookie) == "skip"


async def test_what_a_running_game_forgets_counts_no_more(host: Host, client: Client) -> None:
    player = get_player(host, client.cookie)
    await remember_digits(host, player)
    await teach_odd_fours(host, client.cookie)
    assert await practice_a_four(client) == "hit"
    await host.services.store.hands.forget_all(player)
    prompt = await client.next("prompt")
    assert (await try_drawing(client, prompt["round"], draw_odd_four()))["outcome"] == "skip"


async def test_hits_are_remembered_and_say_when_a_character_is_known(host: Host, client: Client) -> None:
    await client.join("practice", characters="7")
    known = []
    for _ in range(4):
        prompt = await client.next("prompt")
        await client.ink(prompt["round"], SEVEN)
        verdict = await client.next("verdict")
        assert verdict["outcome"] == "hit"
        known.append(verdict.get("known"))
    assert known == [None, None, True, None]
    entries = (await host.services.store.hands.load(get_player(host, client.cookie))).entries
    version = host.services.recognizer.version
    assert [(entry.label, entry.origin, entry.model) for entry in entries] == [("7", "hit", version)] * 4
    assert all(entry.features for entry in entries)


async def test_drawings_with_the_arrow_keys_teach_nothing(host: Host, client: Client) -> None:
    prompt = await _begin(client, "keys")
    number = await play_until(client, prompt, "7")
    await client.ink(number, SEVEN)
    assert (await client.next("verdict"))["outcome"] == "hit"
    assert (await host.services.store.hands.load(get_player(host, client.cookie))).entries == []


async def test_a_dot_that_a_player_calls_an_8_is_never_a_hit(host: Host, client: Client) -> None:
    player, cookie = get_player(host, client.cookie), client.cookie
    await remember_digits(host, player)
    dot = [[(500 + x, 500 + y) for x, y in ((0, 0), (20, 10), (30, 30), (10, 30), (0, 0))]]
    for _ in range(8):
        drawn = await recognize(host, cookie, dot, store=True)
        await label(host, cookie, drawn["round"], "8")
    for mode in ("sprint", "practice"):
        async with await open_client(host, cookie) as liar:
            number = await play_until(liar, await _begin(liar, mode), "8")
            assert (await try_drawing(liar, number, dot))["outcome"] == "skip"


async def test_a_hit_that_a_label_has_made_stays_one_when_the_label_is_forgotten(host: Host) -> None:
    """Else, who forgets a label just before its hit would have taught a ranked game what they like."""
    player = "ada"
    await remember_digits(host, player)
    hand = await host.services.hands.open(player)
    game = GameHand(hand, host.services.hands, "practice", "digits")
    recognizer = host.services.recognizer

    def draw() -> str | None:
        prediction = recognizer.recognize(draw_odd_four(), "digits", game.choose(recognizer.version))
        hand.take(StoredHand(HandState(True, 1 + hand.version), hits), hand.changes)
        lesson = game.make_lesson(RoundResult(1, "4", "hit", prediction, [], 900, 0, 1, 0, 0, None))
        return lesson and lesson.origin

    hits = (await host.services.store.hands.load(player)).entries
    assert draw() == "hit"
    labeled = [entry._replace(origin="label") if entry.label == "4" else entry for entry in hits]
    hand.take(StoredHand(HandState(True, 1 + hand.version), labeled), hand.changes)
    assert draw() == "label"


async def test_a_hand_leaves_memory_with_its_last_game(host: Host, client: Client) -> None:
    """A session that has ended is in memory until the garbage collector comes, and that may take hours."""
    await client.join("practice", characters="7")
    await client.ink((await client.next("prompt"))["round"], SEVEN)
    assert (await client.next("verdict"))["outcome"] == "hit"
    hand = weakref.ref(await host.services.hands.open(get_player(host, client.cookie)))
    gc.disable()
    try:
        await host.app.test_client(use_cookies=False).delete("/api/me", headers={"Cookie": client.cookie})
        async with asyncio.timeout(ANSWER_SECONDS):
            while hand() is not None:
                await asyncio.sleep(0.01)
    finally:
        gc.enable()


@pytest.mark.slow
async def test_a_new_model_looks_at_the_drawings_again(host: Host, client: Client, tmp_path: Path) -> None:
    player = get_player(host, client.cookie)
    await remember_digits(host, player)
    await teach_odd_fours(host, client.cookie)
    assert await practice_a_four(client) == "hit"
    prepare_registry(tmp_path / "models").promote("first")
    async with asyncio.timeout(60):
        while host.services.recognizer.version != "first":
            await asyncio.sleep(0.05)
    await wait_until_seen(host, player)
    prompt = await client.next("prompt")
    verdict = await try_drawing(client, prompt["round"], draw_odd_four(7))
    assert (verdict["outcome"], verdict["model"]) == ("hit", "first")
    assert {entry.model for entry in (await host.services.store.hands.load(player)).entries} == {"first"}


@pytest.mark.slow
async def test_a_claimed_device_has_the_hand_and_a_deleted_player_has_none(host: Host, client: Client) -> None:
    player = get_player(host, client.cookie)
    await remember_digits(host, player)
    await teach_odd_fours(host, client.cookie)
    async with await open_client(host) as device:
        browser = host.app.test_client(use_cookies=False)
        made = await browser.post("/api/me/link", headers={"Cookie": client.cookie})
        code = (await made.get_json())["code"]
        claimed = await browser.post("/api/me/claim", json={"code": code}, headers={"Cookie": device.cookie})
        cookie = claimed.headers["Set-Cookie"].partition(";")[0]
    assert await practice_again(host, cookie) == "hit"
    await browser.delete("/api/me", headers={"Cookie": cookie})
    assert (await recognize(host, cookie, draw_odd_four(9)))["label"] == "9"


@pytest.mark.slow
class TestTwoServers:
    """They share a database."""

    @pytest.fixture
    def database_url(self, cluster: Cluster) -> str:
        return cluster.create_store()

    async def test_a_label_at_one_counts_in_a_game_at_the_other(
        self, host: Host, other_host: Host, client: Client
    ) -> None:
        player = get_player(host, client.cookie)
        await remember_digits(host, player)
        await client.join("practice", characters="4")
        prompt = await client.next("prompt")
        assert (await try_drawing(client, prompt["round"], draw_odd_four()))["outcome"] == "skip"
        await teach_odd_fours(other_host, client.cookie)
        hand = await host.services.hands.open(player)
        async with asyncio.timeout(ANSWER_SECONDS):
            while hand.version < await host.services.store.hands.read_version(player) or not hand.is_fresh:
                await asyncio.sleep(0.01)
        await wait_until_seen(host, player)
        prompt = await client.next("prompt")
        assert (await try_drawing(client, prompt["round"], draw_odd_four(5)))["outcome"] == "hit"

    async def test_a_game_that_goes_on_at_another_server_has_the_hand(
        self, host: Host, other_host: Host, client: Client
    ) -> None:
        await remember_digits(host, get_player(host, client.cookie))
        await teach_odd_fours(host, client.cookie)
        welcome = await client.join("practice", characters="4")
        async with await open_client(other_host, client.cookie) as resumed:
            prompt = (await resumed.join(resume=welcome["token"]))["prompt"]
            assert (await try_drawing(resumed, prompt["round"], draw_odd_four(5)))["outcome"] == "hit"


async def _begin(client: Client, mode: str) -> dict[str, object]:
    await client.join(mode)
    prompt: dict[str, object] = await client.next("prompt")
    return prompt
