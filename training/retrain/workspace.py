"""The folders of a retrain: for its models, its data and its own files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recognition.model.registry import ModelRegistry
from training.retrain.evidence import EvidenceFile
from training.retrain.unfinished import UnfinishedRun


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of a retrain.

    Attributes:
        registry: the versions of the model.
        data: the folder of base data.
        folder: where a retrain leaves its reports, and what is needed to resume it after an interruption.
    """

    registry: ModelRegistry
    data: Path
    folder: Path

    @property
    def unfinished(self) -> UnfinishedRun:
        """The retrain that was interrupted, if there is one."""
        return UnfinishedRun(self.folder / "unfinished")

    @property
    def evidence(self) -> EvidenceFile:
        """The trials that challengers of the model in service have had."""
        return EvidenceFile(self.folder)
