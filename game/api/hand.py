"""/api/me/hand: what the recognizer remembers of a player's drawings, how to forget it, and its switch."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Final

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_request, document_response

from feedback.hands import KNOWN_FROM, OwnHand, RememberedDrawing
from feedback.remembering import MOST_PER_LABEL
from game.api.hand_schemas import Forgotten, HandCharacter, HandDrawing, HandSwitch, MyHand
from game.rules import tuning
from game.rules.thinning import thin_drawing
from game.services import get_services
from game.web.bodies import read_json, respond
from game.web.errors import ApiError
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player, get_visitor
from recognition.alphabets import CLASSES

blueprint: Final = Blueprint("hand", __name__)

_DECODER: Final = msgspec.json.Decoder(HandSwitch)


@blueprint.get("/api/me/hand")
@document_response(MyHand)
@document_errors(503)
@limit_calls(tuning.HEAVY)
async def hand() -> Response:
    """Get your drawings that the recognizer remembers, to read you better."""
    services = get_services()
    remembered = await services.store.hands.read(get_player(request.headers).id, services.recognizer.version)
    return respond(await asyncio.to_thread(_make_hand, remembered))


@blueprint.put("/api/me/hand")
@document_request(HandSwitch)
@document_response(HandSwitch)
@document_errors(400, 403, 410, 413, 415, 422, 503)
@limit_calls(tuning.STORES)
async def switch_hand() -> Response:
    """Switch on or off that your hand is used and learned."""
    switch = await read_json(_DECODER)
    await get_services().store.hands.switch(get_visitor().id, is_on=switch.on)
    return respond(switch)


@blueprint.delete("/api/me/hand")
@document_response(Forgotten)
@document_errors(403, 503)
@limit_calls(tuning.STORES)
async def forget_hand() -> Response:
    """Forget your hand. Your rounds stay stored."""
    return respond(Forgotten(drawings=await get_services().store.hands.forget_all(get_player(request.headers).id)))


@blueprint.delete("/api/me/hand/<character>")
@document_response(Forgotten)
@document_errors(403, 404, 503)
@limit_calls(tuning.STORES)
async def forget_character(character: str) -> Response:
    """Forget your drawings of one character."""
    if character not in CLASSES or len(character) != 1:
        raise ApiError(404, "not_found", "There is no such character. Use one of 0-9, A-Z and a-z.")
    hands = get_services().store.hands
    return respond(Forgotten(drawings=await hands.forget_character(get_player(request.headers).id, character)))


@blueprint.delete("/api/me/hand/rounds/<round_id>")
@document_response(Forgotten)
@document_errors(403, 503)
@limit_calls(tuning.STORES)
async def forget_round(round_id: str) -> Response:
    """Forget one drawing. If it is not remembered, nothing changes."""
    hands = get_services().store.hands
    return respond(Forgotten(drawings=await hands.forget_round(get_player(request.headers).id, round_id)))


def _make_hand(hand: OwnHand) -> MyHand:
    ordered = sorted(hand.drawings, key=lambda own: CLASSES.index(own.label))
    return MyHand(
        on=hand.is_on,
        limit=MOST_PER_LABEL,
        known_from=KNOWN_FROM,
        waiting=hand.waiting,
        characters=[
            _make_character(character, drawings)
            for character, drawings in groupby(ordered, key=attrgetter("label"))
        ],
    )


def _make_character(character: str, drawings: Iterable[RememberedDrawing]) -> HandCharacter:
    made = [
        HandDrawing(
            round=own.round,
            at=own.at,
            origin=own.origin,
            drawing=[stroke[:2] for stroke in thin_drawing(own.drawing, tuning.HAND_POINTS)],
        )
        for own in drawings
    ]
    return HandCharacter(character=character, known=len(made) >= KNOWN_FROM, drawings=made)
