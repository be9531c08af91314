"""Fair turns for the messages of all addresses, so that a flood from one of them waits behind itself."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import Final
from weakref import WeakKeyDictionary

_AT_ONCE: Final = 4
"""How many messages are taken before the event loop does anything else. One with a guess takes about 0.5 ms."""


class AddressTurns:
    """Lets a few messages pass in each round of the event loop. If more wait, the addresses take turns."""

    def __init__(self) -> None:
        self._left = _AT_ONCE
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()  # the first has the next turn
        self._is_scheduled = False

    async def take(self, address: str) -> None:
        """Wait for the turn of a message from ``address``."""
        self._schedule()
        if self._left and not self._waiting:
            self._left -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, deque()).append(turn)
        await turn

    def _schedule(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._begin_round)

    def _begin_round(self) -> None:
        self._is_scheduled = False
        self._left = _AT_ONCE
        while self._left and self._waiting:
            address, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[address] = turns
            if not turn.done():  # its connection may have ended meanwhile
                turn.set_result(None)
                self._left -= 1
        if self._waiting:
            self._schedule()


_turns: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, AddressTurns]] = WeakKeyDictionary()


def get_turns() -> AddressTurns:
    """Return the turns of the running event loop."""
    return _turns.setdefault(asyncio.get_running_loop(), AddressTurns())
