"""GET /healthz, /livez and /metrics: for the people who run the server."""

from __future__ import annotations

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST
from quart import Blueprint, Response
from quart_schema import document_response, hide

from game.api.schemas import Alive, Health
from game.metrics import SHEET_ROUNDS, SHEET_TROUBLE, SHEET_WAITING, STORE_FAILING, write_metrics
from game.services import get_services
from game.web.bodies import respond

blueprint: Final = Blueprint("health", __name__)


@blueprint.get("/healthz")
@document_response(Health)
@document_response(Health, 503)
async def healthz() -> Response:
    """Check that the server can store rounds, and which model is in service. If it cannot, the status is 503."""
    services = get_services()
    fault = await services.store.find_fault()
    STORE_FAILING.set(fault is not None)
    response = respond(
        Health(
            status="failing" if fault else "ok",
            store=fault or "ok",
            model=services.recognizer.version,
        )
    )
    response.status_code = 503 if fault else 200
    return response


@blueprint.get("/livez")
@document_response(Alive)
async def livez() -> Response:
    """Check that the process is alive, whatever its parts do."""
    return respond(Alive(status="ok"))


@blueprint.get("/metrics")
@hide
async def metrics() -> Response:
    """Get the metrics for Prometheus."""
    STORE_FAILING.set(await get_services().store.find_fault() is not None)
    if (mirror := get_services().mirror) is not None:
        tally = await mirror.tally()
        SHEET_ROUNDS.set(tally.mirrored)
        SHEET_WAITING.set(tally.rounds - tally.mirrored)
        SHEET_TROUBLE.set(tally.last_error is not None)
    response = Response(write_metrics(), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response
