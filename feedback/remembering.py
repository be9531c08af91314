"""Which of a player's drawings are remembered, and how that changes with a round or a label.

These functions are parts of transactions. Each of them first takes the row of the player in ``hands``, so that two
processes that change the same hand do so one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from feedback.records import KEYS_MODE, Round
from feedback.sql import Connection

MOST_PER_LABEL: Final = 8
"""How many drawings of one character are remembered of a player: the newest."""

NEWEST: Final = 5_000
"""How many of a player's newest rounds are looked at when their hand is first needed."""

Origin = Literal["hit", "label"]
"""How it is known what was drawn: the round was a hit, or a person said so."""

_TEACHES: Final = (
    "source IN ('challenge', 'draw') AND (label IS NOT NULL OR outcome = 'hit') AND flag IS NULL "
    f"AND mode IS DISTINCT FROM '{KEYS_MODE}' AND drawing IS NOT NULL"
)
"""As `may_teach`, for rounds whose character is known. Drawings are not read here: empty ones come out later."""


class Lesson(NamedTuple):
    """What a round teaches about its player's hand.

    Attributes:
        label: the character that was drawn.
        origin: how that is known.
        model: the version of the model that made the features; None without them.
        features: what that model sees in the drawing, a byte for each number; None to have them computed later.
    """

    label: str
    origin: Origin
    model: str | None = None
    features: bytes | None = None


class HandState(NamedTuple):
    """A player's hand, as far as it counts for everything in it.

    Attributes:
        is_on: whether it is used, and learns.
        version: goes up with each change.
    """

    is_on: bool
    version: int


def may_teach(round_: Round) -> bool:
    """Return whether a round may teach a hand: a drawing that its player made with a pen, and nobody set aside."""
    return (
        round_.source in ("challenge", "draw")
        and bool(round_.drawing)
        and round_.flag is None
        and round_.mode != KEYS_MODE
    )


def touch_hand(connection: Connection, player: str) -> HandState:
    """Take the row of a player's hand for this transaction, raise its version, and return its state.

    A hand that is not there yet is made of the player's stored rounds. The player must be stored.
    """
    row = connection.execute(
        "INSERT INTO hands (player, is_on, version) VALUES (?, 1, 1) "
        "ON CONFLICT (player) DO UPDATE SET version = hands.version + 1 RETURNING is_on, version",
        (player,),
    ).fetchone()
    if row["version"] == 1:
        _take_stored_rounds(connection, player)
    return HandState(bool(row["is_on"]), row["version"])


def make_hand(connection: Connection, player: str) -> None:
    """Make a player's hand of their stored rounds, unless there is one. The player must be stored."""
    inserted = connection.execute(
        "INSERT INTO hands (player, is_on, version) VALUES (?, 1, 1) ON CONFLICT (player) DO NOTHING", (player,)
    )
    if inserted.rowcount:
        _take_stored_rounds(connection, player)


def remember_round(connection: Connection, round_: Round, lesson: Lesson) -> HandState | None:
    """Remember a stored round, in place of the oldest one of its label if there are too many.

    Call it after inserting the round. A hit that the player confirms stays a hit. A drawing with a new label is
    looked at anew.

    Returns:
        the state of the hand; None if the round may not teach it.
    """
    if not may_teach(round_):
        return None
    state = touch_hand(connection, round_.player)
    if state.is_on:
        connection.execute(
            "INSERT INTO hand_drawings (player, round, label, origin, learned_at, model, features) "
            "VALUES (:player, :round, :label, :origin, utc_now(), :model, :features) "
            "ON CONFLICT (player, round) DO UPDATE SET label = excluded.label, learned_at = excluded.learned_at, "
            "model = coalesce(excluded.model, "
            "CASE WHEN hand_drawings.label = excluded.label THEN hand_drawings.model END), "
            "features = coalesce(excluded.features, "
            "CASE WHEN hand_drawings.label = excluded.label THEN hand_drawings.features END), "
            "origin = CASE WHEN hand_drawings.label = excluded.label THEN hand_drawings.origin "
            "ELSE excluded.origin END",
            {"player": round_.player, "round": round_.id, **lesson._asdict()},
        )
        forget_surplus(connection, round_.player, [lesson.label])
    return state


def remember_imported_round(connection: Connection, round_: Round) -> None:
    """Remember a round that was drawn elsewhere, if its character is known. A hand that is made later finds it."""
    label = round_.label or (round_.target if round_.outcome == "hit" else None)
    if label is None or not may_teach(round_):
        return
    if connection.execute("SELECT 1 FROM hands WHERE player = ?", (round_.player,)).fetchone():
        is_hit = round_.outcome == "hit" and label == round_.target
        remember_round(connection, round_, Lesson(label, "hit" if is_hit else "label"))


def relabel_round(connection: Connection, round_id: str, label: str) -> None:
    """Let a remembered round count for the character that a curator says it is; forget it if that is empty."""
    row = connection.execute("SELECT player FROM hand_drawings WHERE round = ?", (round_id,)).fetchone()
    if row is None:
        return
    player = row["player"]
    touch_hand(connection, player)
    if not label:
        connection.execute("DELETE FROM hand_drawings WHERE round = ?", (round_id,))
        return
    connection.execute(
        "UPDATE hand_drawings SET origin = 'label', label = :label WHERE round = :round AND label <> :label",
        {"label": label, "round": round_id},
    )
    forget_surplus(connection, player, [label])


def _take_stored_rounds(connection: Connection, player: str) -> None:
    oldest = connection.execute(
        "SELECT sequence FROM rounds WHERE player = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?", (player, NEWEST)
    ).fetchone()
    connection.execute(
        "INSERT INTO hand_drawings (player, round, label, origin, learned_at) "  # noqa: S608 (our own words)
        "SELECT player, id, drawn, origin, at FROM ("
        "SELECT player, id, at, coalesce(label, target) AS drawn, "
        "CASE WHEN outcome = 'hit' AND coalesce(label, target) = target THEN 'hit' ELSE 'label' END AS origin, "
        "row_number() OVER (PARTITION BY coalesce(label, target) ORDER BY sequence DESC) AS place FROM rounds "
        f"WHERE player = :player AND sequence > :oldest AND {_TEACHES}"
        ") AS labeled WHERE place <= :most",
        {"player": player, "oldest": oldest["sequence"] if oldest else 0, "most": MOST_PER_LABEL},
    )


def forget_surplus(connection: Connection, player: str, labels: Iterable[str]) -> None:
    """Forget the oldest drawings of each of ``labels`` that has too many.

    Those that no model has looked at are counted apart: it is not known yet if they will be remembered.
    """
    connection.executemany(
        "DELETE FROM hand_drawings WHERE player = :player AND round IN (SELECT round FROM ("
        "SELECT round, row_number() OVER (PARTITION BY CASE WHEN model IS NULL THEN 1 ELSE 0 END "
        "ORDER BY learned_at DESC, round DESC) AS place FROM hand_drawings "
        "WHERE player = :player AND label = :label) AS ranked WHERE place > :most)",
        [{"player": player, "label": label, "most": MOST_PER_LABEL} for label in labels],
    )
