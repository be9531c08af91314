"""POST /api/me/link and /api/me/claim: the same player on another device, by a code."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_request, document_response

from game.api.my_schemas import Claimed, ClaimRequest, LinkCode
from game.play.rate_limit import Caller
from game.rules import tuning
from game.rules.link_codes import make_link_code, read_link_code
from game.services import get_services
from game.web.bodies import read_json, respond
from game.web.errors import ApiError
from game.web.limits import count_call, limit_calls
from game.web.openapi import document_errors
from game.web.players import hash_link_code
from game.web.visitors import become_player, get_player, get_visitor

blueprint: Final = Blueprint("link", __name__)

_DECODER: Final = msgspec.json.Decoder(ClaimRequest)
_EVERYBODY: Final = Caller(None, "everybody")


@blueprint.post("/api/me/link")
@document_response(LinkCode)
@document_errors(403, 410, 503)
@limit_calls(tuning.LINKS)
async def link() -> Response:
    """Make a code that makes another device yours, without an account.

    It works once, within ten minutes. A new code replaces an earlier one.
    """
    services = get_services()
    code = make_link_code()
    expires_at = await services.store.link_codes.add(
        get_visitor().id, _hash(code), timedelta(minutes=tuning.LINK_MINUTES)
    )
    return respond(LinkCode(code=code, expires_at=expires_at))


@blueprint.post("/api/me/claim")
@document_request(ClaimRequest)
@document_response(Claimed)
@document_errors(400, 403, 404, 413, 415, 422, 503)
@limit_calls(tuning.CLAIMS)
async def claim() -> Response:
    """Switch this device to the player who made the code.

    The response sets the player's cookie. What this device had before is not merged: to keep it, make a code here
    and use it on the other device.
    """
    body = await read_json(_DECODER)
    await count_call(tuning.ALL_CLAIMS, _EVERYBODY)
    codes = get_services().store.link_codes
    code = read_link_code(body.code)
    player = await codes.claim(_hash(code)) if code else None
    if player is None:
        raise ApiError(
            404,
            "no_such_code",
            "This code isn't valid. It may be mistyped, used already, or older than ten minutes.",
        )
    before = get_player(request.headers)
    count_rounds = get_services().store.progress.count_rounds
    rounds = await count_rounds(player)
    left_behind = 0 if before.id == player else await count_rounds(before.id)
    become_player(player)
    return respond(Claimed(rounds=rounds, left_behind=left_behind))


def _hash(code: str) -> str:
    return hash_link_code(get_services().cookie_signer, read_link_code(code) or code)
