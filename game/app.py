"""The application: all routes, and what every request goes through."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from quart import Quart, Response, g, has_websocket_context, request, websocket
from werkzeug.wrappers import Response as WerkzeugResponse

from game import metrics
from game.api import (
    daily,
    explain,
    games,
    hand,
    health,
    leaderboard,
    link,
    me,
    model,
    progress,
    recognize,
    rooms,
    rounds,
    upload,
)
from game.lifespan import open_services
from game.play.route import make_blueprint
from game.play.websocket import BoundedWebsocketConnection
from game.services import EXTENSION, get_services
from game.settings import Settings
from game.web import errors, game_pages, installing, openapi, pages, static_files
from game.web.addresses import BAD_HOST, LimitedAddresses, has_valid_host
from game.web.bodies import MAX_BODY, BoundedBody, BoundedRequest, PacedHTTPConnection
from game.web.compression import compress_response
from game.web.errors import ApiError
from game.web.languages import use_languages
from game.web.origin import check_origin
from game.web.proxies import TrustedProxies
from game.web.security import HEADERS, find_inline_scripts, make_content_policy
from game.web.static_files import load_static_files
from game.web.visitors import admit_player, give_cookie

CLIENT: Final = Path(__file__).parent.parent / "client"
STATIC: Final = CLIENT / "static"

_BODY_TIMEOUT: Final = 120  # seconds; long enough for a photo over a slow connection
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")

AnyResponse = TypeVar("AnyResponse", Response, WerkzeugResponse)


class _App(Quart):
    request_class = BoundedRequest
    asgi_http_class = PacedHTTPConnection
    asgi_websocket_class = BoundedWebsocketConnection

    async def asgi_app(self, scope: Any, receive: Any, send: Any) -> None:
        if not (path := scope.get("path", "/")).startswith("/"):
            scope = scope | {"path": _strip_host(path)}
        if not has_valid_host(headers := scope.get("headers", ())):
            # Quart fails at some of these before it could respond. `refuse_bad_host` does.
            scope = scope | {"headers": [pair for pair in headers if pair[0] != b"host"], BAD_HOST: True}
        await super().asgi_app(scope, receive, send)

    async def send_static_file(self, filename: str) -> Response:
        return await load_static_files(STATIC).respond(filename)


def create_app(settings: Settings) -> Quart:
    """Return the application for any ASGI server. It opens its services at start-up and closes them at the end.

    Start-up raises what `game.lifespan.open_services` raises.
    """
    app = build_app(settings)

    @app.while_serving
    async def lifespan() -> AsyncGenerator[None, None]:
        async with open_services(settings) as services:
            app.extensions[EXTENSION] = services
            yield

    return app


def build_app(settings: Settings) -> Quart:
    """Return the application without services. Its routes look for them in ``extensions``."""
    app = _App(
        "game",
        static_folder=str(STATIC),
        static_url_path=static_files.URL,
        template_folder=str(CLIENT / "templates"),
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        BODY_TIMEOUT=_BODY_TIMEOUT,
    )
    files = load_static_files(STATIC)
    app.jinja_env.globals.update(static=files.make_address, static_hash=files.hash, pictures=files.pictures)
    for module in (
        pages, game_pages, recognize, explain, upload, rounds, leaderboard, games, daily, progress, hand, link,
        rooms, me, model, health,
    ):  # fmt: skip
        app.register_blueprint(module.blueprint)
    app.register_blueprint(installing.make_blueprint(CLIENT, files))
    app.register_blueprint(make_blueprint(admit_player, get_services))
    errors.register_error_handlers(app)
    use_languages(app, CLIENT / "messages")
    openapi.describe_app(app)
    _add_guards(app, settings)
    app.asgi_app = TrustedProxies(  # type: ignore[method-assign]
        LimitedAddresses(app.asgi_app, lambda: app.extensions[EXTENSION]), settings.trusted_proxies
    )
    return app


def _strip_host(target: str) -> str:
    """Return the path of a request target that does not begin with one: ``http://host/path`` (RFC 9112, 3.2.2).

    Quart would fail at an empty one, and at hosts that are not valid.
    """
    _, is_absolute, rest = target.partition("://")
    return f"/{rest.partition('/')[2] if is_absolute else target}"


def _add_guards(app: Quart, settings: Settings) -> None:
    policy = make_content_policy(find_inline_scripts(CLIENT / "templates"))

    @app.before_websocket
    @app.before_request
    async def refuse_bad_host() -> None:
        if (websocket if has_websocket_context() else request).scope.get(BAD_HOST):
            raise ApiError(400, "bad_host", "The header Host of this request is not valid.")

    @app.before_request
    async def refuse_other_sites() -> None:
        if request.method not in _SAFE_METHODS:
            check_origin(request.headers, settings.allowed_origins)

    @app.teardown_request
    async def free_body(_error: BaseException | None) -> None:
        cast("BoundedBody", request.body).release()

    @app.after_request
    async def finish_response(response: AnyResponse) -> AnyResponse:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", policy)
        if g.get("must_close"):
            response.headers["Connection"] = "close"
        if isinstance(response, Response):
            await compress_response(request, response)
        metrics.REQUESTS.labels(request.endpoint or "none", response.status_code).inc()
        return await give_cookie(response)
