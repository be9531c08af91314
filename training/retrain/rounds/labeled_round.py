"""Turn stored rounds into labeled rounds, with the image that a model is shown."""

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

MAX_ROUNDS_PER_PLAYER: Final = 400
"""At most so many rounds of a player are used, the newest, so that nobody's handwriting dominates."""

CORRECTED_WEIGHT: Final = 2.5
"""How much a corrected drawing counts.

Every hit has a label, but most misread drawings are never corrected. The corrected ones stand for the others.
"""

_DEFAULT_CONFIDENCE: Final = 0.5  # of a hit that was stored without one
_MIN_WEIGHT: Final = 0.01
_CHUNK: Final = 2048  # drawings that are rendered at once

LabelBy = Literal["hit", "prompt", "player", "curator", "nobody"]


class RejectReason(StrEnum):
    """Why a round is not used, as people read it. The names, in lowercase, are keys in ``report.json``."""

    UNLABELLED = "nobody said what it is: a skip or a timeout alone tells nothing"
    FLAGGED = "a moderator flagged it"
    DROPPED = "a person decided not to use it"
    EMPTY = "there is nothing in it to read"
    SCRIBBLE = "a scribble: its line is far longer than that of any character"
    REPEAT = "the same drawing came before"
    TOO_MANY = f"more than {MAX_ROUNDS_PER_PLAYER} rounds of one player"
    DOUBTED = "models that never saw this player are sure that it is something else"
    NOT_BELIEVED = "too many of this player's labels are contradicted"


@dataclass(frozen=True, slots=True, eq=False)
class LabeledRound:
    """A stored round that could train a model, or test one.

    Attributes:
        round_id: the id of the stored round.
        player: who drew it.
        source: where it was drawn.
        alphabet: the alphabet in play, or "any" if the label is not in that.
        label: what it is, an index into the 62 classes.
        weight: how much it counts, above 0. Most rounds count 1.
        label_by: where the label comes from. "hit": the game accepted the drawing. "prompt": it was asked for but
            not recognized, so nobody confirmed it; such a round never trains. "player": the player said so.
            "curator": a person who corrects labels said so, and is always believed. "nobody": the round was
            generated.
        strokes: the drawing, or None if the round is a picture.
        image: uint8 (28, 28, channels), what a model is shown.
    """

    round_id: str
    player: str
    source: Source
    alphabet: str
    label: int
    weight: float
    label_by: LabelBy
    strokes: StrokeBatch | None
    image: Images


@dataclass(frozen=True, slots=True)
class _Label:
    character: str
    weight: float
    by: LabelBy


def label_rounds(
    rounds: Iterable[Round], decided: Mapping[str, str]
) -> tuple[list[LabeledRound], list[tuple[str, RejectReason]]]:
    """Return the rounds that have a label and can be read, in order, and the ids of all others with the reason.

    Args:
        rounds: stored rounds.
        decided: what people decided on rounds in quarantine, by round id: a label, or "" to drop the round.
    """
    labeled: list[LabeledRound] = []
    rejected: list[tuple[str, RejectReason]] = []
    waiting: list[tuple[Round, _Label, StrokeBatch]] = []  # to be rendered together

    def render_waiting() -> None:
        if waiting:
            images = render(join_batches([strokes for _, _, strokes in waiting]))
            labeled.extend(
                _make_labeled_round(round_, label, strokes, image)
                for (round_, label, strokes), image in zip(waiting, images, strict=True)
            )
            waiting.clear()

    for round_ in rounds:
        decision = decided.get(round_.id)
        label = _Label(decision, 1.0, "curator") if decision else _find_label(round_)
        if label is None or label.character not in CLASSES:
            rejected.append((round_.id, RejectReason.UNLABELLED))
        elif decision == "":
            rejected.append((round_.id, RejectReason.DROPPED))
        elif round_.flag is not None:
            rejected.append((round_.id, RejectReason.FLAGGED))
        elif (strokes := _parse_drawing(round_)) is not None:
            waiting.append((round_, label, strokes))
            if len(waiting) == _CHUNK:
                render_waiting()
        elif round_.crop is not None and (image := _read_crop(round_.crop)) is not None:
            render_waiting()  # keeps the order
            labeled.append(_make_labeled_round(round_, label, None, image))
        else:
            rejected.append((round_.id, RejectReason.EMPTY))
    render_waiting()
    return labeled, rejected


def stack_images(rounds: Sequence[LabeledRound]) -> Images:
    """Return uint8 (N, 28, 28, channels), what a model is shown of each round."""
    return np.stack([round_.image for round_ in rounds])


def stack_labels(rounds: Sequence[LabeledRound]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return int64 (N,), the label of each round."""
    return np.array([round_.label for round_ in rounds], dtype=np.int64)


def _find_label(round_: Round) -> _Label | None:
    if round_.label is not None:
        by: LabelBy = "nobody" if round_.player == SYNTHETIC else "player"
        weight = CORRECTED_WEIGHT if round_.verdict == "corrected" else 1.0
        return _Label(round_.label, weight, "curator" if round_.label_by == "curator" else by)
    if round_.target is None:
        return None
    if round_.outcome == "hit":
        confidence = _DEFAULT_CONFIDENCE if round_.confidence is None else round_.confidence
        return _Label(round_.target, confidence, "hit")
    return _Label(round_.target, 1.0, "prompt")


def _parse_drawing(round_: Round) -> StrokeBatch | None:
    if not round_.drawing:
        return None
    try:
        return parse_strokes([np.array(stroke[:2]).T for stroke in round_.drawing if stroke and stroke[0]])
    except (RecognitionError, ValueError):
        return None


def _read_crop(crop: bytes) -> Images | None:
    try:
        character = find_character(crop)
    except RecognitionError:
        return None
    return None if character is None else add_empty_directions(character.image[None])[0]


def _make_labeled_round(round_: Round, label: _Label, strokes: StrokeBatch | None, image: Images) -> LabeledRound:
    is_in_play = label.character in ALPHABETS.get(round_.alphabet, "")
    return LabeledRound(
        round_id=round_.id,
        player=round_.player,
        source=round_.source,
        alphabet=round_.alphabet if is_in_play else "any",
        label=CLASSES.index(label.character),
        weight=max(label.weight, _MIN_WEIGHT),
        label_by=label.by,
        strokes=strokes,
        image=image,
    )
