"""GET /api/model: the model in service, and those before it."""

from __future__ import annotations

import asyncio
from typing import Final

from quart import Blueprint, Response
from quart_schema import document_response

from game.api.schemas import Counts, ModelCard, ModelUse
from game.rules import tuning
from game.services import get_services
from game.web.bodies import respond
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from recognition import UnfitModel, UnknownVersion
from recognition.model.card import read_card
from recognition.model.network import BUNDLED
from recognition.model.registry import BUNDLED_NAME, REPORT_FILE, ModelRegistry, Promotion

blueprint: Final = Blueprint("model", __name__)

_MAX_HISTORY: Final = 50


@blueprint.get("/api/model")
@document_response(ModelCard)
@document_errors(503)
@limit_calls(tuning.READS)
async def model() -> Response:
    """Get the card of the model in service, the models before it, and how much has been played."""
    recognizer = get_services().recognizer
    counts = await get_services().store.read_counts()
    history = await asyncio.to_thread(_list_uses, get_services().model_registry)
    mirror = get_services().mirror
    return respond(
        ModelCard(
            version=recognizer.version,
            card=recognizer.card,
            counts=Counts(
                rounds=counts.rounds,
                games=counts.games,
                players=counts.players,
                labelled=counts.labeled,
                mirrored=(await mirror.tally()).mirrored if mirror else None,
            ),
            history=history,
        )
    )


def _list_uses(registry: ModelRegistry) -> list[ModelUse]:
    """Return the models that came into use, newest first, or nothing if the registry cannot be read."""
    try:
        promotions = registry.read_history()[-_MAX_HISTORY:]
    except UnfitModel:
        return []
    bundled = str(read_card(BUNDLED)["version"])
    return [_make_use(registry, promotion, bundled) for promotion in reversed(promotions)]


def _make_use(registry: ModelRegistry, promotion: Promotion, bundled: str) -> ModelUse:
    version = bundled if promotion.version == BUNDLED_NAME else promotion.version
    try:
        has_report = (registry.find_folder(promotion.version) / REPORT_FILE).is_file()
    except UnknownVersion:
        has_report = False
    return ModelUse(
        version=version,
        at=promotion.at,
        event=promotion.event,
        why=promotion.why,
        report=f"/model/{version}/report" if has_report else None,
    )
