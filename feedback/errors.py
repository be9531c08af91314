"""What can go wrong with what is kept. Each error has a text for a person."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be opened, read or written just now; nothing of the refused write is kept."""


class PlayerDeleted(Exception):
    """Whoever drew this has deleted everything that was kept of them; nothing more is."""

    def __init__(self) -> None:
        super().__init__("Everything you drew here has been deleted. Reload the page to start afresh.")


class RoundNotFound(Exception):
    """There is no round of this id."""

    def __init__(self) -> None:
        super().__init__("There is no round of this id.")


class NotYourRound(Exception):
    """Somebody else drew this round."""

    def __init__(self) -> None:
        super().__init__("Only whoever drew it may say what it was.")


class InvalidLabel(Exception):
    """A label is not one of the 62 characters."""

    def __init__(self) -> None:
        super().__init__("A label is one digit or letter: 0-9, A-Z or a-z.")
