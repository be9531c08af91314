"""The application under a real Hypercorn in the test's own process, and a bare client of its play socket."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

from quart import Quart
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from game.app import create_app
from game.server import serve_app
from game.services import EXTENSION, Services
from game.settings import Settings

ANSWER_SECONDS = 30.0
"""How long a test waits for what must come, however busy the machine is."""


@dataclass(frozen=True)
class Host:
    """A running server."""

    app: Quart
    services: Services
    port: int

    @property
    def play_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/play/v1"


@asynccontextmanager
async def hosted(folder: Path, database_url: str | None = None) -> AsyncIterator[Host]:
    """Serve with everything stored in ``folder``, or the rounds in another database."""
    database_url = database_url or f"sqlite:///{folder}/inkrush.db"
    app = create_app(Settings(var=folder, database_url=database_url, models=folder / "models"))
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    stop = asyncio.Event()
    ready = asyncio.Event()

    async def wait_until_stopped() -> None:
        ready.set()
        await stop.wait()
        await cast("Services", app.extensions[EXTENSION]).games.drain()

    async with asyncio.TaskGroup() as group:
        group.create_task(serve_app(app, listener, wait_until_stopped))
        try:
            await ready.wait()
            yield Host(app, app.extensions[EXTENSION], port)
        finally:
            stop.set()


class Client:
    """Sends what a test says, well-formed or not, and returns what comes back."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        response = connection.response
        assert response is not None
        self.cookie = response.headers.get("Set-Cookie", "").partition(";")[0]

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def join(self, mode: str = "sprint", alphabet: str = "digits", **more: Any) -> Any:
        """Join and return the welcome."""
        await self.send(type="join", mode=mode, alphabet=alphabet, **more)
        return await self.next("welcome")

    async def ink(self, round_number: int, strokes: list[Any]) -> None:
        """Send a whole drawing, a message a stroke."""
        for number, stroke in enumerate(strokes):
            points = [value for x, y in stroke for value in (x, y, 10)]
            await self.send(type="ink", round=round_number, stroke=number, points=points)

    async def receive(self) -> Any:
        async with asyncio.timeout(ANSWER_SECONDS):
            return json.loads(await self.connection.recv())

    async def next(self, kind: str) -> Any:
        """Return the next message of a type; only guesses and prompts may come before it."""
        while True:
            message = await self.receive()
            if message["type"] == kind:
                return message
            assert message["type"] in {"guess", "prompt"}, message

    async def refusal(self) -> str:
        """Return the code of the error that comes next, having seen that it speaks to a person."""
        error = await self.next("error")
        assert error["message"][0].isupper()
        assert error["message"].endswith(".")
        code = error["code"]
        assert isinstance(code, str)
        return code

    async def closed(self) -> int:
        """Return the code with which the server closes, whatever it says before."""
        async with asyncio.timeout(ANSWER_SECONDS):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed as end:
                assert end.rcvd is not None, end
                return end.rcvd.code

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()


async def open_client(host: Host, cookie: str = "", **headers: str) -> Client:
    """Open a socket, as the player of ``cookie`` or as a new one."""
    sent = {**({"Cookie": cookie} if cookie else {}), **headers}
    return Client(await connect(host.play_url, additional_headers=sent, proxy=None))
