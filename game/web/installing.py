"""What lets people install the game on a device: its manifest, its service worker, and the page shown offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from quart import Blueprint, Response, render_template, request

from game.web.languages import get_language
from game.web.static_files import StaticFiles

_PAPER: Final = "#f6f1e7"  # --paper in css/tokens.css, by day
_SHORTCUTS: Final = {
    "play.daily": "/play?mode=daily",
    "layout.draw": "/draw",
}
_ICON_SIZES: Final = (192, 512)
_SERVICE_WORKER: Final = "service-worker.js"


def make_blueprint(client: Path, files: StaticFiles) -> Blueprint:
    """Return the routes, for the client in this folder and its static files."""
    blueprint = Blueprint("installing", __name__)
    worker = (client / _SERVICE_WORKER).read_text(encoding="utf-8")

    @blueprint.get("/manifest.webmanifest")
    async def manifest() -> Response:
        return await _finish(json.dumps(_make_manifest(files)), "application/manifest+json")

    @blueprint.get(f"/{_SERVICE_WORKER}")
    async def service_worker() -> Response:
        return await _finish(worker, "text/javascript; charset=utf-8")

    @blueprint.get("/offline")
    async def offline() -> Response:
        """Show the page that the service worker keeps: the same for all who read a language."""
        page = await render_template("offline.html", page="offline")
        return await _finish(page, "text/html; charset=utf-8")

    return blueprint


async def _finish(content: str, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = "no-cache"
    await response.add_etag(weak=True)
    return await response.make_conditional(request)


def _make_manifest(files: StaticFiles) -> dict[str, Any]:
    """Return the manifest (W3C, Web Application Manifest) in the language of the current request."""
    language = get_language()
    return {
        "id": "/",
        "name": "Inkrush",
        "short_name": "Inkrush",
        "description": language.translate("layout.description").unescape(),
        "lang": language.code,
        "dir": language.direction,
        "start_url": "/play",
        "scope": "/",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "categories": ["games", "education"],
        "icons": [
            {"src": files.make_address(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "purpose": purpose}
            for size in _ICON_SIZES
            for purpose in ("any", "maskable")
        ],
        "shortcuts": [
            {"name": language.translate(key).unescape(), "url": address} for key, address in _SHORTCUTS.items()
        ],
    }
