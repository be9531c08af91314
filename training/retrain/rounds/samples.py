"""From a round as it is kept to what a model could learn from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

import numpy as np

from feedback.records import SYNTHETIC, Round, Source
from recognition.alphabets import ALPHABETS, CLASSES
from recognition.errors import RecognitionError
from recognition.page.segment import find_character
from recognition.render import Images, add_empty_directions, render
from recognition.strokes import StrokeBatch, join_batches, parse_strokes

MOST_OF_A_PLAYER: Final = 400
"""Rounds that one player teaches, and is judged by, at most: the newest. Nobody's hand dominates."""

MISREAD_COUNTS: Final = 2.5
"""Times that a corrected drawing counts.

Every hit says what it is; of what is misread most goes uncorrected, and what is corrected stands for the rest.
"""

_USUAL_CONFIDENCE: Final = 0.5  # of a hit that does not say how sure it was
_LEAST_WEIGHT: Final = 0.01
_CHUNK: Final = 2048

SaidBy = Literal["hit", "prompt", "player", "curator", "nobody"]


class Refused(StrEnum):
    """Why a round does not teach, for a person to read."""

    UNLABELLED = "nobody said what it is: a skip or a time-out alone tells nothing"
    FLAGGED = "a moderator set it aside"
    DROPPED = "a person decided that it is to teach nothing"
    EMPTY = "nothing that can be read is drawn"
    SCRIBBLE = "a scribble: far more line than any character has"
    REPEAT = "the same drawing has come before"
    TOO_MANY = f"more than {MOST_OF_A_PLAYER} of one player"
    DOUBTED = "models that never saw this player are sure that it is something else"
    NOT_BELIEVED = "too much of what this player says is contradicted"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A round that could teach, or judge.

    Attributes:
        round: its id.
        player: who drew it.
        source: where.
        alphabet: what was in play, or the widest where the label is not of that.
        label: what it is, an index into the 62 classes.
        weight: how much it counts, above 0; 1 is usual.
        said_by: whose word the label is: the game's, where the drawing was a hit; what was asked for and not
            understood, which is no word at all and teaches nothing; the player's; a curator's, who is always
            believed; nobody's, where it was made and not drawn.
        ink: the drawing, where it is one.
        seen: uint8 (28, 28, channels), what a model is shown.
    """

    round: str
    player: str
    source: Source
    alphabet: str
    label: int
    weight: float
    said_by: SaidBy
    ink: StrokeBatch | None
    seen: Images


@dataclass(frozen=True, slots=True)
class _Said:
    label: str
    weight: float
    by: SaidBy


def candidates(
    rounds: Iterable[Round], decided: Mapping[str, str]
) -> tuple[list[Candidate], list[tuple[str, Refused]]]:
    """Return what could teach or judge, in order, and the ids of the rounds that cannot, with the reason.

    Args:
        rounds: as they are kept.
        decided: what people decided on rounds that were in doubt, by round: a label, or nothing at all.
    """
    found: list[Candidate] = []
    refused: list[tuple[str, Refused]] = []
    drawn: list[tuple[Round, _Said, StrokeBatch]] = []

    def show() -> None:
        if drawn:
            images = render(join_batches([ink for _, _, ink in drawn]))
            found.extend(
                _candidate(kept, said, ink, seen) for (kept, said, ink), seen in zip(drawn, images, strict=True)
            )
            drawn.clear()

    for kept in rounds:
        decision = decided.get(kept.id)
        said = _Said(decision, 1.0, "curator") if decision else _said(kept)
        if said is None or said.label not in CLASSES:
            refused.append((kept.id, Refused.UNLABELLED))
        elif decision == "":
            refused.append((kept.id, Refused.DROPPED))
        elif kept.flag is not None:
            refused.append((kept.id, Refused.FLAGGED))
        elif (ink := _ink(kept)) is not None:
            drawn.append((kept, said, ink))
            if len(drawn) == _CHUNK:
                show()
        elif kept.crop is not None and (picture := _picture(kept.crop)) is not None:
            show()  # so that the order stays
            found.append(_candidate(kept, said, None, picture))
        else:
            refused.append((kept.id, Refused.EMPTY))
    show()
    return found, refused


def images_of(found: Sequence[Candidate]) -> Images:
    """Return uint8 (N, 28, 28, channels), what a model is shown of each."""
    return np.stack([candidate.seen for candidate in found])


def labels_of(found: Sequence[Candidate]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return int64 (N,), what each is."""
    return np.array([candidate.label for candidate in found], dtype=np.int64)


def _said(kept: Round) -> _Said | None:
    if kept.label is not None:
        by: SaidBy = "nobody" if kept.player == SYNTHETIC else "player"
        weight = MISREAD_COUNTS if kept.verdict == "corrected" else 1.0
        return _Said(kept.label, weight, "curator" if kept.label_by == "curator" else by)
    if kept.target is None:
        return None
    if kept.outcome == "hit":
        return _Said(kept.target, _USUAL_CONFIDENCE if kept.confidence is None else kept.confidence, "hit")
    return _Said(kept.target, 1.0, "prompt")


def _ink(kept: Round) -> StrokeBatch | None:
    if not kept.drawing:
        return None
    try:
        return parse_strokes([np.array(stroke[:2]).T for stroke in kept.drawing if stroke and stroke[0]])
    except (RecognitionError, ValueError):
        return None


def _picture(crop: bytes) -> Images | None:
    try:
        character = find_character(crop)
    except RecognitionError:
        return None
    return None if character is None else add_empty_directions(character.picture[None])[0]


def _candidate(kept: Round, said: _Said, ink: StrokeBatch | None, seen: Images) -> Candidate:
    in_play = said.label in ALPHABETS.get(kept.alphabet, "")
    return Candidate(
        round=kept.id,
        player=kept.player,
        source=kept.source,
        alphabet=kept.alphabet if in_play else "any",
        label=CLASSES.index(said.label),
        weight=max(said.weight, _LEAST_WEIGHT),
        said_by=said.by,
        ink=ink,
        seen=seen,
    )
