"""A class of 60 and its host's screen on one core: ``python -m tests.bench.classroom``.

Pupils play one game of a room with the strokes of real people. The server has one core, and the bots have another.
Only an idle machine gives true times; CPU times compare on a busy one too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Final

import httpx
import msgspec
from rich.console import Console

from tests.bench.capacity import LIMIT_MS, Times, read_cpu_seconds, summarize
from tests.bench.crowd_bots import Counts, PlayBot, PreparedDrawing, encode_frame, prepare_drawings
from tests.bench.players import pin
from tests.bench.pupils import DECODER, Pupil, keep_awake
from tests.serving import Server, ServerFailed
from tests.strokes import load_fixture

SETTLE_SECONDS: Final = 3.0
"""Of playing before the measurement begins. It ends as long before the end."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured while the class played.

    Attributes:
        pupils: how many played.
        seconds: for how long.
        guess, verdict: as of `tests.bench.capacity.Trial`.
        lag: how late the bots sent their ink.
        news: from a pupil's verdict to the news of it on the host's screen.
        rounds_a_second: verdicts of all pupils.
        screen_messages_a_second, screen_kb_a_second: what the host's screen got.
        server_cores: how many cores the server took.
        troubles: what should not happen, and how often.
    """

    pupils: int
    seconds: float
    guess: Times | None
    verdict: Times | None
    lag: Times | None
    news: Times | None
    rounds_a_second: float
    screen_messages_a_second: float
    screen_kb_a_second: float
    server_cores: float
    troubles: dict[str, int]

    @property
    def is_good(self) -> bool:
        """Whether all went well, in time."""
        times = (self.guess, self.verdict)
        return not self.troubles and all(found and found.p99 <= LIMIT_MS for found in times)


class TimedPupil(Pupil):
    """Notes when it has seen each verdict."""

    def __init__(
        self, number: int, drawings: dict[str, list[PreparedDrawing]], counts: Counts, classroom: Classroom
    ) -> None:
        super().__init__(number, classroom.port, drawings, counts, classroom.code)
        self._classroom = classroom

    def take_payload(self, payload: bytes) -> None:
        message = DECODER.decode(payload)
        if message.type == "verdict":
            self._classroom.verdict_at[self.seat, message.score] = self._loop.time()
        super().take_payload(payload)


class Screen(PlayBot):
    """The host's screen: it starts the game once all are there, and counts what it hears."""

    def __init__(self, counts: Counts, classroom: Classroom) -> None:
        super().__init__(0, classroom.port, {}, counts)
        self.messages = self.bytes = 0
        self.state = ""
        self._classroom = classroom

    def make_request(self) -> dict[str, object]:
        return {"type": "watch", "room": self._classroom.code, "host_token": self._classroom.host_token}

    def take_payload(self, payload: bytes) -> None:
        self.messages += 1
        self.bytes += len(payload)
        message = DECODER.decode(payload)
        if message.type == "room":
            if self.state == "" and len(message.players) == self._classroom.pupils:
                self.send(encode_frame({"type": "start"}))
            self.state = message.state if len(message.players) == self._classroom.pupils else ""
        elif message.type == "rival":
            told_at = self._classroom.verdict_at.pop((message.seat, message.score), None)
            if told_at is not None:
                self._classroom.news.append(max(0.0, self._loop.time() - told_at))


class Classroom:
    """One room with its pupils and its screen."""

    def __init__(self, server: Server, pupils: int, seconds: float) -> None:
        self.pupils = pupils
        self.port = server.port
        self.code = self.host_token = ""
        self.verdict_at: dict[tuple[int | None, int], float] = {}
        self.news: list[float] = []
        self._server = server
        self._seconds = seconds
        self._counts = Counts()

    async def play(self) -> Result:
        """Play one game, and return what was measured."""
        async with httpx.AsyncClient(base_url=self._server.url, timeout=60) as http:
            wanted = {"alphabet": "any", "duration_s": self._seconds}
            opened = (await http.post("/api/rooms", json=wanted)).json()
        self.code, self.host_token = opened["room"], opened["host_token"]
        drawings = await asyncio.to_thread(prepare_drawings, load_fixture(), Random(1))  # noqa: S311
        screen = Screen(self._counts, self)
        bots: list[PlayBot] = [screen]
        bots += [TimedPupil(n, drawings, self._counts, self) for n in range(1, self.pupils + 1)]
        for bot in bots:
            bot.begin(0.0 if bot is screen else Random(id(bot)).uniform(0.2, 2))  # noqa: S311
        pinging = asyncio.create_task(keep_awake(bots))
        try:
            async with asyncio.timeout(60):
                while screen.state != "running":
                    await asyncio.sleep(0.05)
            return await self._measure(screen)
        finally:
            pinging.cancel()
            for bot in bots:
                bot.leave()

    async def _measure(self, screen: Screen) -> Result:
        await asyncio.sleep(SETTLE_SECONDS)
        counts, messages, size = self._counts, screen.messages, screen.bytes
        counts.guess, counts.verdict, counts.late, counts.rounds = [], [], [], 0
        self.news = []
        loop = asyncio.get_running_loop()
        began_at, cpu_seconds = loop.time(), read_cpu_seconds(self._server.pid)
        await asyncio.sleep(self._seconds - 2 * SETTLE_SECONDS)
        seconds, cpu_seconds = loop.time() - began_at, read_cpu_seconds(self._server.pid) - cpu_seconds
        return Result(
            pupils=self.pupils,
            seconds=seconds,
            guess=summarize(counts.guess),
            verdict=summarize(counts.verdict),
            lag=summarize(counts.late),
            news=summarize(self.news),
            rounds_a_second=counts.rounds / seconds,
            screen_messages_a_second=(screen.messages - messages) / seconds,
            screen_kb_a_second=(screen.bytes - size) / seconds / 1000,
            server_cores=cpu_seconds / seconds,
            troubles=dict(counts.troubles),
        )


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.classroom", description=__doc__)
    parser.add_argument("--pupils", type=int, default=60, help="how many play (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="how long, 30 to 300 (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args(arguments)


def main() -> int:
    """Measure, print the result, and return the exit status."""
    options = parse_arguments()
    console = Console()
    cores = sorted(os.sched_getaffinity(0))
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            with pin(cores[:1]):
                server = stack.enter_context(Server(Path(folder) / "var"))
            stack.enter_context(pin(cores[1:] or cores))
            result = asyncio.run(Classroom(server, options.pupils, options.seconds).play())
    except (OSError, ServerFailed, TimeoutError) as error:
        Console(stderr=True).print(f"[red]{error or 'The class did not start in time.'}[/red]")
        return 1
    console.print(describe(result), highlight=False)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    return 0 if result.is_good else 1


def describe(result: Result) -> str:
    """Return the result in a few lines."""

    def show(times: Times | None) -> str:
        return f"p50 {times.p50:.0f} ms, p99 {times.p99:.0f} ms" if times else "none"

    troubles = [f"{trouble} ×{times}" for trouble, times in result.troubles.items()]
    screen = f"{result.screen_messages_a_second:.0f} messages and {result.screen_kb_a_second:.0f} kB a second"
    lines = (
        f"{result.pupils} pupils, {result.rounds_a_second:.0f} rounds a second, {result.server_cores:.2f} cores",
        f"guess: {show(result.guess)}",
        f"verdict: {show(result.verdict)}",
        f"bots late: {show(result.lag)}",
        f"news on the host's screen: {show(result.news)}, {screen}",
        f"troubles: {', '.join(troubles) or 'none'}",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
