"""What can go wrong in the store. Each error has a message for a person."""

from __future__ import annotations

from typing import Final

DISK_FULL: Final = "the disk is full"
"""The reason of a write that found no room."""


class StoreError(Exception):
    """The store cannot be opened, read or written now.

    Nothing of a failed write is stored, except in a file that was removed or replaced meanwhile.

    Attributes:
        reason: why, in a few words that name no path, for those who may not see where things are stored.
    """

    def __init__(self, message: str, reason: str = "it cannot be used") -> None:
        super().__init__(message)
        self.reason = reason


class PlayerDeleted(Exception):
    """The player has deleted all their data; nothing more is stored for them."""

    def __init__(self) -> None:
        super().__init__("Everything you drew here has been deleted. Reload the page to start again.")


class GameMoved(Exception):
    """Another process has taken the game over, or has ended it. Nothing was changed.

    Attributes:
        has_ended: whether it has ended.
    """

    def __init__(self, *, has_ended: bool) -> None:
        super().__init__("This game has ended." if has_ended else "This game goes on elsewhere.")
        self.has_ended = has_ended


class AlreadyPlayed(Exception):
    """The player has begun the daily of this day and alphabet before; there is one try.

    Attributes:
        game: the id of that game.
        is_finished: False while it can be resumed.
    """

    def __init__(self, game: str, *, is_finished: bool) -> None:
        super().__init__(
            "You've played today's daily for this alphabet. The next one comes at midnight UTC."
            if is_finished
            else "Your daily is still running. Go back to the window it's open in. If that is closed, the game "
            "ends within a minute and counts as it stands."
        )
        self.game = game
        self.is_finished = is_finished


class RoundNotFound(Exception):
    """There is no round with this id."""

    def __init__(self) -> None:
        super().__init__("There is no round with this id.")


class NotYourRound(Exception):
    """Somebody else drew this round."""

    def __init__(self) -> None:
        super().__init__("Only the person who drew this can say what it is.")


class NotFromAPicture(Exception):
    """A round that cannot be deleted by itself, because it was not cut from a picture."""

    def __init__(self) -> None:
        super().__init__("Only a character that was cut from a picture can be deleted by itself.")


class InvalidLabel(Exception):
    """A label is not one of the 62 characters."""

    def __init__(self) -> None:
        super().__init__("A label is one digit or letter: 0-9, A-Z or a-z.")


class NothingToHide(Exception):
    """There is no such player or game to hide."""

    def __init__(self, kind: str, subject: str) -> None:
        super().__init__(f"There is no {kind} with the id {subject}.")
