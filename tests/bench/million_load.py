"""What clients see of a server with a large store, also during a long download and while a player is deleted."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Final

import msgspec
import numpy as np

from feedback.store import Store
from tests.bench.capacity import read_cpu_seconds
from tests.bench.client import Closed, open_client
from tests.bench.http_client import Call, HttpClient, Response
from tests.bench.player import Player, ServerSilent
from tests.bench.visitors import Known, MakeCalls, Visitor, list_calls, make_feedback_call, sign_cookie
from tests.serving import Server
from tests.strokes import Sample, load_fixture

CLIENTS: Final = 30
BOTS: Final = 4
GAP_SECONDS: Final = 0.4
"""Mean time between two calls of a client: what one player may do without being refused."""

_WRITERS: Final = 60
_WRITE_GAP_SECONDS: Final = 1.0  # what one player may label without being refused
PLAYERS: Final = CLIENTS + _WRITERS
"""How many players with rounds the clients are."""

_SETTLE_SECONDS: Final = 2.0
_TOO_MANY: Final = 429
_WAIT_SECONDS: Final = 1.0
_DOWNLOAD: Final = Call("download", "/api/me/rounds")
_DELETE: Final = Call("delete", "/api/me", "DELETE")


class Times(msgspec.Struct, frozen=True):
    """Percentiles of times in ms, the longest, and how many there are."""

    p50: float
    p99: float
    longest: float
    count: int


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """Downloads of all rounds of the player who has the most.

    Attributes:
        rounds: of each download.
        first_ms: mean, from the call to the beginning of the response.
        seconds: mean, of the whole download.
    """

    rounds: int
    first_ms: float
    seconds: float


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What clients saw.

    Attributes:
        calls: the times of each call, by name, with all clients and bots.
        server_cores: how many cores the server took meanwhile.
        download: of one more client after that, again and again.
        downloading: all calls of the others meanwhile.
        deleted_rounds: of the player who then deleted everything.
        delete_seconds: how long that took.
        deleting: the calls of others that label a round meanwhile.
        refused: calls with another status than 200, by name and status.
    """

    calls: dict[str, Times]
    server_cores: float
    download: Download
    downloading: Times
    deleted_rounds: int
    delete_seconds: float
    deleting: Times
    refused: dict[str, int]


async def list_known(store: Store, players: Sequence[str]) -> list[Known]:
    """Return what these players know of their own past. Players without rounds are left out."""
    known = []
    for player in players:
        rounds = [round_ async for round_ in store.read_rounds(player)]
        games = sorted({round_.game for round_ in rounds if round_.game})
        if rounds:
            known.append(Known(player, [round_.id for round_ in rounds], games))
    return known


async def measure_served(
    server: Server, heavy: str, others: Sequence[Known], leaver: str, seconds: float
) -> Served:
    """Measure.

    Args:
        server: runs with `tests.bench.visitors.SECRET_KEY`.
        heavy: the player with the most rounds.
        others: the players that clients are; more than there are clients and writers.
        leaver: the player who deletes everything.
        seconds: how long each of the first two parts lasts.
    """
    refused: dict[str, int] = defaultdict(int)
    visitors, writers = others[:CLIENTS], others[CLIENTS : CLIENTS + _WRITERS]
    async with _play(server):
        async with _visit(server, visitors, list_calls, GAP_SECONDS, refused) as clients:
            cpu_begin, begin = read_cpu_seconds(server.pid), time.perf_counter()
            await asyncio.sleep(seconds)
            server_cores = (read_cpu_seconds(server.pid) - cpu_begin) / (time.perf_counter() - begin)
            calls = _take_times(clients)
            download = await _download(server, heavy, seconds)
            downloading = _take_times(clients)
        async with _visit(server, writers, _list_writes, _WRITE_GAP_SECONDS, refused) as clients:
            await asyncio.sleep(_WRITE_GAP_SECONDS)
            begin = time.perf_counter()
            deleted = await _send(server, leaver, _DELETE)
            delete_seconds = time.perf_counter() - begin
            deleting = _take_times(clients)
    return Served(
        calls={name: summarize(calls[name]) for name in sorted(calls)},
        server_cores=server_cores,
        download=download,
        downloading=summarize([each for of_call in downloading.values() for each in of_call]),
        deleted_rounds=msgspec.json.decode(deleted)["rounds"],
        delete_seconds=delete_seconds,
        deleting=summarize(deleting["feedback"]),
        refused=dict(refused),
    )


def summarize(seconds: Sequence[float]) -> Times:
    """Return percentiles of times."""
    p50, p99 = (1000 * np.percentile(seconds or [float("nan")], [50, 99])).tolist()
    return Times(p50, p99, 1000 * max(seconds, default=float("nan")), len(seconds))


def _list_writes(known: Known, rng: Random) -> list[Call]:
    return [make_feedback_call(known, rng)]


@asynccontextmanager
async def _visit(
    server: Server, players: Sequence[Known], make_calls: MakeCalls, gap: float, refused: dict[str, int]
) -> AsyncIterator[list[Visitor]]:
    """Have clients make calls while this lasts. They have settled when it begins."""
    visitors = [Visitor(number, server.port, known, gap) for number, known in enumerate(players)]
    async with _run([visitor.visit(make_calls) for visitor in visitors]):
        await asyncio.sleep(min(_SETTLE_SECONDS, 10 * gap))
        _take_times(visitors)
        yield visitors
    for visitor in visitors:
        for name, number in visitor.statuses.items():
            refused[name] += number


def _take_times(visitors: Sequence[Visitor]) -> dict[str, list[float]]:
    """Return the times of each call since the last time."""
    times: dict[str, list[float]] = defaultdict(list)
    for visitor in visitors:
        for name, seconds in visitor.seconds.items():
            times[name] += seconds
        visitor.seconds.clear()
    return times


@asynccontextmanager
async def _play(server: Server) -> AsyncIterator[None]:
    """Have bots play one sprint after the other while this lasts."""

    async def play(number: int) -> None:
        rng = Random(number)  # noqa: S311 - no secrets here

        def choose(target: str) -> Sample:
            return rng.choice(load_fixture().get(target))

        while True:
            with suppress(Closed, ServerSilent):
                async with open_client(server.play_url) as client:
                    await Player(client, choose, rng).play("sprint", "digits", f"Bot {number}")

    async with _run([play(number) for number in range(BOTS)]):
        yield


@asynccontextmanager
async def _run(coroutines: Sequence[Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Run tasks while this lasts. If one fails, so does this."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _download(server: Server, player: str, seconds: float) -> Download:
    """Download as often as the limits allow."""
    client = HttpClient(server.port, "127.0.2.1", sign_cookie(player))
    until = time.perf_counter() + seconds
    responses: list[Response] = []
    while not responses or time.perf_counter() < until:
        response = await client.send(_DOWNLOAD)
        if response.status == _TOO_MANY:
            await asyncio.sleep(_WAIT_SECONDS)
        else:
            responses.append(response)
    client.close()
    return Download(
        rounds=responses[0].body.count(b"\n"),
        first_ms=1000 * float(np.mean([response.first_seconds for response in responses])),
        seconds=float(np.mean([response.seconds for response in responses])),
    )


async def _send(server: Server, player: str, call: Call) -> bytes:
    client = HttpClient(server.port, "127.0.2.1", sign_cookie(player))
    try:
        return (await client.send(call)).body
    finally:
        client.close()
