"""POST /api/rounds/<id>/feedback: whoever drew it says what it really was."""

from __future__ import annotations

from typing import Final, cast

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_request, document_response

from feedback.records import Confirmation
from game.api.schemas import FeedbackRequest, FeedbackTaken
from game.services import get_services
from game.web.bodies import read_json, respond
from game.web.openapi import document_errors
from game.web.visitors import get_player

blueprint: Final = Blueprint("rounds", __name__)

_DECODER: Final = msgspec.json.Decoder(FeedbackRequest)


@blueprint.post("/api/rounds/<round_id>/feedback")
@document_request(FeedbackRequest)
@document_response(FeedbackTaken)
@document_errors(400, 403, 404, 413, 415, 422, 503)
async def feedback(round_id: str) -> Response:
    """Say what a round really was.

    The label that was predicted confirms it, another corrects it. Only whoever drew it may say, known by their
    cookie, and again to change it. Where a curator has judged the round, the answer is the curator's label.
    """
    asked = await read_json(_DECODER)
    known = await get_services().store.give_feedback(round_id, get_player(request.headers).id, asked.label)
    return respond(
        FeedbackTaken(round=known.id, label=cast("str", known.label), verdict=cast("Confirmation", known.verdict))
    )
