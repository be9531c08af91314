"""Files that are there whole or not at all, and files that show whether they are damaged.

A run that is stopped at any moment, or whose disk is full, leaves nothing half written that a later run would
believe.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from recognition.durable import sync_folder, write_durably

_UNFINISHED: Final = ".part"
_DIGEST_SIZE: Final = hashlib.sha256().digest_size


def write_whole(path: Path, content: bytes) -> None:
    """Write a file. A crash leaves either what was there before or the whole content.

    Raises:
        OSError: if it cannot be written, for example because the disk is full. What was there before stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        write_durably(unfinished, content)
        unfinished.replace(path)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_sealed(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write named parts to one file, with a hash that `read_sealed` checks.

    Raises:
        OSError: if it cannot be written. What was there before stays.
    """
    content = msgspec.msgpack.encode(dict(parts))
    write_whole(path, hashlib.sha256(content).digest() + content)


def read_sealed(path: Path, say: Callable[[str], None], consequence: str) -> dict[str, bytes] | None:
    """Return the parts of a file that `write_sealed` wrote, or None if there is no usable file.

    A file that is damaged, or something else of that name, is deleted.

    Args:
        path: the file.
        say: called with a sentence if something is deleted.
        consequence: what happens then, for that sentence.

    Raises:
        OSError: if the file is whole and cannot be read, or is damaged and cannot be deleted.
    """
    if not path.exists():
        return None
    parts = None if path.is_dir() else _unseal(path.read_bytes())
    if parts is None:
        say(f"{path} is damaged. {consequence}")
        delete(path)
    return parts


def delete(path: Path) -> None:
    """Delete a file, or a folder with all that is in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _unseal(data: bytes) -> dict[str, bytes] | None:
    digest, content = data[:_DIGEST_SIZE], data[_DIGEST_SIZE:]
    if hashlib.sha256(content).digest() != digest:
        return None
    try:
        return msgspec.msgpack.decode(content, type=dict[str, bytes])
    except msgspec.MsgspecError:
        return None
