"""The page of a finished game, and the picture that previews of its link show."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response, request

from feedback.dailies import get_day
from feedback.records import Drawing, Round
from game.rules import tuning
from game.rules.card import RANGES, count_steps
from game.rules.modes import DAILY, PRACTICE
from game.services import get_services
from game.web.game_picture import HEIGHT, MOST_DRAWINGS, WIDTH, PictureContent, compute_tag, draw_picture
from game.web.limits import get_address, limit_calls
from game.web.pages import render_page
from game.web.shown_games import NOBODY, ShownGame, find_shown_game

blueprint: Final = Blueprint("game_pages", __name__)

_PICTURE_SECONDS: Final = 3_600
"""How long a picture may be used without asking again. A moderator may hide a game, and a daily's day ends."""


@blueprint.get("/games/<game_id>")
@limit_calls(tuning.READS)
async def show_game(game_id: str) -> Response:
    """Show a finished game. The page itself holds what everybody may know of it; its script asks for the rest."""
    public = await find_shown_game(game_id, NOBODY)
    address = f"{request.url_root}games/{public.game.id}"
    return await render_page(
        "game",
        public=public,
        address=address,
        picture={"address": f"{address}.png?v={compute_tag(_make_content(public))[:8]}", "size": (WIDTH, HEIGHT)},
    )


@blueprint.get("/games/<game_id>.png")
@limit_calls(tuning.HEAVY)
async def show_picture(game_id: str) -> Response:
    """Show the score of a finished game and its best drawings, as far as everybody may see them."""
    content = _make_content(await find_shown_game(game_id, NOBODY))
    tag = compute_tag(content)
    response = Response(content_type="image/png")
    response.set_etag(tag)
    response.headers["Cache-Control"] = f"public, max-age={_PICTURE_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to be shown elsewhere
    if not request.if_none_match.contains(tag):
        response.set_data(await get_services().pictures.run(get_address(), draw_picture, content))
    return await response.make_conditional(request)


def _make_content(shown: ShownGame) -> PictureContent:
    game = shown.game
    title = game.mode.capitalize()
    if game.mode == DAILY:
        title = f"{title} {get_day(game.started_at).isoformat()}"
    return PictureContent(
        title=title,
        subtitle=RANGES.get(game.alphabet, ""),
        score=None if game.mode == PRACTICE else game.score,
        signs=tuple(
            count_steps(round_.outcome, round_.duration_ms or 0) for round_ in shown.rounds if round_.outcome
        ),
        drawings=() if shown.withheld else tuple(_find_best(shown.rounds)),
    )


def _find_best(rounds: list[Round]) -> list[Drawing]:
    """Return the drawings of the hits with the most points, in the order in which they were drawn."""
    hits = [round_ for round_ in rounds if round_.outcome == "hit" and round_.drawing]
    best = sorted(hits, key=lambda round_: round_.points or 0, reverse=True)[:MOST_DRAWINGS]
    return [round_.drawing for round_ in hits if round_ in best and round_.drawing]
