"""Dailies over the play socket, with two servers on one store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback.records import Game
from game.play import records
from tests.game.hosting import Client, Host, open_client
from tests.strokes import Samples

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]


async def list_targets(client: Client, alphabet: str = "digits") -> tuple[dict[str, Any], list[str]]:
    """Join a daily and skip its first rounds. Return the welcome, and their targets."""
    welcome = await client.join("daily", alphabet)
    targets = [welcome["prompt"]["target"]]
    await client.next("prompt")
    for number in range(1, 13):
        await client.send(type="skip", round=number)
        await client.next("verdict")
        targets.append((await client.next("prompt"))["target"])
    return welcome, targets


async def test_the_prompts_are_the_same_for_all_and_there_is_one_try(
    host: Host, other_host: Host, samples: Samples
) -> None:
    async with await open_client(host) as ada, await open_client(other_host) as bob:
        welcome, targets = await list_targets(ada)
        assert (await list_targets(bob))[1] == targets
        assert welcome["duration_ms"] == 60_000
        async with await open_client(other_host, ada.cookie) as again:
            await again.send(type="join", mode="daily", alphabet="digits")
            error = await again.next("error")
            assert (error["code"], error["game"]) == ("already_played", welcome["game"])
            assert "still running" in error["message"]
            # Another alphabet is another try, and other modes are open; the refusal left the socket usable.
            assert (await again.join("daily", "lower"))["mode"] == "daily"
        await ada.connection.close()
        async with await open_client(other_host, ada.cookie) as back:
            resumed = await back.join(resume=welcome["token"])
            assert (resumed["game"], len(resumed["rounds"])) == (welcome["game"], 12)
            number, target = resumed["prompt"]["round"], resumed["prompt"]["target"]
            await back.ink(number, samples.get(target)[0].place())
            assert (await back.next("verdict"))["outcome"] == "hit"
            assert (await back.next("prompt"))["round"] == number + 1
        stored = await host.services.store.get_game(welcome["game"])
        assert stored is not None
        assert stored[0].mode == "daily"


async def test_a_daily_that_began_before_midnight_goes_on_after_it(
    host: Host, other_host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_game_info = records.make_game_info
    yesterday = datetime.now(UTC) - timedelta(days=1)

    def make_old_info(*args: Any, **kwargs: Any) -> records.GameInfo:
        info = make_game_info(*args, **kwargs)
        return records.GameInfo(info.id, info.player, info.name, info.model, yesterday, info.seed, info.unranked)

    async with await open_client(host) as ada:
        with monkeypatch.context() as patched:
            patched.setattr(records, "make_game_info", make_old_info)
            first, before = await list_targets(ada)
        async with await open_client(other_host, ada.cookie) as today:
            second, after = await list_targets(today)
            assert second["game"] != first["game"]
            assert before != after
        async with await open_client(other_host, ada.cookie) as back:
            resumed = await back.join(resume=first["token"])
            assert resumed["prompt"]["target"] == before[-1]
        game: Game = (await host.services.store.get_game(first["game"]))[0]  # type: ignore[index]
        assert game.started_at == yesterday
