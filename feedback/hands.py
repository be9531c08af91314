"""The hands of the players: their own drawings that the recognizer remembers, so that it reads them better."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from sys import intern
from typing import Final, NamedTuple, cast

from feedback.database import Database
from feedback.database_rows import insert_player, read_drawing, require_player
from feedback.deletion import is_player_deleted
from feedback.ids import can_be_id
from feedback.records import Drawing
from feedback.remembering import HandState, Origin, forget_surplus, make_hand, touch_hand
from feedback.sql import Connection, Row

KNOWN_FROM: Final = 3
"""From how many remembered drawings on a character counts as known."""


class HandEntry(NamedTuple):
    """A remembered drawing, as it votes.

    Attributes:
        round: the id of its round.
        label: the character that was drawn.
        origin: how that is known.
        model: the version of the model that made the features; None if no model has looked at it yet.
        features: what that model sees in the drawing, a byte for each number; None if it gives none.
    """

    round: str
    label: str
    origin: Origin
    model: str | None
    features: bytes | None


class StoredHand(NamedTuple):
    """A player's hand.

    Attributes:
        state: whether it is on, and its version.
        entries: its drawings, the last learned first.
    """

    state: HandState
    entries: list[HandEntry]


class RememberedDrawing(NamedTuple):
    """A remembered drawing, as its player sees it. ``at`` is when it was drawn, UTC."""

    round: str
    label: str
    origin: Origin
    at: datetime
    drawing: Drawing


class OwnHand(NamedTuple):
    """A hand, as its player sees it.

    Attributes:
        is_on: whether it is used, and learns.
        drawings: the last learned first.
        waiting: how many of them the model in service has not looked at yet, so that they do not count yet.
    """

    is_on: bool
    drawings: list[RememberedDrawing]
    waiting: int


class Hands:
    """The hands of all players. Every method raises StoreError if the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._note_change: Callable[[str], None] = lambda _: None

    def subscribe(self, note_change: Callable[[str], None]) -> None:
        """Call ``note_change`` with each player whose hand this process changes, except by a round of a game."""
        self._note_change = note_change

    def note_change(self, player: str) -> None:
        """Tell whoever has subscribed that a hand has changed."""
        self._note_change(player)

    async def load(self, player: str) -> StoredHand:
        """Return a player's hand. The first time, it is made of what the player has drawn before."""
        hand = await self._database.read(lambda connection: _load(connection, player))
        if hand is None:
            hand = await self._database.write(lambda connection: _make(connection, player))
        return hand

    async def read_version(self, player: str) -> int:
        """Return the version of a player's hand; 0 if there is none yet."""
        query = "SELECT version FROM hands WHERE player = ?"
        row = await self._database.read(lambda connection: connection.execute(query, (player,)).fetchone())
        return 0 if row is None else int(row["version"])

    async def read(self, player: str, model: str) -> OwnHand:
        """Return a player's hand with its drawings.

        Args:
            player: the player's id.
            model: the version of the model in service.
        """
        await self.load(player)
        return await self._database.read(lambda connection: _read(connection, player, model))

    async def is_remembered(self, round_id: str) -> bool:
        """Return whether a drawing is in its player's hand, and counts there: the hand is on."""
        query = (
            "SELECT 1 FROM hand_drawings JOIN hands ON hands.player = hand_drawings.player "
            "WHERE round = ? AND is_on = 1"
        )
        row = await self._database.read(lambda connection: connection.execute(query, (round_id,)).fetchone())
        return row is not None

    async def read_drawings(self, rounds: Iterable[str]) -> dict[str, Drawing]:
        """Return the drawings of rounds, by id. Rounds that are gone are left out."""
        ids = list(rounds)
        marks = ", ".join("?" for _ in ids)
        query = f"SELECT id, drawing FROM rounds WHERE id IN ({marks})"  # noqa: S608 (only placeholders)
        rows = await self._database.read(lambda connection: connection.execute(query, ids).fetchall())
        return {row["id"]: drawing for row in rows if (drawing := read_drawing(row["drawing"]))}

    async def save_features(
        self,
        player: str,
        model: str,
        features: Mapping[tuple[str, str], bytes | None],
        unfit: Iterable[tuple[str, str]] = (),
    ) -> HandState | None:
        """Store what a model sees in remembered drawings. Those with a new label stay as they are.

        Args:
            player: whose they are.
            model: the version of the model.
            features: what it sees, by the ids of the rounds and their labels.
            unfit: the ids of the rounds that turn out unfit to be remembered for these labels.

        Returns:
            the state of the hand after it has forgotten the unfit ones; None if there are none.
        """
        values = [(model, packed, player, *key) for key, packed in features.items()]
        unfit_values = [(player, *key) for key in unfit]

        def work(connection: Connection) -> HandState | None:
            state = touch_hand(connection, player) if unfit_values and _is_stored(connection, player) else None
            connection.executemany(
                "DELETE FROM hand_drawings WHERE player = ? AND round = ? AND label = ?", unfit_values
            )
            connection.executemany(
                "UPDATE hand_drawings SET model = ?, features = ? WHERE player = ? AND round = ? AND label = ?",
                values,
            )
            labels = connection.execute("SELECT DISTINCT label FROM hand_drawings WHERE player = ?", (player,))
            forget_surplus(connection, player, [label for (label,) in labels])
            return state

        return await self._database.write(work)

    async def forget_round(self, player: str, round_id: str) -> int:
        """Forget a drawing, and return how many that were: 1, or 0 if it is not remembered."""
        return await self._forget(player, "round", round_id) if can_be_id(round_id) else 0

    async def forget_character(self, player: str, label: str) -> int:
        """Forget all drawings of a character, and return how many that were."""
        return await self._forget(player, "label", label)

    async def forget_all(self, player: str) -> int:
        """Forget all drawings, and return how many that were."""
        return await self._forget(player, "player", player)

    async def switch(self, player: str, *, is_on: bool) -> None:
        """Switch a hand on or off. While it is off, it is not used and learns nothing, and nothing is forgotten.

        Raises:
            PlayerDeleted: if the player has deleted all their data.
        """

        def work(connection: Connection) -> None:
            (now,) = connection.execute("SELECT utc_now()").fetchone()
            insert_player(connection, player, now)
            touch_hand(connection, player)
            connection.execute("UPDATE hands SET is_on = ? WHERE player = ?", (int(is_on), player))
            require_player(connection, player)

        await self._database.write(work)
        self._note_change(player)

    async def _forget(self, player: str, column: str, value: str) -> int:
        def work(connection: Connection) -> int:
            if not _is_stored(connection, player):
                return 0
            touch_hand(connection, player)
            deleted = connection.execute(
                f"DELETE FROM hand_drawings WHERE player = ? AND {column} = ?",  # noqa: S608 (our own columns)
                (player, value),
            )
            return deleted.rowcount

        forgotten = await self._database.write(work)
        self._note_change(player)
        return forgotten


