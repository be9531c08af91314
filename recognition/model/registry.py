"""The model registry: versions of the model in a folder, and which of them is in service.

The folder holds ``VERSION/model.tflite``, ``VERSION/model.json`` and other files of that version, such as its
report. ``promotions.json`` lists all promotions and rollbacks in order, and this file alone decides which version
is in service. It is always replaced as a whole, so that a crash leaves either the old list or the new one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from recognition.durable import sync_folder, write_durably
from recognition.errors import UnfitModel, UnknownVersion
from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model

PROMOTIONS_FILE: Final = "promotions.json"
BUNDLED_NAME: Final = "bundled"
"""The name of the bundled model in the list of promotions, whatever its version."""
REPORT_FILE: Final = "report.html"
"""A page that compares the version with the one before it. Not every version has one."""
WEIGHTS_FILE: Final = "weights.npz"
"""The weights from which a version can be trained further. Not every version has them."""

_LOCK_FILE: Final = ".lock"
_UNFINISHED: Final = ".new-"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")


def find_models_folder(environ: Mapping[str, str], var_folder: Path | None = None) -> Path:
    """Return INKRUSH_MODELS or, if that is absent or empty, the folder ``models`` in ``var_folder``.

    Programs that store more than models pass their ``var_folder`` (`feedback.location.read_var_folder`). Without
    it, as in `Recognizer.load`, it is INKRUSH_VAR, or ``var``.
    """
    if var_folder is None:
        var_folder = Path(environ.get("INKRUSH_VAR", "").strip() or "var")
    return Path(environ.get("INKRUSH_MODELS", "").strip() or var_folder / "models")


class Promotion(msgspec.Struct, frozen=True):
    """An entry of ``promotions.json``: a version came into use.

    Attributes:
        version: the name of the version, or ``bundled``.
        at: the time, UTC.
        event: whether it came into use by a promotion or by a rollback.
        why: the reason in words, may be empty.
    """

    version: str
    at: datetime
    event: Literal["promoted", "rolled back"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A version in the registry.

    Attributes:
        name: the name of the version.
        folder: the folder of its files.
        card: its card, empty if that cannot be read.
        is_current: whether it is in service.
    """

    name: str
    folder: Path
    card: dict[str, Any]
    is_current: bool


