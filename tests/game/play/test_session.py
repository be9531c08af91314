"""A running game on a real store. The test sets the clock."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from feedback.running_games import RunningGame
from feedback.store import Store, open_store
from game.play import records
from game.play.events import TimePassed
from game.play.protocol import FromServer
from game.play.saved_game import encode_game, hash_token
from game.play.send_queue import SendQueue
from game.play.session import GameSession
from game.rules import tuning
from game.rules.challenge import Challenge
from game.rules.moves import AddPoints, SkipRound
from recognition import Prediction
from tests.game.readings import reading

DRAWN = [100, 100, 0, 900, 900, 50]


class Heard(SendQueue):
    """Keeps what is posted."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: deque[Any] = deque()

    def post(self, message: FromServer) -> None:
        self.messages.append(message)

    def of(self, kind: str) -> list[Any]:
        return [message for message in self.messages if type(message).__name__ == kind]


class Oracle:
    """Answers when it is told to, with what it is told; counts what is asked at the same time."""

    def __init__(self) -> None:
        self.model = "model-1"
        self.asked: deque[tuple[int, asyncio.Future[Prediction]]] = deque()

    def guess(self, strokes: Any, alphabet: str, _: Any) -> asyncio.Future[Prediction]:
        assert alphabet == "digits"
        answer: asyncio.Future[Prediction] = asyncio.get_running_loop().create_future()
        self.asked.append((sum(map(len, strokes)), answer))
        return answer

    def answer(self, label: str) -> int:
        """Answer the oldest question, and return how many points it was about."""
        points, answer = self.asked.popleft()
        answer.set_result(reading(label))
        return points


