"""A finished game as one visitor may see it: not all of it is for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from feedback.dailies import get_day
from feedback.names.generated import generate_name, is_generated
from feedback.records import Game, Round
from game.rules.modes import DAILY, DUEL
from game.services import get_services
from game.web.errors import ApiError

Withheld = Literal["hidden", "daily"]

NOBODY: Final = ""
"""A visitor who has played nothing, such as the program that makes the preview of a link."""


@dataclass(frozen=True, slots=True)
class ShownGame:
    """A finished game.

    Attributes:
        game: the game.
        rounds: its rounds in order. What was asked for and drawn in them may be `withheld`.
        name: the player's name as the visitor may see it.
        has_own_name: whether the player chose that name.
        withheld: why the visitor may not see what was asked for and drawn: a moderator has hidden it, or it is the
            daily of today and the visitor has not played that. None if they may.
    """

    game: Game
    rounds: list[Round]
    name: str
    has_own_name: bool
    withheld: Withheld | None


async def find_shown_game(game_id: str, viewer: str) -> ShownGame:
    """Return a finished game as the player ``viewer`` may see it. Players see all of their own games.

    Names from a room stay in the room: children use them in class.

    Raises:
        ApiError: 404, if there is no such game.
    """
    store = get_services().store
    stored = await store.get_game(game_id)
    if stored is None or stored[0].finished_at is None:
        raise ApiError(404, "game_not_found", "There is no finished game with this id.")
    game, rounds = stored
    name = await store.moderation.choose_shown_name(game, viewer)
    if game.mode == DUEL and game.player != viewer:
        name = generate_name(game.player)
    return ShownGame(game, rounds, name, not is_generated(name), await _find_withheld(game, viewer))


async def _find_withheld(game: Game, viewer: str) -> Withheld | None:
    if game.player == viewer:
        return None
    store = get_services().store
    if await store.moderation.is_hidden(game):
        return "hidden"
    day = get_day(game.started_at)
    if game.mode != DAILY or day != get_day(datetime.now(UTC)):
        return None
    tries = await store.dailies.list_tries(viewer, day)
    return None if any(each.alphabet == game.alphabet and each.is_finished for each in tries) else "daily"
