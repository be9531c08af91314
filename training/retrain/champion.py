"""The model in service, which a retrain trains further."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognition.model.network import Model
from recognition.model.registry import WEIGHTS_FILE
from training.errors import NoWeights
from training.retrain.base_data import check_replay
from training.retrain.held_out import get_trained_from
from training.retrain.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Champion:
    """The model in service.

    Attributes:
        folder: the folder of its version.
        model: the model, as it is served.
    """

    folder: Path
    model: Model

    @property
    def card(self) -> dict[str, Any]:
        """Its card."""
        return self.model.card

    @property
    def version(self) -> str:
        """The name of its version."""
        return str(self.card["version"])

    @property
    def sha256(self) -> str:
        """The hash of its model file."""
        return str(self.card["sha256"])

    @property
    def trained_from(self) -> float:
        """The lowest number of a player that it was trained on (see `training.retrain.held_out.choose_judges`)."""
        return get_trained_from(self.card)


def load_champion(workspace: Workspace) -> Champion:
    """Load the model in service and check, before anything slow is loaded, that it can be trained further.

    Raises:
        UnfitModel: if the model cannot be read.
        NoWeights: if it has no weights to train further.
        NoBaseData: if there is no base data at all to replay.
    """
    folder = workspace.registry.find_current()
    champion = Champion(folder, Model.load(folder))
    if not (folder / WEIGHTS_FILE).is_file():
        raise NoWeights(
            f"{folder / WEIGHTS_FILE} is missing, so this model cannot be trained further. "
            "`python -m training train` leaves that file beside every model it makes."
        )
    check_replay(champion.card, workspace.data)
    return champion
