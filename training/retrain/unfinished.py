"""What an interrupted retrain leaves behind, so that the next one can resume it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from training.whole_files import delete, read_sealed, write_sealed, write_whole

_STATE: Final = "state.json"
_CHALLENGER: Final = "challenger"


class _State(msgspec.Struct, frozen=True):
    """What a retrain works on: the SHA-256 of the champion, the last round that it read, a hash of the rounds."""

    champion: str
    until: str
    digest: str


class UnfinishedRun:
    """The folder of a retrain that has not ended yet.

    It holds no drawings, only the last round that the retrain read. Resuming reads the same rounds again. Whatever
    is read from the folder is checked first, because a run may be stopped while it writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_last_round(self, champion: str) -> str | None:
        """Return the id of the last round that was read, if a retrain of this champion was interrupted.

        Args:
            champion: the SHA-256 of its model file.
        """
        state = self._read_state()
        return state.until if state is not None and state.champion == champion else None

    def has(self, champion: str, digest: str) -> bool:
        """Return whether a retrain of this champion on these rounds was interrupted.

        Args:
            champion: the SHA-256 of its model file.
            digest: a hash of the rounds and their labels.
        """
        state = self._read_state()
        return state is not None and (state.champion, state.digest) == (champion, digest)

    def begin(self, champion: str, last_round: str, digest: str) -> bool:
        """Delete what is there, begin a new run, and return whether anything was deleted.

        Args:
            champion: the SHA-256 of its model file.
            last_round: the id of the last round that is read.
            digest: a hash of the rounds and their labels.
        """
        was_there = self.folder.exists()
        self.delete()
        write_whole(self.folder / _STATE, msgspec.json.encode(_State(champion, last_round, digest)))
        return was_there

    def store_challenger(self, files: Mapping[str, bytes]) -> None:
        """Store the files of the challenger, by name."""
        write_sealed(self.folder / _CHALLENGER, files)

    def load_challenger(self, say: Callable[[str], None]) -> dict[str, bytes] | None:
        """Return the files of the challenger, or None if it must be made. ``say`` is told if they are damaged."""
        return read_sealed(self.folder / _CHALLENGER, say, "The challenger is made again.")

    def delete(self) -> None:
        """Delete everything that the run left.

        Raises:
            OSError: if that is not possible.
        """
        if self.folder.is_dir():
            # The state first: what is left if this is interrupted then belongs to no run.
            (self.folder / _STATE).unlink(missing_ok=True)
        delete(self.folder)

    def _read_state(self) -> _State | None:
        try:
            return msgspec.json.decode((self.folder / _STATE).read_bytes(), type=_State)
        except (OSError, msgspec.MsgspecError):
            return None
