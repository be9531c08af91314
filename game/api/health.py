"""GET /healthz and /metrics: for the people who run the server."""

from __future__ import annotations

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from quart import Blueprint, Response
from quart_schema import document_response, hide

from game.api.schemas import Health
from game.metrics import SHEET_ROUNDS, SHEET_TROUBLE, SHEET_WAITING
from game.services import get_services
from game.web.bodies import respond

blueprint: Final = Blueprint("health", __name__)


@blueprint.get("/healthz")
@document_response(Health)
async def healthz() -> Response:
    """Check that the server is alive, and which model is in service."""
    return respond(Health(status="ok", model=get_services().recognizer.version))


@blueprint.get("/metrics")
@hide
async def metrics() -> Response:
    """Get the metrics for Prometheus."""
    if (mirror := get_services().mirror) is not None:
        tally = await mirror.tally()
        SHEET_ROUNDS.set(tally.mirrored)
        SHEET_WAITING.set(tally.rounds - tally.mirrored)
        SHEET_TROUBLE.set(tally.last_error is not None)
    response = Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response
