"""Bots that come and go: they play, lose their connection, resume or not, draw, upload and delete their data."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from random import Random
from typing import Final

from websockets.exceptions import InvalidHandshake

from tests.bench.client import Closed, open_client
from tests.bench.http_client import Call, HttpClient
from tests.bench.player import Player, ServerSilent
from tests.bench.visitors import PAGES, make_drawing_call, make_upload_call
from tests.strokes import Sample, Samples

_ALPHABETS: Final = ("digits", "upper", "lower", "letters", "any")
_STAY_SECONDS: Final = (2.0, 90.0)
_AWAY_SECONDS: Final = (0.1, 6.0)
_PAUSE_SECONDS: Final = 0.5
_DROP_SHARE: Final = 0.5  # of the connections that end before the game: broken, and not closed
_RESUME_SHARE: Final = 0.7  # of the games that were left
_UPLOAD_SHARE: Final = 0.2  # of the visits
_LOOK: Final = (*PAGES, "/api/leaderboard", "/api/model", "/api/me/rounds")
_RETRY_SECONDS: Final = 1.0


class RestlessBot:
    """One person.

    Args:
        number: of the bot.
        port: of the server.
        samples: what it draws.
        speed: by how much shorter than a person's its stays are.
        delete_share: of its visits that end with the deletion of its data. Then it is another player.

    Attributes:
        done: what it has done, and how often.
    """

    def __init__(
        self, number: int, port: int, samples: Samples, speed: float = 1.0, delete_share: float = 0.02
    ) -> None:
        self.done: Counter[str] = Counter()
        self._number = number
        self._port = port
        self._samples = samples
        self._speed = speed
        self._delete_share = delete_share
        self._rng = Random(number)  # noqa: S311 - no secrets here
        self._http = HttpClient(port, f"127.0.3.{1 + number % 250}")

    async def run(self) -> None:
        """Come and go until canceled."""
        try:
            while True:
                try:
                    await self.come_once()
                except (OSError, InvalidHandshake, asyncio.IncompleteReadError) as error:
                    self.done[type(error).__name__] += 1
                    await asyncio.sleep(_RETRY_SECONDS)
        finally:
            self._http.close()

    async def come_once(self) -> None:
        """Look at a page, play a game, draw, and close the connection."""
        has_cookie = self._http.cookie.partition("=")[2] != ""
        await self._send(Call("page", self._rng.choice(_LOOK) if has_cookie else PAGES[0]))
        self._http.close()  # the server closes connections that are idle for so long
        await self._play()
        await self._send(make_drawing_call("drawing", self._rng, store=True))
        if self._rng.random() < _UPLOAD_SHARE:
            await self._send(make_upload_call())
        if self._rng.random() < self._delete_share:
            await self._send(Call("deletion", "/api/me", "DELETE"))
        self._http.close()
        await asyncio.sleep(self._rng.uniform(0, _PAUSE_SECONDS) / self._speed)

    async def make_every_call(self) -> None:
        """Play, draw and upload once."""
        await self._send(Call("page", PAGES[0]))
        await self._stay("sprint", "digits", None)
        await self._send(make_drawing_call("drawing", self._rng, store=True))
        await self._send(make_upload_call())
        self._http.close()

    async def _send(self, call: Call) -> None:
        response = await self._http.send(call)
        self.done[call.name if response.status == 200 else f"{call.name} {response.status}"] += 1

    async def _play(self) -> None:
        mode, alphabet = self._rng.choice(("sprint", "practice")), self._rng.choice(_ALPHABETS)
        token = await self._stay(mode, alphabet, None)
        while token and self._rng.random() < _RESUME_SHARE:
            await asyncio.sleep(self._rng.uniform(*_AWAY_SECONDS) / self._speed)
            self.done["resumed"] += 1
            token = await self._stay(mode, alphabet, token)

    async def _stay(self, mode: str, alphabet: str, token: str | None) -> str | None:
        """Play for a while. Return the token that resumes the game, or None if it is over."""
        player = None
        with suppress(Closed, ServerSilent):
            async with open_client(f"ws://127.0.0.1:{self._port}/play/v1", self._http.cookie) as client:
                player = Player(client, self._choose, self._rng)
                try:
                    async with asyncio.timeout(self._rng.uniform(*_STAY_SECONDS) / self._speed):
                        await player.play(mode, alphabet, f"Bot {self._number}", token)
                except TimeoutError:
                    if self._rng.random() < _DROP_SHARE:
                        client.drop()
                        self.done["dropped"] += 1
                else:
                    self.done["over"] += 1
                    return None
        return player.welcome.token if player and player.welcome else None

    def _choose(self, target: str) -> Sample:
        return self._rng.choice(self._samples.get(target))
