"""A player whose 4 looks like a 9 to the model, and what they do."""

from __future__ import annotations

import asyncio
import random
from functools import cache
from itertools import pairwise
from typing import Any

from werkzeug.datastructures import Headers

from feedback.drawing import make_drawing
from game.rules import tuning
from game.web.players import read_player
from recognition import Recognizer
from recognition.model.network import BUNDLED
from tests.feedback.making import a_round
from tests.game.hosting import ANSWER_SECONDS, Client, Host
from tests.strokes import Drawing, load_fixture

_NINE = ((650, 500), (300, 500), (320, 200), (650, 180), (650, 900))
_FOUR = ((660, 540), (300, 540), (360, 240), (620, 170), (650, 900))
"""The corners of two shapes with one stroke. The first is rather a 9, the second rather a 4."""
_STEPS = 12  # points between two corners
_NUMBERS = range(12)


def draw_odd_four(number: int = 0) -> Drawing:
    """Return a 4 with a closed top that the bundled model takes for another digit. Numbers give different ones."""
    return _draw(_find_oddity(), number % len(_NUMBERS))


@cache
def _find_oddity() -> float:
    """Return how far from `_NINE` to `_FOUR` the model sees a little of a 4, and far from enough for a hit."""
    recognizer = Recognizer.load(BUNDLED)
    for share in (step / 50 for step in range(100, -50, -1)):
        predictions = recognizer.recognize_many([_draw(share, number) for number in _NUMBERS], "digits")
        likeness = [prediction.get_probability("4") for prediction in predictions]
        if max(likeness) < 0.5 * tuning.ACCEPT_RESTING and min(likeness) > tuning.LEAST_SHARED:
            return share
    raise AssertionError("The model reads each of these drawings well, or none at all.")


def _draw(share: float, number: int) -> Drawing:
    chance = random.Random(number)  # noqa: S311 (not a secret)
    size, slant = chance.uniform(0.8, 1.0), chance.uniform(-0.05, 0.05)
    corners = [
        (x0 + share * (x1 - x0), y0 + share * (y1 - y0)) for (x0, y0), (x1, y1) in zip(_NINE, _FOUR, strict=True)
    ]
    points = [
        (x0 + (x1 - x0) * step / _STEPS, y0 + (y1 - y0) * step / _STEPS)
        for (x0, y0), (x1, y1) in pairwise(corners)
        for step in range(_STEPS)
    ]
    return [
        [
            (round(512 + size * (x - 512 + slant * (y - 512))), round(512 + size * (y - 512)))
            for x, y in [*points, corners[-1]]
        ]
    ]


def get_player(host: Host, cookie: str) -> str:
    """Return the id of the player of a cookie."""
    return read_player(host.services.cookie_signer, Headers({"Cookie": cookie})).id


async def remember_digits(host: Host, player: str) -> None:
    """Let a player have hit every digit twice, as others draw them, and wait until the model has seen that."""
    await host.services.store.add_rounds(
        a_round(player=player, mode="sprint", target=digit, outcome="hit", drawing=make_drawing(sample.place()))
        for digit in "0123456789"
        for sample in load_fixture().get(digit)[:2]
    )
    await host.services.hands.open(player)
    await wait_until_seen(host, player)


async def wait_until_seen(host: Host, player: str) -> None:
    """Wait until the model in service has looked at all drawings of a player's hand."""
    hand = await host.services.hands.open(player)  # while it is held, it is kept in step
    hand.choose(host.services.recognizer.version, hits_only=False)
    async with asyncio.timeout(ANSWER_SECONDS):
        while (await host.services.store.hands.read(player, host.services.recognizer.version)).waiting:
            await asyncio.sleep(0.01)


async def recognize(host: Host, cookie: str, strokes: Drawing, *, store: bool = False) -> Any:
    """Send a drawing of a digit outside of games, and return what the server says."""
    headers = {"Cookie": cookie} if cookie else {}
    body = {"strokes": strokes, "alphabet": "digits", "store": store}
    response = await host.app.test_client(use_cookies=False).post("/api/recognize", json=body, headers=headers)
    assert response.status_code == 200
    return await response.get_json()


async def label(host: Host, cookie: str, round_id: str, character: str) -> None:
    """Say what a drawing was."""
    response = await host.app.test_client(use_cookies=False).post(
        f"/api/rounds/{round_id}/feedback", json={"label": character}, headers={"Cookie": cookie}
    )
    assert response.status_code == 200


async def teach_odd_fours(host: Host, cookie: str, drawings: int = 3) -> list[str]:
    """Draw odd fours outside of games, say what they are, and return their rounds."""
    rounds = []
    for number in range(drawings):
        drawn = await recognize(host, cookie, draw_odd_four(number), store=True)
        await label(host, cookie, drawn["round"], "4")
        rounds.append(drawn["round"])
    return rounds


async def play_until(client: Client, prompt: Any, target: str) -> int:
    """Skip until a target is asked for, and return the number of its round."""
    while prompt["target"] != target:
        await client.send(type="skip", round=prompt["round"])
        await client.next("verdict")
        prompt = await client.next("prompt")
    return int(prompt["round"])


async def try_drawing(client: Client, round_number: int, strokes: Drawing) -> Any:
    """Draw, give up if it is no hit after the pen has rested, and return the verdict."""
    await client.ink(round_number, strokes)
    size = sum(map(len, strokes))
    while True:
        message = await client.receive()
        if message["type"] == "verdict":
            return message
        if message["type"] == "guess" and message["seen"] == size:
            break
    await asyncio.sleep(0.4)  # longer than a pen rests before a hit
    await client.send(type="skip", round=round_number)
    return await client.next("verdict")