class ModelRegistry:
    """The versions in ``folder``, which is created when the first version is added.

    Safe to use from several processes at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_current(self) -> Path:
        """Return the folder of the version in service, which is the bundled one until another is promoted.

        Raises:
            UnfitModel: if ``promotions.json`` cannot be read, or names something that is not a version.
        """
        names = _list_in_use(self.read_history())
        return self._get_folder(names[-1]) if names else BUNDLED

    def add(self, content: bytes, card: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> Path:
        """Add a version and return its folder. A crash leaves the version complete on disk, or nothing of it.

        If the version exists with the same model, nothing changes.

        Args:
            content: the LiteRT model.
            card: its card. ``card["version"]`` is the name of the version.
            files: other files of the version by name, such as ``report.html``.

        Raises:
            UnfitModel: if model and card do not belong together, or the version exists with another model.
            OSError: if the folder cannot be written.
        """
        name = str(card.get("version", ""))
        if not _NAME.fullmatch(name) or name == BUNDLED_NAME:
            raise UnfitModel(f"{name!r} cannot be a version. Use letters, digits, and . _ + - between them.")
        card_json = (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode()
        with self._lock():
            self._remove_unfinished()
            unfinished = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
            try:
                unfinished.chmod(0o755)  # a server may run as another user
                for file, data in {**(files or {}), MODEL_FILE: content, CARD_FILE: card_json}.items():
                    write_durably(unfinished / file, data)
                sync_folder(unfinished)
                Model.load(unfinished)
                folder = self.folder / name
                if folder.exists():
                    _check_same_model(folder, content)
                    return folder
                unfinished.rename(folder)
                sync_folder(self.folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        return folder

    def add_folder(self, folder: Path) -> str:
        """Add the version whose files are in ``folder`` and return its name. Raises what `add` raises."""
        paths = {name: folder / name for name in (WEIGHTS_FILE, REPORT_FILE)}
        try:
            content = (folder / MODEL_FILE).read_bytes()
            files = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
        except OSError as error:
            raise UnfitModel(f"{folder} cannot be read: {error}") from error
        return self.add(content, read_card(folder), files).name

    def promote(self, version: str, why: str = "") -> None:
        """Put a version into service. Running servers follow. If it is already in service, nothing changes.

        Args:
            version: the name of the version, or ``bundled``.
            why: the reason in words, for the history.

        Raises:
            UnknownVersion: if there is no such version.
            UnfitModel: if it is broken or cannot serve.
            OSError: if the folder cannot be written.
        """
        name = self._resolve_name(version)
        Model.load(self._get_folder(name)).check_serves()
        with self._lock():
            history = self.read_history()
            if (_list_in_use(history) or [BUNDLED_NAME])[-1] != name:
                self._append(history, name, "promoted", why)

    def rollback(self, why: str = "") -> str:
        """Put the previous version back into use, and return its name.

        Versions that can no longer serve are skipped. If no promoted version is left, the bundled one is used.

        Raises:
            UnknownVersion: if no promoted version is in service.
            OSError: if the folder cannot be written.
        """
        with self._lock():
            history = self.read_history()
            names = _list_in_use(history)
            if not names:
                raise UnknownVersion("There is nothing to go back to: the bundled model is in service.")
            names.pop()
            while names and not self._can_serve(names[-1]):
                names.pop()
            name = names[-1] if names else BUNDLED_NAME
            self._append(history, name, "rolled back", why)
        return str(read_card(self._get_folder(name))["version"])

    def read_history(self) -> tuple[Promotion, ...]:
        """Return all promotions and rollbacks, oldest first.

        Raises:
            UnfitModel: if ``promotions.json`` cannot be read.
        """
        path = self.folder / PROMOTIONS_FILE
        try:
            return msgspec.json.decode(path.read_bytes(), type=tuple[Promotion, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError) as error:
            raise UnfitModel(f"{path} cannot be read: {error}") from error

    def list_versions(self) -> tuple[Version, ...]:
        """Return the bundled version, then those in the folder, oldest first.

        Raises:
            UnfitModel: if ``promotions.json`` cannot be read.
        """
        current = (_list_in_use(self.read_history()) or [BUNDLED_NAME])[-1]
        bundled = _describe(BUNDLED_NAME, BUNDLED, current)
        folders = self.folder.iterdir() if self.folder.is_dir() else ()
        added = [
            _describe(folder.name, folder, current)
            for folder in folders
            if folder.is_dir() and _NAME.fullmatch(folder.name)
        ]
        return bundled, *sorted(added, key=lambda version: (str(version.card.get("created", "")), version.name))

    def find_folder(self, version: str) -> Path:
        """Return the folder of a version.

        Raises:
            UnknownVersion: if there is no such version.
        """
        return self._get_folder(self._resolve_name(version))

    def _resolve_name(self, version: str) -> str:
        """Return the name of ``version`` in the list of promotions."""
        if version == BUNDLED_NAME:
            return version
        if _NAME.fullmatch(version) and (self.folder / version).is_dir():
            return version
        if version == read_card(BUNDLED)["version"]:
            return BUNDLED_NAME
        raise UnknownVersion(f"There is no version {version!r} in {self.folder}.")

    def _get_folder(self, name: str) -> Path:
        if name == BUNDLED_NAME:
            return BUNDLED
        if not _NAME.fullmatch(name):
            raise UnfitModel(f"{self.folder / PROMOTIONS_FILE} names {name!r}, which is not a version.")
        return self.folder / name

    def _can_serve(self, name: str) -> bool:
        try:
            Model.load(self._get_folder(name)).check_serves()
        except UnfitModel:
            return False
        return True

    def _append(
        self, history: tuple[Promotion, ...], name: str, event: Literal["promoted", "rolled back"], why: str
    ) -> None:
        """Write the history with one more entry."""
        now = datetime.now(UTC).replace(microsecond=0)
        promotions = msgspec.json.encode((*history, Promotion(name, now, event, why)))
        unfinished = self.folder / f"{_UNFINISHED}{PROMOTIONS_FILE}"
        write_durably(unfinished, msgspec.json.format(promotions) + b"\n")
        unfinished.replace(self.folder / PROMOTIONS_FILE)
        sync_folder(self.folder)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Keep other processes from changing the folder. The lock ends with the process that holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK_FILE).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remove_unfinished(self) -> None:
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)


def _list_in_use(history: tuple[Promotion, ...]) -> list[str]:
    """Return the versions that rollbacks go through; the one in service is last. The bundled one is not listed."""
    names: list[str] = []
    for promotion in history:
        if promotion.event == "promoted":
            names.append(promotion.version)
            continue
        while names and names[-1] != promotion.version:
            names.pop()
    return names


def _describe(name: str, folder: Path, current: str) -> Version:
    try:
        card = read_card(folder)
    except UnfitModel:
        card = {}
    version = str(card.get("version", name)) if folder == BUNDLED else name
    return Version(version, folder, card, name == current)


def _check_same_model(folder: Path, content: bytes) -> None:
    if (folder / MODEL_FILE).read_bytes() != content:
        raise UnfitModel(f"There is another model in {folder}. A version is never replaced.")
