"""The labels that players give to their rounds."""

from __future__ import annotations

from feedback.database_rows import parse_round
from feedback.errors import NotYourRound, RoundNotFound
from feedback.lookup import find_round
from feedback.records import Round
from feedback.remembering import HandState, Lesson, remember_round
from feedback.sql import Connection


def label_round(connection: Connection, round_id: str, player: str, label: str) -> tuple[Round, HandState | None]:
    """Store the label that ``player`` gives to their own round, unless a curator has given it one.

    Returns:
        the round with its label, and the state of the player's hand if the label has changed it.

    Raises:
        RoundNotFound, NotYourRound: as `feedback.store.Store.give_feedback`.
    """
    # One statement checks and writes, because a curator's label may arrive at the same time.
    row = connection.execute(
        "UPDATE rounds SET label = :label, label_by = 'player', "
        "verdict = CASE WHEN predicted = :label THEN 'confirmed' ELSE 'corrected' END "
        "WHERE id = :id AND player = :player AND label_by IS DISTINCT FROM 'curator' RETURNING *",
        {"label": label, "id": round_id, "player": player},
    ).fetchone()
    round_ = parse_round(row) if row else find_round(connection, round_id)
    if round_ is None:
        raise RoundNotFound
    if round_.player != player:
        raise NotYourRound
    return round_, remember_round(connection, round_, Lesson(label, "label")) if row else None
