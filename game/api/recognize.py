"""POST /api/recognize: what the model sees in a drawing."""

from __future__ import annotations

from typing import Final

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_request, document_response

from feedback.data_uri import encode_png_uri
from feedback.drawing import make_drawing, measure_duration_ms
from game.api.predictions import list_candidates, make_round
from game.api.schemas import Recognized, RecognizeRequest
from game.inference.player_hands import PlayerHand
from game.rules import scoring, tuning
from game.services import get_services
from game.web.bodies import check_size, read_json, respond
from game.web.limits import check_stored, count_call, count_stored, get_address, limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player, get_visitor
from recognition import encode_png

blueprint: Final = Blueprint("recognize", __name__)

_DECODER: Final = msgspec.json.Decoder(RecognizeRequest)


@blueprint.post("/api/recognize")
@document_request(RecognizeRequest)
@document_response(Recognized)
@document_errors(400, 403, 410, 413, 415, 422, 503)
@limit_calls(tuning.READS)
async def recognize() -> Response:
    """Recognize a drawing.

    Your cookie tells whose hand counts: the drawings of yours that the recognizer remembers. The drawing is stored
    as a round before the response is sent, unless `store` is false.
    """
    body = await read_json(_DECODER)
    check_size(body.strokes)
    if body.store:
        await count_call(tuning.STORES)
        await check_stored()
    player_hand = await _open_hand()
    recognizer = get_services().recognizer
    hand = player_hand.choose(recognizer.version, hits_only=False) if player_hand else None
    prediction = await get_services().drawings.run(
        get_address(), recognizer.recognize, body.strokes, body.alphabet, hand
    )
    round_ = None
    if body.store:
        drawing = make_drawing(body.strokes)
        round_ = make_round(
            prediction,
            player=get_visitor().id,
            source="draw",
            alphabet=body.alphabet,
            drawing=drawing,
            duration_ms=measure_duration_ms(drawing),
        )
        await get_services().store.add_round(round_)
        count_stored(1)
    return respond(
        Recognized(
            round=round_.id if round_ else None,
            label=prediction.label,
            confidence=prediction.confidence,
            candidates=list_candidates(prediction),
            likely=scoring.is_likely(prediction, body.alphabet),
            model=prediction.model,
            image=encode_png_uri(encode_png(prediction.image)),
        )
    )


async def _open_hand() -> PlayerHand | None:
    """Return the hand of whoever draws; None for a new player."""
    player = get_player(request.headers)
    return None if player.is_new else await get_services().hands.open_soon(player.id)
