"""Versions of the model kept in a folder, and which of them is in use.

The folder holds ``VERSION/model.tflite`` and ``VERSION/model.json``, with what else belongs to a version, and
``promotions.json``: everything that was promoted and rolled back, in order. The version in use follows from that
file alone, which is only ever replaced whole: after a crash there is no second place that says otherwise.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from recognition.errors import UnfitModel, UnknownVersion
from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model

PROMOTIONS_FILE: Final = "promotions.json"
BUNDLED_NAME: Final = "bundled"
"""What stands among the promotions for the model that comes along, whichever that is by now."""
REPORT_FILE: Final = "report.html"
"""The file of a version that tells people what makes it better than the one before, where there is one."""
WEIGHTS_FILE: Final = "weights.npz"
"""The file of a version from which it can be taught further, where there is one."""

_LOCK_FILE: Final = ".lock"
_UNFINISHED: Final = ".new-"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")


def find_models_folder(environ: Mapping[str, str], var_folder: Path | None = None) -> Path:
    """Return INKRUSH_MODELS or, if that is absent or empty, the folder ``models`` in ``var_folder``.

    Programs that keep more than models hand in their ``var_folder`` (`feedback.location.read_var_folder`). Without
    it, as in `Recognizer.load`, it is INKRUSH_VAR, or ``var``.
    """
    if var_folder is None:
        var_folder = Path(environ.get("INKRUSH_VAR", "").strip() or "var")
    return Path(environ.get("INKRUSH_MODELS", "").strip() or var_folder / "models")


class Promotion(msgspec.Struct, frozen=True):
    """A version came into use.

    Attributes:
        version: which, or ``bundled``.
        at: when, UTC.
        event: whether it was promoted, or returned to.
        why: what for or by what, in words; may be empty.
    """

    version: str
    at: datetime
    event: Literal["promoted", "rolled back"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version that is kept.

    Attributes:
        name: the version.
        folder: where its files are.
        card: its card; empty where that cannot be read.
        is_current: whether it is the one in use.
    """

    name: str
    folder: Path
    card: dict[str, Any]
    is_current: bool

    @property
    def is_bundled(self) -> bool:
        """Whether it is the one that comes along."""
        return self.folder == BUNDLED


