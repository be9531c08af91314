"""Messages of a flood wait behind each other, not before those of other addresses."""

from __future__ import annotations

import asyncio

from game.play.turns import AddressTurns, get_turns


async def test_an_address_waits_behind_itself() -> None:
    turns = AddressTurns()
    order: list[str] = []

    async def send(address: str) -> None:
        await turns.take(address)
        order.append(address)

    async with asyncio.TaskGroup() as group:
        for _ in range(500):
            group.create_task(send("flood"))
        for _ in range(5):
            group.create_task(send("player"))
    assert order.count("flood") == 500
    assert len(order) - order[::-1].index("player") <= 40


async def test_the_messages_of_one_address_stay_in_order() -> None:
    turns = AddressTurns()
    order: list[int] = []

    async def send(number: int) -> None:
        await turns.take("one")
        order.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(100):
            group.create_task(send(number))
    assert order == list(range(100))


async def test_a_connection_that_ends_while_it_waits_takes_no_turn() -> None:
    turns = AddressTurns()
    waiting = [asyncio.create_task(turns.take("gone")) for _ in range(50)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    async with asyncio.timeout(30):
        await turns.take("here")
    assert get_turns() is get_turns()
