"""The model in use, exchanged while the server runs when another version is promoted."""

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


class _Found(NamedTuple):
    """What a look at the versions found: the same again is not worth another try.

    Attributes:
        folder: of the current version; None if there is no saying which that is.
        detail: when and how its files were last written; else why there is no saying.
    """

    folder: Path | None
    detail: object


class CurrentModel:
    """The recogniser in use: what is promoted in ``versions`` or, where that is broken, what was in use before.

    Whoever recognises takes `recognizer` once and stays with it to the end of its call. One that was exchanged is
    freed, with the interpreters of all threads, when the last such call has ended.
    """

    def __init__(self, versions: ModelRegistry) -> None:
        """Load the current version, or the bundled one where that is broken.

        Raises:
            UnfitModel: if the bundled one is broken.
        """
        self._versions = versions
        self._tried = _found_in(BUNDLED)
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
        """Take what is promoted by now, unless it was tried before. Loading takes milliseconds: use a thread."""
        found = self._find()
        if found == self._tried:
            return
        self._tried = found
        if found.folder is None:
            self._refuse(found.detail)
            return
        before = self.recognizer.version
        try:
            self.recognizer = Recognizer.load(found.folder)
        except UnfitModel as error:
            self._refuse(error)
        else:
            _log.warning("The model %s is in use now, in place of %s.", self.recognizer.version, before)

    def _refuse(self, why: object) -> None:
        version = self.recognizer.version
        _log.error("The model that was promoted is refused, %s stays in use: %s", version, why)

    def _find(self) -> _Found:
        try:
            return _found_in(self._versions.find_current())
        except UnfitModel as error:
            return _Found(None, str(error))


def _found_in(folder: Path) -> _Found:
    return _Found(folder, tuple(_written(folder / file) for file in (MODEL_FILE, CARD_FILE)))


def _written(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
