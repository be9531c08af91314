"""A retrain that was broken off, to be gone on with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

_STATE: Final = "state.json"


class Unfinished:
    """What a retrain leaves in a folder until it is through.

    It holds no drawings: only up to which round it looked, so that going on finds the same ones again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def until(self, champion: str) -> str | None:
        """Return the last round that was looked at, where a retrain of this champion was broken off."""
        state = self._state()
        return state["until"] if state.get("champion") == champion else None

    def go_on(self, champion: str, until: str, digest: str) -> bool:
        """Return whether there is something to go on with; what belongs to something else is thrown away."""
        state = {"champion": champion, "until": until, "digest": digest}
        if self._state() == state:
            return True
        self.end()
        self.folder.mkdir(parents=True)
        (self.folder / _STATE).write_text(json.dumps(state), encoding="utf-8")
        return False

    def end(self) -> None:
        """Throw everything away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _state(self) -> dict[str, str]:
        try:
            state = json.loads((self.folder / _STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}
