"""POST /api/explain: why a drawing is recognized as it is."""

from __future__ import annotations

from typing import Final

import msgspec
from quart import Blueprint, Response
from quart_schema import document_request, document_response

from game.api import schemas
from game.api.schemas import Explained, ExplainRequest
from game.rules import tuning
from game.services import get_services
from game.web.bodies import check_size, read_json, respond
from game.web.limits import get_address, limit_calls
from game.web.openapi import document_errors
from recognition import Side

blueprint: Final = Blueprint("explain", __name__)

_DECODER: Final = msgspec.json.Decoder(ExplainRequest)
_SHARE_DIGITS: Final = 3


@blueprint.post("/api/explain")
@document_request(ExplainRequest)
@document_response(Explained)
@document_errors(400, 403, 413, 415, 422, 503)
@limit_calls(tuning.HEAVY)
async def explain() -> Response:
    """Explain a recognition: the ink that decided it, and known drawings that look like it.

    Nothing is stored.
    """
    body = await read_json(_DECODER)
    check_size(body.strokes)
    recognizer = get_services().recognizer
    explanation = await get_services().explanations.run(
        get_address(), recognizer.explain, body.strokes, body.alphabet, body.rival
    )
    return respond(
        Explained(
            best=_make_side(explanation.best),
            rival=_make_side(explanation.rival),
            strokes=[
                [(x, y, round(share, _SHARE_DIGITS)) for x, y, share in stroke.tolist()]
                for stroke in explanation.strokes
            ],
            model=recognizer.version,
        )
    )


def _make_side(side: Side) -> schemas.Side:
    return schemas.Side(
        label=side.label,
        probability=side.probability,
        examples=[[stroke.tolist() for stroke in drawing] for drawing in side.examples],
    )
