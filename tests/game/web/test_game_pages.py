from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html import unescape

import numpy as np
from PIL import Image

from feedback.names.generated import generate_name
from feedback.records import Game
from game.services import Services
from game.web.game_picture import MOST_DRAWINGS
from tests.game.api.test_games import STARTED, begun, drawn
from tests.game.conftest import Client

WAVE = [[[250, 400, 600, 780], [300, 700, 320, 760], [0, 100, 200, 300]]]
INK = (34, 39, 47)
SHEET = (255, 253, 247)


async def finish(services: Services, game: Game, rounds: int = 8) -> Game:
    """Store a game with a drawing in each round."""
    await services.store.start_game(game)
    for number in range(1, rounds + 1):
        await services.store.add_round(drawn(game, number, mode=game.mode, points=number, drawing=WAVE))
    finished = begun(
        id=game.id, player=game.player, name=game.name, mode=game.mode, started_at=game.started_at,
        finished_at=game.started_at, score=1234, hits=rounds, prompts=rounds,
    )  # fmt: skip
    await services.store.finish_game(finished)
    return finished


async def read_tags(client: Client, game: Game, **headers: str) -> dict[str, str]:
    """Return what the preview of a link to a game is made of."""
    answer = await client.get(f"/games/{game.id}", headers=headers)
    assert answer.status_code == 200
    page = await answer.get_data(as_text=True)
    pairs = re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in pairs}


async def read_picture(client: Client, game: Game) -> Image.Image:
    answer = await client.get(f"/games/{game.id}.png")
    assert answer.status_code == 200
    data = await answer.get_data(as_text=False)
    assert len(data) < 100_000
    return Image.open(io.BytesIO(data)).convert("RGB")


def count(picture: Image.Image, color: tuple[int, int, int]) -> int:
    return int((np.asarray(picture) == color).all(axis=2).sum())


async def test_a_preview_names_a_player_who_chose_a_name(client: Client, services: Services) -> None:
    named = await finish(services, begun())
    tags = await read_tags(client, named)
    assert tags["og:title"] == "Ada: 1234 points"
    assert "8 of 8" in tags["og:description"]
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["og:url"] == f"http://localhost/games/{named.id}"
    assert tags["og:image"].startswith(f"http://localhost/games/{named.id}.png?v=")
    unnamed = await finish(services, begun(player="b" * 32, name=generate_name("b" * 32)))
    assert (await read_tags(client, unnamed))["og:title"] == "1234 points"
    assert (await read_tags(client, named, **{"Accept-Language": "de"}))["og:title"] == "Ada: 1234 Punkte"


async def test_the_picture_shows_the_best_drawings_on_sheets(client: Client, services: Services) -> None:
    picture = await read_picture(client, await finish(services, begun()))
    assert picture.size == (1200, 630)
    few = await read_picture(client, await finish(services, begun(), rounds=1))
    assert count(picture, INK) > 0
    assert count(few, SHEET) > 0
    sheets = [count(picture, SHEET), count(await read_picture(client, await finish(services, begun(), 6)), SHEET)]
    assert MOST_DRAWINGS == 6
    assert abs(sheets[0] - sheets[1]) < 500, "more drawings than there is room for"


async def test_a_picture_is_cached_and_not_sent_again(client: Client, services: Services) -> None:
    game = await finish(services, begun())
    first = await client.get(f"/games/{game.id}.png")
    assert first.content_type == "image/png"
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in first.headers
    again = await client.get(f"/games/{game.id}.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, await again.get_data()) == (304, b"")


async def test_a_hidden_game_shows_neither_name_nor_drawings(client: Client, services: Services) -> None:
    game = await finish(services, begun())
    before = await client.get(f"/games/{game.id}.png")
    await services.store.moderation.hide("game", game.id, reason="", moderator="mona", now=STARTED)
    assert (await read_tags(client, game))["og:title"] == "1234 points"
    after = await client.get(f"/games/{game.id}.png", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert count(await read_picture(client, game), SHEET) < 1000


async def test_the_picture_of_todays_daily_shows_no_drawing(client: Client, services: Services) -> None:
    today = await finish(services, begun(mode="daily", started_at=datetime.now(UTC)))
    earlier = await finish(services, begun(player="b" * 32, mode="daily"))
    assert (
        count(await read_picture(client, today), SHEET) < 1000 < count(await read_picture(client, earlier), SHEET)
    )


async def test_a_page_without_a_game_is_a_404_page(client: Client) -> None:
    for address in ("/games/nothing", "/games/nothing.png", "/games/%00"):
        answer = await client.get(address)
        assert answer.status_code == 404
        assert "There is no finished game at this link." in await answer.get_data(as_text=True)


async def test_addresses_are_those_that_the_client_asked_for(client: Client, services: Services) -> None:
    game = await finish(services, begun())
    tags = await read_tags(client, game, Host="play.example:8443")
    assert tags["og:url"] == f"http://play.example:8443/games/{game.id}"
