"""The model in service. A running server replaces it when another version is promoted."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final, NamedTuple

from game.rules import tuning
from recognition import Recognizer, UnfitModel
from recognition.model.card import CARD_FILE
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import ModelRegistry

_log: Final = logging.getLogger(__name__)


class _Promoted(NamedTuple):
    """The version that should be in service. An equal value would load the same files, so it is not tried again.

    Attributes:
        folder: of the version; None if the registry cannot say which version it is.
        detail: the time, size and inode of each file; without a folder, why the registry cannot say.
    """

    folder: Path | None
    detail: object


class CurrentModel:
    """The recognizer in service: the promoted version or, if that is broken, the one in service before.

    Callers read `recognizer` once and use it to the end of their call. A replaced recognizer is freed, with the
    interpreters of all threads, when the last such call has ended.
    """

    def __init__(self, registry: ModelRegistry) -> None:
        """Load the promoted version, or the bundled version if that is broken.

        Raises:
            UnfitModel: if the bundled version is broken.
        """
        self._registry = registry
        self._tried = _describe(BUNDLED)
        self.recognizer = Recognizer.load(BUNDLED)
        self.refresh()

    async def follow(self) -> None:
        """Take each version that is promoted from now on, until cancelled."""
        while True:
            await asyncio.sleep(tuning.MODEL_SECONDS)
            try:
                await asyncio.to_thread(self.refresh)
            except Exception:
                _log.exception("Looking for a new model failed.")

    def refresh(self) -> None:
        """Take the version that is promoted now, unless it was tried before.

        Loading takes milliseconds, so call this in a thread.
        """
        promoted = self._find_promoted()
        if promoted == self._tried:
            return
        self._tried = promoted
        if promoted.folder is None:
            self._log_refusal(promoted.detail)
            return
        old_version = self.recognizer.version
        try:
            self.recognizer = Recognizer.load(promoted.folder)
        except UnfitModel as error:
            self._log_refusal(error)
        else:
            _log.warning("The model %s is in service now, in place of %s.", self.recognizer.version, old_version)

    def _log_refusal(self, reason: object) -> None:
        version = self.recognizer.version
        _log.error("The promoted model is refused, %s stays in service: %s", version, reason)

    def _find_promoted(self) -> _Promoted:
        try:
            return _describe(self._registry.find_current())
        except UnfitModel as error:
            return _Promoted(None, str(error))


def _describe(folder: Path) -> _Promoted:
    return _Promoted(folder, tuple(_read_stamp(folder / file) for file in (MODEL_FILE, CARD_FILE)))


def _read_stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
