"""The trials that challengers of the model in service have had: ``evidence.json``.

Every trial is a chance to mistake luck for a gain. All trials against one champion share `FALSE_PROMOTIONS`. Each
gets a part of it, by how much the judges have drawn since the last one. This is called alpha spending (Lan and
DeMets: Discrete sequential boundaries for clinical trials, Biometrika 1983). The parts never add up to more than
the whole, so the bound holds for any number of trials, however they depend on each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec

from training.retrain.bounds import EARLY_DRAWINGS, FALSE_PROMOTIONS
from training.retrain.rounds.labeled_round import LabeledRound
from training.whole_files import write_whole

EVIDENCE_FILE: Final = "evidence.json"

_Count = Annotated[int, msgspec.Meta(ge=0)]


class PastTrial(msgspec.Struct, frozen=True):
    """A trial after which the champion stayed. It holds no drawing and no player, only how many there were.

    Attributes:
        challenger: its version.
        judges: how many people judged.
        drawings: how many of their drawings both models read.
        gained: number of drawings that only the challenger read right.
        lost: number of drawings that only the champion read right.
        p: the probability of such a result by chance.
        limit: what p had to be at most.
    """

    challenger: str
    judges: _Count
    drawings: _Count
    gained: _Count
    lost: _Count
    p: float
    limit: float

    @property
    def is_won(self) -> bool:
        """Whether the challenger read people better. Then it was what it lost on base data that stopped it."""
        return self.gained > self.lost and self.p <= self.limit


class Evidence(msgspec.Struct, frozen=True):
    """The trials against one champion.

    Attributes:
        champion: the SHA-256 of its model file.
        drawings: how many drawings of judges there have been for all trials so far.
        until: the id of the newest round that was stored at the last trial. Newer rounds have greater ids.
        trials: the trials, oldest first.
    """

    champion: str
    drawings: _Count
    until: str
    trials: tuple[PastTrial, ...]

    def count_new(self, judging: Sequence[LabeledRound]) -> int:
        """Return how many of the judges' rounds no trial has read."""
        return sum(round_.round_id > self.until for round_ in judging)

    def add_trial(self, trial: PastTrial, judging: Sequence[LabeledRound], newest: str) -> Evidence:
        """Return the evidence after one more trial.

        Args:
            trial: the trial.
            judging: the judges' rounds, which it read.
            newest: the id of the newest stored round at that time.
        """
        drawings = self.drawings + self.count_new(judging)
        return Evidence(self.champion, drawings, newest, (*self.trials, trial))


class EvidenceFile:
    """The file in a retrain's folder that holds the evidence."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / EVIDENCE_FILE

    def load(
        self, champion: str, ids: Collection[str], judging: Sequence[LabeledRound], say: Callable[[str], None]
    ) -> Evidence:
        """Return the evidence about a champion, which is empty if there was no trial against it.

        Rounds of another store, or of a file, all count as new.

        If the file is damaged, nobody knows how many trials there were. Then all rounds that are there now count
        as read by a trial, so that none of them is used twice.

        Args:
            champion: the SHA-256 of its model file.
            ids: the ids of all stored rounds that this retrain reads.
            judging: the judges' rounds among them.
            say: called with a sentence if the file is damaged.

        Raises:
            OSError: if the file is there and cannot be read.
        """
        empty = Evidence(champion, 0, "", ())
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return empty
        try:
            evidence = msgspec.json.decode(content, type=Evidence)
        except msgspec.MsgspecError:
            say(
                f"{self._path} is damaged. The evidence is collected anew, from rounds that are played after this."
            )
            evidence = Evidence(champion, len(judging), max(ids, default=""), ())
            self.save(evidence)
        if evidence.champion != champion:
            return empty
        return evidence if evidence.until in ids else msgspec.structs.replace(evidence, until="")

    def has_seen(self, champion: str, ids: Collection[str]) -> bool:
        """Return whether all these rounds were already stored at the last trial against this champion."""
        try:
            evidence = msgspec.json.decode(self._path.read_bytes(), type=Evidence)
        except (OSError, msgspec.MsgspecError):
            return False
        return evidence.champion == champion and max(ids, default=None) == evidence.until

    def save(self, evidence: Evidence) -> None:
        """Write the evidence. A crash leaves either the old file or the new one."""
        write_whole(self._path, msgspec.json.format(msgspec.json.encode(evidence)) + b"\n")


def compute_spent(drawings: float) -> float:
    """Return the part of `FALSE_PROMOTIONS` that trials on so many drawings share.

    It approaches the whole slowly, so that something is left for every later trial.
    """
    return FALSE_PROMOTIONS * (1 - 1 / math.sqrt(1 + drawings / EARLY_DRAWINGS))


def count_drawings(spent: float) -> float:
    """Return the number of drawings for which `compute_spent` returns ``spent``, below `FALSE_PROMOTIONS`."""
    return EARLY_DRAWINGS * (1 / (1 - spent / FALSE_PROMOTIONS) ** 2 - 1)
