"""A player says what their drawing really was, or deletes a mark of a picture that is no character."""

from __future__ import annotations

from typing import Final, cast

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_request, document_response

from feedback.records import Confirmation
from game.api.schemas import DeletedRound, FeedbackRequest, FeedbackTaken
from game.rules import tuning
from game.services import get_services
from game.web.bodies import read_json, respond
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player

blueprint: Final = Blueprint("rounds", __name__)

_DECODER: Final = msgspec.json.Decoder(FeedbackRequest)


@blueprint.post("/api/rounds/<round_id>/feedback")
@document_request(FeedbackRequest)
@document_response(FeedbackTaken)
@document_errors(400, 403, 404, 413, 415, 422, 503)
@limit_calls(tuning.STORES)
async def feedback(round_id: str) -> Response:
    """Say what a drawing really was.

    The label that was predicted confirms the prediction; any other corrects it. Only the player who drew it, known
    by their cookie, may do this. They may do it again to change it. If a curator has labeled the round, the
    response has the curator's label.
    """
    body = await read_json(_DECODER)
    store = get_services().store
    round_ = await store.give_feedback(round_id, get_player(request.headers).id, body.label)
    await get_services().hands.open_soon(round_.player)  # the next drawing is read with this one in mind
    label, verdict = cast("str", round_.label), cast("Confirmation", round_.verdict)
    is_remembered = await store.hands.is_remembered(round_.id)
    return respond(FeedbackTaken(round=round_.id, label=label, verdict=verdict, remembered=is_remembered))


@blueprint.delete("/api/rounds/<round_id>")
@document_response(DeletedRound)
@document_errors(403, 404, 409, 503)
@limit_calls(tuning.STORES)
async def delete_round(round_id: str) -> Response:
    """Delete a round that was cut from a picture, because it is no letter or digit.

    Only the player who uploaded it, known by their cookie, may do this. It is also removed from the Sheet.
    """
    await get_services().store.delete_round(round_id, get_player(request.headers).id)
    return respond(DeletedRound(round=round_id))
