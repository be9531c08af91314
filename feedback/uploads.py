"""Uploaded pictures: one that is read again stores its rounds in place of the earlier ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from feedback.database import Database
from feedback.database_rows import format_time, insert_round, require_player
from feedback.deletion import delete_rounds
from feedback.records import Round
from feedback.sql import Connection

KEPT: Final = timedelta(days=7)
"""How long a picture can be read again in place of an earlier reading: longer than a page stays open."""

_WHOLE: Final = 0  # the mark that stands for the whole picture
_IDS: Final = msgspec.json.Decoder(list[str])


class Upload(NamedTuple):
    """A reading of a picture, or of one mark of it.

    Attributes:
        player: who uploaded it.
        picture: its name, which the client chose.
        attempt: the number of the reading. It goes up with each reading of the picture.
        mark: 0 for the whole picture, otherwise the number of a mark that was cut from it.
    """

    player: str
    picture: str
    attempt: int
    mark: int = _WHOLE


class Uploads:
    """The latest readings of all pictures. Every method raises StoreError if the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(self, upload: Upload, rounds: Iterable[Round]) -> bool:
        """Store the rounds of a reading and delete those of the earlier one, all in one transaction.

        The rounds of a whole picture also replace those of its marks.

        Returns:
            False if nothing was stored, because it is outdated: a later reading of the picture has begun, or this
            one was stored already. A mark is outdated if the picture was not read in the same attempt.

        Raises:
            PlayerDeleted: if the player has deleted all their data.
        """
        batch = list(rounds)

        def work(connection: Connection) -> bool:
            connection.execute("DELETE FROM uploads WHERE expires_at <= utc_now()")
            begin = _begin_picture if upload.mark == _WHOLE else _begin_mark
            if not begin(connection, upload):
                return False
            _delete_earlier(connection, upload)
            for round_ in batch:
                insert_round(connection, round_)
            ids = msgspec.json.encode([round_.id for round_ in batch]).decode()
            connection.execute(
                "UPDATE uploads SET rounds = :rounds "
                "WHERE player = :player AND picture = :picture AND mark = :mark",
                _make_values(upload) | {"rounds": ids},
            )
            require_player(connection, upload.player)
            return True

        return await self._database.write(work)

    async def drop(self, upload: Upload) -> None:
        """Delete the rounds of a reading that was stopped. If they are not stored yet, they will not be."""
        await self.replace(upload, [])


def _begin_picture(connection: Connection, upload: Upload) -> bool:
    # One statement: of two readings at the same time, the later one wins, whichever ends first.
    row = connection.execute(
        "INSERT INTO uploads (player, picture, mark, attempt, rounds, expires_at) "
        "VALUES (:player, :picture, :mark, :attempt, '[]', :expires_at) ON CONFLICT (player, picture, mark) "
        "DO UPDATE SET attempt = excluded.attempt, expires_at = excluded.expires_at "
        "WHERE uploads.attempt < excluded.attempt RETURNING attempt",
        _make_values(upload) | {"expires_at": _compute_expiry(connection)},
    ).fetchone()
    return row is not None


def _begin_mark(connection: Connection, upload: Upload) -> bool:
    # A reading of the whole picture at the same time waits for this one, and then deletes its round.
    expires_at = _compute_expiry(connection)
    is_current = connection.execute(
        "UPDATE uploads SET expires_at = :expires_at WHERE player = :player AND picture = :picture AND mark = 0 "
        "AND attempt = :attempt RETURNING attempt",
        _make_values(upload) | {"expires_at": expires_at},
    ).fetchone()
    if is_current is None:
        return False
    connection.execute(
        "INSERT INTO uploads (player, picture, mark, attempt, rounds, expires_at) "
        "VALUES (:player, :picture, :mark, :attempt, '[]', :expires_at) "
        "ON CONFLICT (player, picture, mark) DO UPDATE SET expires_at = excluded.expires_at",
        _make_values(upload) | {"expires_at": expires_at},
    )
    return True


def _delete_earlier(connection: Connection, upload: Upload) -> None:
    """Delete the rounds of the earlier reading, and the marks if it was one of the whole picture."""
    query = (
        "SELECT rounds FROM uploads WHERE player = :player AND picture = :picture AND (mark = :mark OR :mark = 0)"
    )
    rows = connection.execute(query, _make_values(upload)).fetchall()
    delete_rounds(connection, [round_id for row in rows for round_id in _IDS.decode(row["rounds"])])
    if upload.mark == _WHOLE:
        connection.execute(
            "DELETE FROM uploads WHERE player = :player AND picture = :picture AND mark <> 0", _make_values(upload)
        )


def _compute_expiry(connection: Connection) -> str:
    (now,) = connection.execute("SELECT utc_now()").fetchone()
    return format_time(datetime.fromisoformat(now) + KEPT)


def _make_values(upload: Upload) -> dict[str, str | int]:
    return dict(upload._asdict())
