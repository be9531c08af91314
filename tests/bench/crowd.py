"""A crowd of bots in processes of their own, which the measuring process makes larger and smaller."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Final, Literal, Self

from tests.bench.crowd_bots import Bot, Counts, PlayBot, PostBot, prepare_drawings
from tests.strokes import FIXTURE, Samples

Kind = Literal["play", "post"]

_BOTS: Final[dict[Kind, type[Bot]]] = {"play": PlayBot, "post": PostBot}
_WAIT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class CrowdSettings:
    """How the bots of one process play.

    Attributes:
        kind: over the play socket, or by posts to the Keras server.
        port: of the server.
        data: an ``.npz`` file of drawings.
        cores: the process runs on these only.
        first, step: its bots have the numbers ``first``, ``first + step``…
    """

    kind: Kind
    port: int
    data: Path
    cores: frozenset[int]
    first: int
    step: int


class CrowdFailed(RuntimeError):
    """A process of bots has ended."""


class Crowd(AbstractContextManager["Crowd"]):
    """Bots that play against one server.

    Args:
        kind: over the play socket, or by posts to the Keras server.
        port: of the server.
        data: an ``.npz`` file of drawings; by default the bundled ones.
        cores: where the bots run, one process on each.
    """

    def __init__(self, kind: Kind, port: int, data: Path | None, cores: Sequence[int]) -> None:
        context = multiprocessing.get_context("spawn")
        self._processes = []
        self._pipes: list[Connection[Any, Any]] = []
        for number, core in enumerate(cores):
            here, there = context.Pipe()
            settings = CrowdSettings(kind, port, data or FIXTURE, frozenset({core}), number, len(cores))
            process = context.Process(target=run_process, args=(settings, there), daemon=True)
            process.start()
            there.close()
            self._processes.append(process)
            self._pipes.append(here)
        self._call("ready")

    def set_players(self, players: int, spread: float) -> None:
        """Have so many bots play. New ones begin within ``spread`` seconds."""
        number = len(self._pipes)
        for index, pipe in enumerate(self._pipes):
            pipe.send(("players", players // number + (index < players % number), spread))
        self._receive()

    def measure(self, seconds: float) -> tuple[Counts, float]:
        """Play on for some seconds. Return what happened in them, and the CPU seconds that the bots took."""
        self._call("reset")
        time.sleep(seconds)
        counts, cpu_seconds = Counts(), 0.0
        for of_process, cpu in self._call("collect"):
            counts.guess += of_process.guess
            counts.verdict += of_process.verdict
            counts.late += of_process.late
            counts.ink += of_process.ink
            counts.rounds += of_process.rounds
            counts.troubles += of_process.troubles
            cpu_seconds += cpu
        return counts, cpu_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(_WAIT_SECONDS)
            if process.is_alive():
                process.kill()

    def _call(self, request: str) -> list[Any]:
        for pipe in self._pipes:
            pipe.send((request,))
        return self._receive()

    def _receive(self) -> list[Any]:
        answers = []
        for pipe in self._pipes:
            try:
                if not pipe.poll(_WAIT_SECONDS):
                    raise CrowdFailed("A process of bots does not answer.")
                answers.append(pipe.recv())
            except EOFError:
                raise CrowdFailed("A process of bots has ended.") from None
        return answers


def run_process(settings: CrowdSettings, pipe: Connection[Any, Any]) -> None:
    """Run the bots of one process until the other end of ``pipe`` is closed."""
    os.sched_setaffinity(0, settings.cores)
    asyncio.run(_Process(settings, pipe).run())


class _Process:
    def __init__(self, settings: CrowdSettings, pipe: Connection[Any, Any]) -> None:
        self._settings = settings
        self._pipe = pipe
        self._rng = Random(settings.first)  # noqa: S311 - no secrets here
        self._drawings = prepare_drawings(Samples.load(settings.data), self._rng)
        self._bots: list[Bot] = []
        self._counts = Counts()
        self._cpu_seconds = time.process_time()
        self._is_closed = asyncio.Event()

    async def run(self) -> None:
        asyncio.get_running_loop().add_reader(self._pipe.fileno(), self._answer)
        await self._is_closed.wait()

    def _answer(self) -> None:
        try:
            request, *arguments = self._pipe.recv()
        except EOFError:
            asyncio.get_running_loop().remove_reader(self._pipe.fileno())
            self._is_closed.set()
            return
        answer: object = None
        if request == "players":
            self._set_players(*arguments)
        elif request == "reset":
            self._reset()
        elif request == "collect":
            answer = self._counts, time.process_time() - self._cpu_seconds
            self._reset()
        self._pipe.send(answer)

    def _reset(self) -> None:
        self._counts = Counts(troubles=Counter())
        self._cpu_seconds = time.process_time()
        for bot in self._bots:
            bot.counts = self._counts

    def _set_players(self, players: int, spread: float) -> None:
        for bot in self._bots[players:]:
            bot.leave()
        del self._bots[players:]
        while len(self._bots) < players:
            number = self._settings.first + self._settings.step * len(self._bots)
            bot = _BOTS[self._settings.kind](number, self._settings.port, self._drawings, self._counts)
            bot.begin(self._rng.uniform(0, spread))
            self._bots.append(bot)