def _load(connection: Connection, player: str) -> StoredHand | None:
    """Return a hand as it is stored; None if it must be made first."""
    row = connection.execute("SELECT is_on, version FROM hands WHERE player = ?", (player,)).fetchone()
    if row is None:
        has_drawn = connection.execute("SELECT 1 FROM rounds WHERE player = ? LIMIT 1", (player,)).fetchone()
        return None if has_drawn else StoredHand(HandState(True, 0), [])
    entries = connection.execute(
        "SELECT round, label, origin, model, features FROM hand_drawings WHERE player = ? "
        "ORDER BY learned_at DESC, round DESC",
        (player,),
    )
    return StoredHand(HandState(bool(row["is_on"]), row["version"]), [_read_entry(entry) for entry in entries])


def _read_entry(row: Row) -> HandEntry:
    # A full hand has 496 entries, and a server has many hands: these words are the same in all of them.
    origin = cast("Origin", intern(row["origin"]))
    model = row["model"] and intern(row["model"])
    return HandEntry(row["round"], intern(row["label"]), origin, model, row["features"])


def _make(connection: Connection, player: str) -> StoredHand:
    """Make a hand of a player's stored rounds, unless another process has done so meanwhile."""
    if _is_stored(connection, player) and not is_player_deleted(connection, player):
        make_hand(connection, player)
    return _load(connection, player) or StoredHand(HandState(True, 0), [])


def _is_stored(connection: Connection, player: str) -> bool:
    return connection.execute("SELECT 1 FROM players WHERE id = ?", (player,)).fetchone() is not None


def _read(connection: Connection, player: str, model: str) -> OwnHand:
    state = connection.execute("SELECT is_on FROM hands WHERE player = ?", (player,)).fetchone()
    rows = connection.execute(
        "SELECT round, hand_drawings.label, origin, at, drawing, hand_drawings.model, features FROM hand_drawings "
        "JOIN rounds ON rounds.id = round WHERE hand_drawings.player = ? ORDER BY learned_at DESC, round DESC",
        (player,),
    ).fetchall()
    waiting = sum(row["model"] != model for row in rows)
    drawings = [_read_drawing(row) for row in rows]
    return OwnHand(
        state is None or bool(state["is_on"]), [drawing for drawing in drawings if drawing is not None], waiting
    )


def _read_drawing(row: Row) -> RememberedDrawing | None:
    drawing = read_drawing(row["drawing"])
    if drawing is None:
        return None
    at = datetime.fromisoformat(row["at"])
    return RememberedDrawing(row["round"], row["label"], row["origin"], at, drawing)
