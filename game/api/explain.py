"""POST /api/explain: a drawing in, why it is read as it is out."""

from __future__ import annotations

from typing import Final

import msgspec
from quart import Blueprint, Response
from quart_schema import document_request, document_response

from game.api import schemas
from game.api.schemas import Explained, ExplainRequest
from game.services import get_services
from game.web.bodies import check_size, read_json, respond
from game.web.openapi import document_errors
from recognition import Side

blueprint: Final = Blueprint("explain", __name__)

_DECODER: Final = msgspec.json.Decoder(ExplainRequest)
_SHARE_DIGITS: Final = 3


@blueprint.post("/api/explain")
@document_request(ExplainRequest)
@document_response(Explained)
@document_errors(400, 403, 413, 415, 422, 503)
async def explain() -> Response:
    """Explain how a drawing is read: the ink that decided, and known drawings that look like it.

    Nothing is stored.
    """
    asked = await read_json(_DECODER)
    check_size(asked.strokes)
    recognizer = get_services().recognizer
    why = await get_services().drawings.run(recognizer.explain, asked.strokes, asked.alphabet, asked.rival)
    return respond(
        Explained(
            best=_side(why.best),
            rival=_side(why.rival),
            strokes=[
                [(x, y, round(share, _SHARE_DIGITS)) for x, y, share in stroke.tolist()] for stroke in why.strokes
            ],
            model=recognizer.version,
        )
    )


def _side(side: Side) -> schemas.Side:
    return schemas.Side(
        label=side.label,
        probability=side.probability,
        examples=[[stroke.tolist() for stroke in drawing] for drawing in side.examples],
    )
