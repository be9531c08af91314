"""What an interrupted retrain leaves behind, so that the next one can resume it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

_STATE: Final = "state.json"


class UnfinishedRun:
    """The folder of a retrain that has not ended yet.

    It holds no drawings, only the last round that the retrain read. Resuming reads the same rounds again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_last_round(self, champion: str) -> str | None:
        """Return the id of the last round that was read, if a retrain of this champion was interrupted.

        Args:
            champion: the SHA-256 of its model file.
        """
        state = self._read_state()
        return state["until"] if state.get("champion") == champion else None

    def resume(self, champion: str, last_round: str, digest: str) -> bool:
        """Return whether there is a run to resume. If not, delete what is there and begin a new run.

        Args:
            champion: the SHA-256 of its model file.
            last_round: the id of the last round that is read.
            digest: a hash of the rounds and their labels.
        """
        state = {"champion": champion, "until": last_round, "digest": digest}
        if self._read_state() == state:
            return True
        self.delete()
        self.folder.mkdir(parents=True)
        (self.folder / _STATE).write_text(json.dumps(state), encoding="utf-8")
        return False

    def delete(self) -> None:
        """Delete everything that the run left."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read_state(self) -> dict[str, str]:
        try:
            state = json.loads((self.folder / _STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}
