from __future__ import annotations

import asyncio

import msgspec
import pytest
from werkzeug.exceptions import RequestEntityTooLarge

from game.inference.worker_pool import Busy
from game.web.bodies import MAX_BODY, MAX_HELD, MAX_HELD_PER_ADDRESS, BoundedBody, explain_error

PIECE = bytes(64 * 1024)


async def taken(body: BoundedBody) -> bytes:
    return await asyncio.wait_for(body, 5)


async def test_a_body_arrives_in_pieces() -> None:
    body = BoundedBody(6, MAX_BODY)
    for piece in (b"ink", b"", b"ink"):
        body.append(piece)
    body.set_complete()
    assert await taken(body) == b"inkink"


async def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    for excess in (0, 1):
        body = BoundedBody(None, 1000)
        body.append(bytes(1000 + excess))
        body.set_complete()
        if excess:
            with pytest.raises(RequestEntityTooLarge):
                await taken(body)
        else:
            assert len(await taken(body)) == 1000


async def test_a_body_that_is_too_large_is_read_to_its_end_and_then_refused() -> None:
    body = BoundedBody(20 << 20, MAX_BODY)
    reader = asyncio.create_task(taken(body))
    for _ in range(320):
        body.append(PIECE)
        await asyncio.sleep(0)
    assert not reader.done()
    body.set_complete()
    with pytest.raises(RequestEntityTooLarge):
        await reader


async def test_a_body_that_is_far_too_large_is_refused_at_once() -> None:
    with pytest.raises(RequestEntityTooLarge):
        await taken(BoundedBody(1 << 40, MAX_BODY))
    body = BoundedBody(None, MAX_BODY)
    for _ in range(5 * MAX_BODY // len(PIECE)):
        body.append(PIECE)
    with pytest.raises(RequestEntityTooLarge):
        await taken(body)


async def test_all_bodies_together_are_limited() -> None:
    bodies = [make_body(str(number)) for number in range(MAX_HELD // MAX_BODY + 2)]
    for body in bodies:
        for _ in range(MAX_BODY // len(PIECE)):
            body.append(PIECE)
        body.set_complete()
    with pytest.raises(Busy):
        await taken(bodies[-1])
    assert len(await taken(bodies[0])) == MAX_BODY // len(PIECE) * len(PIECE)
    del body
    bodies.clear()
    body = BoundedBody(None, MAX_BODY)
    body.append(PIECE)
    body.set_complete()
    assert await taken(body) == PIECE


def test_an_invalid_body_is_explained_in_words() -> None:
    class Inner(msgspec.Struct):
        points: list[int]

    for raw, words in (
        (b'{"points": [1, "2"]}', "in points[1] expected a whole number, got text"),
        (b'{"points": null}', "in points expected a list, got nothing"),
        (b"[]", "expected an object, got a list"),
        (b"{}", "object missing required field points"),
    ):
        with pytest.raises(msgspec.ValidationError) as refused:
            msgspec.json.decode(raw, type=Inner)
        assert explain_error(refused.value) == words


async def test_one_address_cannot_hold_all_the_memory_for_bodies() -> None:
    bodies = [make_body("a") for _ in range(MAX_HELD_PER_ADDRESS // MAX_BODY + 2)]
    for body in bodies:
        for _ in range(MAX_BODY // len(PIECE)):
            body.append(PIECE)
        body.set_complete()
    with pytest.raises(Busy):
        await taken(bodies[-1])
    other = make_body("b")
    other.append(PIECE)
    other.set_complete()
    assert await taken(other) == PIECE
    # A body that was read still counts, until its request ends.
    assert len(await taken(bodies[0])) > 0
    late = make_body("a")
    for _ in range(MAX_BODY // len(PIECE)):
        late.append(PIECE)
    late.set_complete()
    with pytest.raises(Busy):
        await taken(late)
    for body in bodies:
        body.release()
    again = make_body("a")
    again.append(PIECE)
    again.set_complete()
    assert await taken(again) == PIECE


async def test_a_body_that_is_thrown_away_holds_nothing() -> None:
    for _ in range(10):
        body = make_body("a")
        body.append(PIECE)
        body.discard()
        for _ in range(MAX_BODY // len(PIECE) - 1):
            body.append(PIECE)
        body.set_complete()
        assert await taken(body) == b""


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_lower_limit_counts_whatever_has_arrived(is_late: bool) -> None:
    body = BoundedBody(None, MAX_BODY)
    if not is_late:
        body.set_limit(1000)
    body.append(bytes(1001))
    body.set_complete()
    if is_late:
        body.set_limit(1000)
    with pytest.raises(RequestEntityTooLarge):
        await taken(body)


def make_body(address: str) -> BoundedBody:
    body = BoundedBody(None, MAX_BODY)
    body.address = address
    return body
