"""What a client is told when its game cannot go on, or not now."""

from __future__ import annotations

from typing import Final

from game.play.protocol import Error

STORE_UNAVAILABLE: Final = Error(
    "store_unavailable", "The server cannot save your game right now. It keeps trying, and the clock stands still."
)
STORE_UNAVAILABLE_IN_ROOM: Final = Error(
    "store_unavailable",
    "The server cannot save your game right now. It keeps trying, while the clock runs for all.",
)
GAME_LOST: Final = Error(
    "game_lost",
    "The server could not save your last round. Your game goes on from there, once it can.",
)
BROKEN: Final = Error("internal_error", "Something went wrong on the server. Please start a new game.")
RESTARTING: Final = Error("restarting", "The server is restarting. Your game goes on in a moment.")
GAME_OVER: Final = Error("game_over", "This game is over.")