class ModelRegistry:
    """The versions in ``folder``, which is made when the first is added.

    Safe to use from several processes at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_current(self) -> Path:
        """Return the folder of the version in use: the bundled one where none was promoted.

        Raises:
            UnfitModel: if what was promoted cannot be read, or the version is gone.
        """
        in_use = _in_use(self.read_history())
        return self._folder_of(in_use[-1]) if in_use else BUNDLED

    def add(self, content: bytes, card: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> Path:
        """Keep a new version and return its folder. It is there whole, on disk, or not at all.

        Args:
            content: the LiteRT model.
            card: its card; ``card["version"]`` names it.
            files: what else belongs to it, by file name, such as ``report.html``.

        A version that is there already with this very model stays as it is.

        Raises:
            UnfitModel: if model and card do not make a model, or another model has that version.
            OSError: if the folder cannot be written.
        """
        name = str(card.get("version", ""))
        if not _NAME.fullmatch(name) or name == BUNDLED_NAME:
            raise UnfitModel(f"{name!r} cannot be a version: use letters, digits, and . _ + - between them.")
        described = (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode()
        with self._locked():
            self._remove_unfinished()
            unfinished = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
            try:
                unfinished.chmod(0o755)  # servers may run as another user
                for file, data in {**(files or {}), MODEL_FILE: content, CARD_FILE: described}.items():
                    _write(unfinished / file, data)
                _sync(unfinished)
                Model.load(unfinished)
                folder = self.folder / name
                if folder.exists():
                    return _unchanged(folder, content)
                unfinished.rename(folder)
                _sync(self.folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        return folder

    def add_folder(self, folder: Path) -> str:
        """Keep a new version that was made in a folder of its own, and return its name; raises as `add` does."""
        files = {name: folder / name for name in (WEIGHTS_FILE, REPORT_FILE)}
        try:
            content = (folder / MODEL_FILE).read_bytes()
            others = {name: path.read_bytes() for name, path in files.items() if path.is_file()}
        except OSError as error:
            raise UnfitModel(f"{folder} cannot be read: {error}") from error
        return self.add(content, read_card(folder), others).name

    def promote(self, version: str, why: str = "") -> None:
        """Put a version, or ``bundled``, to use; running servers follow. One that is in use already stays so.

        Args:
            version: which.
            why: what for or by what, in words, for the history.

        Raises:
            UnknownVersion: if there is no such version.
            UnfitModel: if it is broken or cannot serve.
            OSError: if the folder cannot be written.
        """
        name = self._known(version)
        Model.load(self._folder_of(name)).check_serves()
        with self._locked():
            history = self.read_history()
            if (_in_use(history) or [BUNDLED_NAME])[-1] != name:
                self._record(history, name, "promoted", why)

    def rollback(self, why: str = "") -> str:
        """Return to the version in use before, and return its name: in the end the one that comes along.

        Versions that cannot serve any more are passed over.

        Raises:
            UnknownVersion: if nothing that was promoted is in use.
            OSError: if the folder cannot be written.
        """
        with self._locked():
            history = self.read_history()
            earlier = _in_use(history)
            if not earlier:
                raise UnknownVersion("There is nothing to go back to: the model that comes along is in use.")
            earlier.pop()
            while earlier and not self._serves(earlier[-1]):
                earlier.pop()
            name = earlier[-1] if earlier else BUNDLED_NAME
            self._record(history, name, "rolled back", why)
        return str(read_card(self._folder_of(name))["version"])

    def read_history(self) -> tuple[Promotion, ...]:
        """Return what was promoted and rolled back, oldest first.

        Raises:
            UnfitModel: if it cannot be read.
        """
        path = self.folder / PROMOTIONS_FILE
        try:
            return msgspec.json.decode(path.read_bytes(), type=tuple[Promotion, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError) as error:
            raise UnfitModel(f"What was promoted cannot be read from {path}: {error}") from error

    def list_versions(self) -> tuple[Version, ...]:
        """Return the bundled version and every one in the folder, oldest first.

        Raises:
            UnfitModel: if what was promoted cannot be read.
        """
        current = (_in_use(self.read_history()) or [BUNDLED_NAME])[-1]
        bundled = _described(BUNDLED_NAME, BUNDLED, current)
        folders = self.folder.iterdir() if self.folder.is_dir() else ()
        added = [
            _described(folder.name, folder, current)
            for folder in folders
            if folder.is_dir() and _NAME.fullmatch(folder.name)
        ]
        return bundled, *sorted(added, key=lambda one: (str(one.card.get("created", "")), one.name))

    def find_folder(self, version: str) -> Path:
        """Return the folder of a version.

        Raises:
            UnknownVersion: if there is no such version.
        """
        return self._folder_of(self._known(version))

    def _known(self, version: str) -> str:
        """Return the name under which a version is promoted."""
        if version == BUNDLED_NAME:
            return version
        if _NAME.fullmatch(version) and (self.folder / version).is_dir():
            return version
        if version == read_card(BUNDLED)["version"]:
            return BUNDLED_NAME
        raise UnknownVersion(f"There is no version {version!r} in {self.folder}.")

    def _folder_of(self, name: str) -> Path:
        if name == BUNDLED_NAME:
            return BUNDLED
        if not _NAME.fullmatch(name):
            raise UnfitModel(f"{self.folder / PROMOTIONS_FILE} names {name!r}, which is no version.")
        return self.folder / name

    def _serves(self, name: str) -> bool:
        try:
            Model.load(self._folder_of(name)).check_serves()
        except UnfitModel:
            return False
        return True

    def _record(
        self, history: tuple[Promotion, ...], name: str, event: Literal["promoted", "rolled back"], why: str
    ) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        promotions = msgspec.json.encode((*history, Promotion(name, now, event, why)))
        written = self.folder / f"{_UNFINISHED}{PROMOTIONS_FILE}"
        _write(written, msgspec.json.format(promotions) + b"\n")
        written.replace(self.folder / PROMOTIONS_FILE)
        _sync(self.folder)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from changing the folder; the lock goes with the process that holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK_FILE).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remove_unfinished(self) -> None:
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)


def _in_use(history: tuple[Promotion, ...]) -> list[str]:
    """Return the versions that rolling back goes through, the one in use last; nothing for the bundled one."""
    names: list[str] = []
    for promotion in history:
        if promotion.event == "promoted":
            names.append(promotion.version)
            continue
        while names and names[-1] != promotion.version:
            names.pop()
    return names


def _described(name: str, folder: Path, current: str) -> Version:
    try:
        card = read_card(folder)
    except UnfitModel:
        card = {}
    shown = str(card.get("version", name)) if folder == BUNDLED else name
    return Version(shown, folder, card, name == current)


def _unchanged(folder: Path, content: bytes) -> Path:
    if (folder / MODEL_FILE).read_bytes() != content:
        raise UnfitModel(f"There is another model in {folder}: a version is never replaced.")
    return folder


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Have the names of files in a folder on disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
