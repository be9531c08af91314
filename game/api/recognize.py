"""POST /api/recognize: a drawing in, what the model sees out."""

from __future__ import annotations

from typing import Final

import msgspec
from quart import Blueprint, Response
from quart_schema import document_request, document_response

from game.api.bodies import check_size, read_json, respond
from game.api.predictions import candidates, make_round, seen
from game.api.schemas import Recognized, RecognizeRequest
from game.drawing import duration_ms, to_drawing
from game.openapi import fails
from game.services import services
from game.visitors import visitor
from recognition import png

blueprint: Final = Blueprint("recognize", __name__)

_DECODER: Final = msgspec.json.Decoder(RecognizeRequest)


@blueprint.post("/api/recognize")
@document_request(RecognizeRequest)
@document_response(Recognized)
@fails(400, 403, 410, 413, 415, 422, 503)
async def recognize() -> Response:
    """Recognise a drawing.

    The round is stored, unless that is declined, before the answer is sent.
    """
    asked = await read_json(_DECODER)
    check_size(asked.strokes)
    recognizer = services().recognizer
    prediction = await services().drawings.run(recognizer.recognize, asked.strokes, asked.alphabet)
    stored = None
    if asked.store:
        drawing = to_drawing(asked.strokes)
        stored = make_round(
            prediction,
            player=visitor().id,
            source="draw",
            alphabet=asked.alphabet,
            drawing=drawing,
            duration_ms=duration_ms(drawing),
        )
        await services().store.add_round(stored)
    return respond(
        Recognized(
            round=stored.id if stored else None,
            label=prediction.label,
            confidence=prediction.confidence,
            candidates=candidates(prediction),
            model=prediction.model,
            image=seen(png(prediction.image)),
        )
    )
