"""GET /api/model: what recognises here."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response
from quart_schema import document_response

from game.api.bodies import respond
from game.api.schemas import Counts, ModelCard
from game.openapi import fails
from game.services import services

blueprint: Final = Blueprint("model", __name__)


@blueprint.get("/api/model")
@document_response(ModelCard)
@fails(503)
async def model() -> Response:
    """Get the model's card, and how much has been played and collected."""
    recognizer = services().recognizer
    counts = await services().store.counts()
    mirror = services().mirror
    return respond(
        ModelCard(
            version=recognizer.version,
            card=recognizer.card,
            counts=Counts(
                rounds=counts.rounds,
                games=counts.games,
                players=counts.players,
                labelled=counts.labelled,
                mirrored=(await mirror.tally()).mirrored if mirror else None,
            ),
        )
    )
