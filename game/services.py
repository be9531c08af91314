"""What the running server shares between its routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from quart import current_app

if TYPE_CHECKING:
    from itsdangerous import Signer

    from feedback.sheet.mirror import Mirror
    from feedback.store import Store
    from game.inference.current_model import CurrentModel
    from game.inference.live import LiveRecognizer
    from game.inference.player_hands import PlayerHands
    from game.inference.worker_pool import WorkerPool
    from game.play.rate_limit import AddressLimit
    from game.play.registry import GameRegistry
    from game.play.shared_limits import SharedLimits
    from game.settings import Settings
    from recognition import Recognizer
    from recognition.model.registry import ModelRegistry

EXTENSION: Final = "inkrush"
"""The key under which an app's extensions hold its ``Services``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one server, alive from start-up to shutdown.

    Attributes:
        settings: how the server runs.
        cookie_signer: signs the players' cookies.
        model_registry: the versions of the model.
        current_model: the one in service.
        store: rounds, games and standings.
        live_recognizer: recognizes the drawings of running games.
        hands: what the recognizer remembers of the players here.
        games: the running games.
        limits: the limits of HTTP calls and sockets.
        refusals: counts the refused calls of each address that still wait.
        drawings: threads that recognize drawings sent over HTTP.
        explanations: threads that explain recognitions.
        pictures: threads that decode and read uploaded pictures.
        mirror: brings rounds to the Google Sheet, where there is one.
    """

    settings: Settings
    cookie_signer: Signer
    model_registry: ModelRegistry
    current_model: CurrentModel
    store: Store
    live_recognizer: LiveRecognizer
    hands: PlayerHands
    games: GameRegistry
    limits: SharedLimits
    refusals: AddressLimit
    drawings: WorkerPool
    explanations: WorkerPool
    pictures: WorkerPool
    mirror: Mirror | None

    @property
    def recognizer(self) -> Recognizer:
        """The recognizer in service. Take it once if you need it twice: it may be exchanged in between."""
        return self.current_model.recognizer


def get_services() -> Services:
    """Return the services of the app that handles the current request or socket."""
    return cast("Services", current_app.extensions[EXTENSION])
