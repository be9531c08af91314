"""Rooms for a class over HTTP: make one, see who is in it, read how it went, delete it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_querystring, document_request, document_response

from feedback.played_rounds import PlayedRound
from game.api.report_csv import encode_report
from game.api.room_schemas import (
    DeletedRoom,
    HostQuery,
    NewRoom,
    OpenedRoom,
    ReportQuery,
    RoomDrawing,
    RoomDrawings,
)
from game.play.room_snapshot import RoomSnapshot, make_snapshot
from game.play.room_storage import RoomNow, RoomStorage
from game.rules import tuning
from game.rules.class_report import RoomReport, make_report
from game.rules.room import Person, Room, hash_secret
from game.rules.thinning import thin_drawing
from game.services import get_services
from game.web.bodies import read_json, read_query, respond
from game.web.errors import ApiError
from game.web.limits import count_room_try, limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player
from recognition.alphabets import get_characters

blueprint: Final = Blueprint("rooms", __name__)

_TOKEN_BYTES: Final = 16
_DECODER: Final = msgspec.json.Decoder(NewRoom)


@blueprint.post("/api/rooms")
@document_request(NewRoom)
@document_response(OpenedRoom)
@document_errors(400, 403, 413, 415, 422, 503)
@limit_calls(tuning.NEW_ROOMS)
async def open_room() -> Response:
    """Open a room for a class.

    Whoever shows the host token is the host: they start the game and read the report. Keep it: the server stores
    only its hash.
    """
    body = await read_json(_DECODER)
    get_characters(body.alphabet)
    host_token = secrets.token_urlsafe(_TOKEN_BYTES)
    room = Room(
        kind="class",
        code="",
        alphabet=body.alphabet,
        duration_ms=round(1_000 * body.duration_s),
        names=body.names,
        seed="",
        host=hash_secret(host_token),
    )
    opened = await _get_storage().create(room)
    return respond(OpenedRoom(room=opened.code, host_token=host_token))


@blueprint.get("/api/rooms/<code>")
@document_querystring(HostQuery)
@document_response(RoomSnapshot)
@document_errors(404, 503)
@limit_calls(tuning.ROOM_READS)
async def room(code: str) -> Response:
    """Get a room and who is in it, as the play socket's message `room` tells it."""
    now = await _read_room(code)
    person = _get_person()
    scores = await get_services().store.played_rounds.read_scores([seat.game for seat in now.room.players])
    seat = now.room.find_seat(person.player)
    you = seat.number if seat else None
    return respond(make_snapshot(now, scores, you=you, is_host=now.room.is_host(person)))


@blueprint.get("/api/rooms/<code>/report")
@document_querystring(ReportQuery)
@document_response(RoomReport)
@document_errors(403, 404, 422, 503)
@limit_calls(tuning.HEAVY)
async def report(code: str) -> Response:
    """Get the report on a room.

    Only the host may: show the host token in the header Authorization, as `Bearer …`, or as `host_token` in the
    query. The report is kept for 30 days after the game. As `csv`, it has a row for each player and character.
    """
    query = read_query(ReportQuery, "There is no such format")
    now = await _read_hosted_room(code)
    rounds = await get_services().store.played_rounds.read_all([seat.game for seat in now.room.players])
    made = await asyncio.to_thread(make_report, now.room, rounds, now.now_ms, now.expires_at_ms)
    if query.format == "json":
        return respond(made)
    response = Response(encode_report(made), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="inkrush-{made.room}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/api/rooms/<code>/drawings")
@document_response(RoomDrawings)
@document_errors(404, 409, 503)
@limit_calls(tuning.HEAVY)
async def drawings(code: str) -> Response:
    """Get the best drawings of each player of a room, once its game is over.

    Everybody with the code may, just as everybody may watch the room.
    """
    now = await _read_room(code)
    if now.room.get_state(now.now_ms) != "over":
        raise ApiError(409, "not_over", "The drawings can be seen when this game is over.")
    seats = {seat.game: seat.number for seat in now.room.players}
    rounds = await get_services().store.played_rounds.read_best(
        list(seats), tuning.GALLERY_DRAWINGS[now.room.kind]
    )
    return respond(
        RoomDrawings(room=now.room.code, drawings=await asyncio.to_thread(_make_drawings, seats, rounds))
    )


def _make_drawings(seats: Mapping[str, int], rounds: Iterable[PlayedRound]) -> list[RoomDrawing]:
    return [
        RoomDrawing(
            seat=seats[round_.game],
            round=round_.number,
            target=round_.target,
            outcome=round_.outcome,
            points=round_.points,
            drawing=[stroke[:2] for stroke in thin_drawing(round_.drawing or [], tuning.REPORT_POINTS)],
        )
        for round_ in rounds
    ]


@blueprint.delete("/api/rooms/<code>")
@document_querystring(HostQuery)
@document_response(DeletedRoom)
@document_errors(403, 404, 503)
@limit_calls(tuning.STORES)
async def delete_room(code: str) -> Response:
    """Delete a room and its report.

    Only the host may. The games stay: they belong to those who played them.
    """
    now = await _read_hosted_room(code)
    await _get_storage().delete(now.room.code)
    return respond(DeletedRoom(room=now.room.code))


def _get_storage() -> RoomStorage:
    return RoomStorage(get_services().store.rooms)


async def _read_room(code: str) -> RoomNow:
    async with count_room_try():
        return await _get_storage().read(code)


async def _read_hosted_room(code: str) -> RoomNow:
    now = await _read_room(code)
    now.room.require_host(_get_person())
    return now


def _get_person() -> Person:
    """Return who sent the current request, with the host token that they show."""
    player = get_player(request.headers)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_bearer = scheme.lower() == "bearer"
    return Person(player.id, token.strip() if is_bearer else request.args.get("host_token"))
