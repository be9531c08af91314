"""Visitors who look at every page and make every call, as fast as the limits allow."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from game.web.players import COOKIE, make_signer
from tests.bench.http_client import Call, HttpClient
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import load_fixture

SECRET_KEY: Final = "the key of a server that only this machine reaches"  # noqa: S105
"""Signs the cookies of players that exist already. The server must run with it as INKRUSH_SECRET_KEY."""

PAGES: Final = ("/", "/play", "/draw", "/upload", "/leaderboard", "/model", "/me", "/privacy")

_ALPHABETS: Final = ("any", "digits", "upper", "lower", "letters")
_PERIODS: Final = ("day", "week", "all")
_FORM_TYPE: Final = "multipart/form-data; boundary=cut"


def sign_cookie(player: str) -> str:
    """Return the Cookie header of a player."""
    return f"{COOKIE}={make_signer(SECRET_KEY).sign(player).decode()}"


@dataclass(frozen=True, slots=True)
class Known:
    """What a visitor knows of their own past.

    Attributes:
        player: their id.
        rounds: ids of their rounds.
        games: ids of their finished games.
    """

    player: str
    rounds: list[str]
    games: list[str]


MakeCalls = Callable[[Known, Random], list[Call]]
"""Returns the next calls of a visitor."""


class Visitor:
    """Makes one call after the other, and remembers how long each took.

    Attributes:
        seconds: the times of each call, by its name.
        statuses: how often a call had another status than 200, by name and status.
    """

    def __init__(self, number: int, port: int, known: Known, gap_seconds: float) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, int] = defaultdict(int)
        self._client = HttpClient(port, f"127.0.1.{1 + number}", sign_cookie(known.player))
        self._known = known
        self._gap_seconds = gap_seconds
        self._rng = Random(number)  # noqa: S311 - no secrets here

    async def visit(self, make_calls: MakeCalls) -> None:
        """Make calls until canceled."""
        try:
            await asyncio.sleep(self._rng.uniform(0, self._gap_seconds))
            while True:
                for call in make_calls(self._known, self._rng):
                    response = await self._client.send(call)
                    self.seconds[call.name].append(response.seconds)
                    if response.status != 200:
                        self.statuses[f"{call.name} {response.status}"] += 1
                    await asyncio.sleep(self._gap_seconds * self._rng.uniform(0.5, 1.5))
        finally:
            self._client.close()


def list_calls(known: Known, rng: Random) -> list[Call]:
    """Return all calls once, in any order."""
    calls = [Call(page, page) for page in PAGES]
    for period in _PERIODS:
        for mode in ("sprint", "daily"):
            query = f"mode={mode}&alphabet={rng.choice(_ALPHABETS)}&period={period}&limit=100"
            calls.append(Call(f"leaderboard {period}", f"/api/leaderboard?{query}"))
    calls += [
        Call("/api/model", "/api/model"),
        Call("/api/me/rounds", "/api/me/rounds"),
        Call("/healthz", "/healthz"),
        Call("/livez", "/livez"),
        Call("/metrics", "/metrics"),
        Call("/openapi.json", "/openapi.json"),
        make_drawing_call("recognize", rng, store=False),
        make_drawing_call("recognize, stored", rng, store=True),
        make_feedback_call(known, rng),
        _make_explain_call(rng),
        make_upload_call(),
    ]
    if known.games:
        calls.append(Call("/api/games/<id>", f"/api/games/{rng.choice(known.games)}"))
    return rng.sample(calls, len(calls))


def make_drawing_call(name: str, rng: Random, *, store: bool) -> Call:
    """Return a call that recognizes a drawing."""
    body = {"strokes": rng.choice(list(load_fixture())).place(), "store": store}
    return Call(name, "/api/recognize", "POST", json.dumps(body).encode())


def make_feedback_call(known: Known, rng: Random) -> Call:
    """Return a call that labels one of the visitor's own rounds."""
    path = f"/api/rounds/{rng.choice(known.rounds)}/feedback"
    return Call("feedback", path, "POST", json.dumps({"label": rng.choice("0123456789")}).encode())


def _make_explain_call(rng: Random) -> Call:
    body = {"strokes": rng.choice(list(load_fixture())).place()}
    return Call("explain", "/api/explain", "POST", json.dumps(body).encode())


def make_upload_call() -> Call:
    """Return a call that uploads a small picture."""
    head = b'--cut\r\nContent-Disposition: form-data; name="image"; filename="word.png"\r\n\r\n'
    picture = encode_picture(write_page(load_fixture(), "47").picture)
    return Call("upload", "/api/upload", "POST", head + picture + b"\r\n--cut--\r\n", _FORM_TYPE)
