"""Clients of rooms that keep all that they hear, for tests with several of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from game.play.room_storage import RoomStorage
from tests.game.hosting import ANSWER_SECONDS, Client, Host
from tests.game.making import a_room
from tests.strokes import Samples

HOST_TOKEN = "token-of-the-host"  # noqa: S105


class HasPlayUrl(Protocol):
    """A server."""

    @property
    def play_url(self) -> str: ...


class Guest:
    """A client of a room that keeps all it hears."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cookie = client.cookie
        self.heard: list[Any] = []
        self.close_code: int | None = None
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            while True:
                self.heard.append(json.loads(await self.client.connection.recv()))
        except ConnectionClosed as end:
            self.close_code = end.rcvd.code if end.rcvd else 0

    async def send(self, kind: str, **message: Any) -> None:
        await self.client.send(type=kind, **message)

    async def leave(self) -> None:
        await self.client.connection.close()
        await self._reading

    def of(self, kind: str) -> list[Any]:
        return [message for message in self.heard if message["type"] == kind]

    @property
    def room(self) -> Any:
        """The newest state of the room."""
        return self.of("room")[-1]

    async def hears(self, kind: str, is_right: Callable[[Any], bool] = lambda _: True) -> Any:
        """Return the first message of a type that is right."""
        return await self._first(lambda: next((m for m in self.of(kind) if is_right(m)), None), kind)

    async def sees(self, is_right: Callable[[Any], bool]) -> Any:
        """Return the state of the room once it is right."""
        return await self._first(
            lambda: next((m for m in self.of("room")[-1:] if is_right(m)), None), "state of the room"
        )

    async def refusal(self, number: int = 1) -> str:
        """Return the code of the last of so many errors."""
        error = await self._first(lambda: self.of("error")[number - 1 :] or None, "error")
        code: str = error[0]["code"]
        return code

    async def closed(self) -> int:
        return int(await self._first(lambda: self.close_code, "close"))

    async def _first(self, find: Callable[[], Any], what: str) -> Any:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while (found := find()) is None:
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError((what, self.heard, self.close_code)) from None
        return found


async def enter(host: HasPlayUrl, cookie: str = "", **message: Any) -> Guest:
    """Return a guest that has asked to join, or what else ``message`` says."""
    headers = {"Cookie": cookie} if cookie else {}
    guest = Guest(Client(await connect(host.play_url, additional_headers=headers, proxy=None)))
    guest.cookie = guest.cookie or cookie
    await guest.client.send(**{"type": "join", "mode": "duel", "alphabet": "digits", **message})
    return guest


class Gathering:
    """Opens guests, and sees them out."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.guests: list[Guest] = []

    async def enter(self, cookie: str = "", host: Host | None = None, **message: Any) -> Guest:
        guest = await enter(host or self.host, cookie, **message)
        self.guests.append(guest)
        return guest

    async def duel(self) -> tuple[Guest, Guest]:
        """Return the maker of a duel, and a second player."""
        maker = await self.enter(name="Ada")
        code = (await maker.hears("welcome"))["room"]
        other = await self.enter(room=code, name="Ben")
        await maker.sees(lambda room: len(room["players"]) == 2)
        await other.hears("room")
        return maker, other

    async def open_class(self, **settings: Any) -> str:
        """Make a class, and return its code."""
        room = a_room(HOST_TOKEN, **{"code": "", "seed": "", **settings})
        return (await RoomStorage(self.host.services.store.rooms).create(room)).code


async def play_hit(guest: Guest, host: Host, samples: Samples, number: int) -> Any:
    """Draw the target of a round as the model in service reads it without doubt, and return the verdict."""
    target = (await guest.hears("prompt", lambda prompt: prompt["round"] == number))["target"]
    recognize = host.services.recognizer.recognize
    strokes = next(
        sample.place()
        for sample in samples.get(target)
        if (read := recognize(sample.strokes, "digits")).label == target and read.confidence > 0.9
    )
    await guest.client.ink(number, strokes)
    return await guest.hears("verdict", lambda verdict: verdict["round"] == number)
