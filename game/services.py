"""What the running server shares between its routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from quart import current_app

if TYPE_CHECKING:
    from feedback.sheet.mirror import Mirror
    from feedback.store import Store
    from game.inference.current_model import CurrentModel
    from game.inference.live import LiveRecognizer
    from game.inference.pool import WorkerPool
    from game.play.registry import GameRegistry
    from game.settings import Settings
    from game.web.players import Players
    from recognition import Recognizer
    from recognition.model.registry import ModelRegistry

EXTENSION: Final = "inkrush"
"""The key under which an app's extensions hold its ``Services``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one server, alive from start-up to shutdown.

    Attributes:
        settings: how the server runs.
        players: reads and signs the players' cookies.
        versions: the models that are kept.
        current_model: the one in use.
        store: rounds, games and standings.
        guesser: recognises ink of running games.
        seats: the running games.
        drawings: threads that recognise drawings sent over HTTP.
        pictures: threads that decode and read uploaded pictures.
        mirror: brings rounds to the Google Sheet, where there is one.
    """

    settings: Settings
    players: Players
    versions: ModelRegistry
    current_model: CurrentModel
    store: Store
    guesser: LiveRecognizer
    seats: GameRegistry
    drawings: WorkerPool
    pictures: WorkerPool
    mirror: Mirror | None

    @property
    def recognizer(self) -> Recognizer:
        """The recogniser in use: whoever needs it twice takes it once, since it may be exchanged in between."""
        return self.current_model.recognizer


def get_services() -> Services:
    """Return the services of the app that handles the current request or socket."""
    return cast("Services", current_app.extensions[EXTENSION])