class Table:
    """A game, and everything around it in the test's hands."""

    def __init__(self, store: Store) -> None:
        self.now_ms = 5000
        self.store = store
        self.oracle = Oracle()
        self.player = Heard()
        self.played = records.make_game_info("p" * 32, "Ada", "model-1", "seed")
        self.challenge = Challenge("sprint", "digits", cycle("7301"))
        recognizer: Any = self.oracle
        state = encode_game(self.played, self.challenge, self.now_ms)
        self.running = RunningGame(self.played.id, self.played.player, "server", 0, hash_token("token"), state)
        self.game = GameSession(self.played, self.challenge, self.running, recognizer, store, lambda: self.now_ms)

    async def start(self) -> asyncio.Task[None]:
        game = records.make_game(self.played, self.challenge, 0, is_finished=False)
        await self.store.start_game(game, self.running)
        self.game.connect(self.player, "token")
        running = asyncio.create_task(self.game.run())
        await self.settled()
        return running

    async def ink(self, round_number: int, stroke: int = 0, at_ms: int | None = None) -> None:
        at = self.now_ms if at_ms is None else at_ms
        await self.game.take(self.player, AddPoints(round_number, stroke, DRAWN), at)
        await self.settled()

    async def settled(self) -> None:
        """Let the game do all that it can do without waiting for the store."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def told(self, kind: str, count: int = 1, player: Heard | None = None) -> list[Any]:
        """Return all messages of a type once there are ``count``."""
        async with asyncio.timeout(60):
            while len((player or self.player).of(kind)) < count:
                await asyncio.sleep(0.005)
        return (player or self.player).of(kind)


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    store = await open_store(f"sqlite:///{tmp_path}/games.db")
    made = Table(store)
    running = await made.start()
    yield made
    made.game.stop()
    await running
    await store.close()


async def test_one_guess_runs_at_a_time_and_the_newest_drawing_is_next(table: Table) -> None:
    for _ in range(5):
        await table.ink(1)
    assert len(table.oracle.asked) == 1
    assert table.oracle.answer("1") == 2
    await table.settled()
    assert len(table.oracle.asked) == 1
    assert table.oracle.answer("2") == 10
    await table.settled()
    assert [guess.seen for guess in table.player.of("Guess")] == [2, 10]
    assert not table.oracle.asked


async def test_a_verdict_is_stored_before_it_is_posted(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    add_round = table.store.running_games.add_round
    posted_before: list[int] = []

    async def watched(*arguments: Any) -> None:
        await add_round(*arguments)
        posted_before.append(len(table.player.of("Verdict")))

    monkeypatch.setattr(table.store.running_games, "add_round", watched)
    await table.ink(1)
    table.oracle.answer("7")
    (verdict,) = await table.told("Verdict")
    assert posted_before == [0]
    assert await table.store.get_round(verdict.id) is not None


async def test_moves_queued_before_the_deadline_count_after_it(table: Table) -> None:
    deadline = table.challenge.deadline_ms
    assert deadline is not None
    table.now_ms = deadline + 200  # the loop was held up; what follows had arrived in time
    moves = [
        table.game.take(table.player, AddPoints(1, 0, DRAWN), deadline - 2),
        table.game.take(table.player, AddPoints(1, 1, DRAWN), deadline - 1),
        table.game.take(table.player, AddPoints(1, 2, DRAWN), deadline),
    ]
    for move in moves:
        await move
    await table.settled()
    assert [error.code for error in table.player.of("Error")] == ["time_up"]
    assert table.oracle.answer("1") == 2
    await table.settled()
    assert table.oracle.answer("7") == 4
    # The hit leaves one millisecond, which is over when the clock is next read.
    (hit,) = await table.told("Verdict")
    assert (hit.outcome, hit.remaining_ms) == ("hit", 1)
    table.now_ms += 1
    table.game._events.put_nowait(TimePassed())
    assert [verdict.outcome for verdict in await table.told("Verdict", 2)] == ["hit", "timeout"]
    (over,) = await table.told("Over")
    assert (over.hits, len(over.rounds), over.rank) == (1, 2, None)
    assert over.unranked == "5 hits are needed, and this game has 1."


async def test_a_game_without_a_player_waits_its_time_and_is_stored(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/games.db")
    table = Table(store)
    running = await table.start()
    table.game.disconnect(table.player)
    await table.settled()
    table.now_ms += round(1000 * tuning.SEAT_SECONDS) - 1
    table.game._events.put_nowait(TimePassed())
    await table.settled()
    has_ended = table.game.has_ended
    assert not has_ended
    table.now_ms += 1
    table.game._events.put_nowait(TimePassed())
    async with asyncio.timeout(60):
        await running
    assert table.game.has_ended
    found = await store.get_game(table.played.id)
    assert found is not None
    assert found[0].finished_at is not None
    await store.close()


async def test_an_older_connection_is_closed_and_ignored(table: Table) -> None:
    newer = Heard()
    table.game.connect(newer, "another")
    await table.settled()
    assert table.player.is_closed
    await table.game.take(table.player, SkipRound(1), table.now_ms)
    table.game.disconnect(table.player)
    (welcome,) = await table.told("Welcome", 1, newer)
    await table.settled()
    assert not newer.of("Verdict")
    assert welcome.token == "another"  # noqa: S105
    await table.game.take(newer, SkipRound(1), table.now_ms)
    assert len(await table.told("Verdict", 1, newer)) == 1


async def test_a_game_queues_a_limited_number_of_moves(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = asyncio.Event()
    add_round = table.store.running_games.add_round

    async def slow(*arguments: Any) -> None:
        await stored.wait()
        await add_round(*arguments)

    monkeypatch.setattr(table.store.running_games, "add_round", slow)
    await table.game.take(table.player, SkipRound(1), table.now_ms)
    await table.settled()

    async def flood() -> None:
        for _ in range(200):
            await table.game.take(table.player, SkipRound(1), table.now_ms)

    flooding = asyncio.create_task(flood())
    await table.settled()
    assert table.game._events.qsize() <= 64
    assert not flooding.done()
    stored.set()
    await flooding
    assert [error.code for error in await table.told("Error", 200)] == ["wrong_round"] * 200
    assert len(table.player.of("Verdict")) == 1
