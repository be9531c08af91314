"""The pages, made from the client's templates, and the reports on models."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from quart import Blueprint, Response, render_template, request

from feedback.names.generated import generate_name
from feedback.remembering import MOST_PER_LABEL
from game.services import get_services
from game.web.errors import ApiError
from game.web.languages import describe_language
from game.web.security import REPORT_POLICY
from game.web.visitors import get_visitor, welcome_visitor
from recognition import UnknownVersion
from recognition.alphabets import ALPHABETS
from recognition.model.registry import REPORT_FILE, ModelRegistry

PAGES: Final = {
    "/": "index",
    "/play": "play",
    "/draw": "draw",
    "/upload": "upload",
    "/leaderboard": "leaderboard",
    "/model": "model",
    "/me": "me",
    "/me/hand": "hand",
    "/privacy": "privacy",
    "/room": "room",
    "/class": "class",
}
"""The path of every page, and the name of its template."""
_ROOM_PAGES: Final = {
    "/room/<code>": "room",
    "/class/<code>": "class",
    "/class/<code>/report": "report",
}
"""The same of pages about one room. They look the same for all codes: their scripts ask for the room."""

blueprint: Final = Blueprint("pages", __name__)


async def render_page(name: str, **values: Any) -> Response:
    """Return the page made from the template ``name``, which also gets ``values``."""
    await welcome_visitor()
    page = await render_template(
        f"{name}.html",
        page=name,
        has_sheet=get_services().mirror is not None,
        generated_name=generate_name(get_visitor().id),
        characters_by_alphabet=ALPHABETS,
        hand_limit=MOST_PER_LABEL,
        **values,
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    # Browsers store it but ask each time whether it has changed: a page and its scripts change together.
    response.headers["Cache-Control"] = "private, no-cache"
    describe_language(response)
    await response.add_etag(weak=True)  # it stands for the compressed page too
    return await response.make_conditional(request)


def _make_view(name: str) -> Callable[[], Awaitable[Response]]:
    async def show_page(**_: str) -> Response:
        return await render_page(name)

    return show_page


for _address, _name in (PAGES | _ROOM_PAGES).items():
    blueprint.add_url_rule(_address, _address, _make_view(_name))


@blueprint.get("/model/<version>/report")
async def report(version: str) -> Response:
    """Show the report on a version of the model, which its retraining wrote."""
    try:
        content = await asyncio.to_thread(_read_report, get_services().model_registry, version)
    except (UnknownVersion, OSError) as error:
        raise ApiError(404, "not_found", "There is no report on this version of the model.") from error
    response = Response(content, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return response


def _read_report(versions: ModelRegistry, version: str) -> bytes:
    return (versions.find_folder(version) / REPORT_FILE).read_bytes()
