"""From the rounds that are kept to those that teach and those that judge."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.quarantine import Doubt
from feedback.records import SYNTHETIC, Round
from training.errors import TooLittle
from training.retrain.bounds import FEWEST_JUDGED, FEWEST_JUDGES, FEWEST_TEACHING
from training.retrain.compare import Questions
from training.retrain.held_out import judges, split
from training.retrain.label_check import SecondLook
from training.retrain.rounds.doubts import as_doubt, contradicted, is_of
from training.retrain.rounds.gates import GATES, Mask, passed, too_many
from training.retrain.rounds.samples import Candidate, Refused, candidates, images_of, labels_of


@dataclass(frozen=True, slots=True)
class Gathered:
    """What passed the gates that need no model.

    Attributes:
        found: the candidates, oldest first.
        refused: how many rounds each gate stopped.
        rounds: how many rounds there were.
    """

    found: tuple[Candidate, ...]
    refused: Counter[Refused]
    rounds: int

    @property
    def digest(self) -> str:
        """What the candidates and their labels are, in short."""
        said = ((one.round, one.label, one.said_by) for one in self.found)
        return hashlib.sha256(repr(list(said)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Material:
    """What a retrain works with.

    Attributes:
        teaching: of players that teach, and synthetic ones; no label of them is in doubt.
        judging: of held-out players. Single labels that are in doubt are among them: a doubt must not choose the
            winner. So are drawings of theirs that were not understood, as what was asked for: hits are what the
            champion reads, and by those alone it would win. Players who are not believed are not.
        doubts: the rounds in doubt, for a person to judge.
        aside: the same as candidates, by their ids.
        refused: how many rounds each gate stopped.
        rounds: how many rounds there were.
        not_believed: the players too much of whose word is contradicted.
    """

    teaching: tuple[Candidate, ...]
    judging: tuple[Candidate, ...]
    doubts: tuple[Doubt, ...]
    aside: Mapping[str, Candidate]
    refused: Counter[Refused]
    rounds: int
    not_believed: frozenset[str]

    def check(self) -> None:
        """Check that there is enough of it.

        Raises:
            TooLittle: if not.
        """
        _check([*self.teaching, *self.judging], f"after {len(self.doubts):,} were set aside as doubtful")

    def learned(self) -> dict[str, object]:
        """Return what a card says of it."""
        people = {one.player for one in self.teaching} - {SYNTHETIC}
        sources = Counter(one.source for one in self.teaching)
        return {"rounds": len(self.teaching), "players": len(people), "by_source": dict(sorted(sources.items()))}

    def questions(self) -> Questions:
        """Return what held-out players drew, as both models are asked about it."""
        people = len({one.player for one in self.judging})
        return Questions(
            title=f"drawings of {people} held-out players",
            images=images_of(self.judging),
            labels=labels_of(self.judging),
            alphabets=[one.alphabet for one in self.judging],
        )


def gather(rounds: Iterable[Round], decided: Mapping[str, str]) -> Gathered:
    """Return what could teach or judge.

    Raises:
        TooLittle: if that can not be enough.
    """
    counted = list(rounds)
    found, unfit = candidates(counted, decided)
    left, stopped = passed(found, ((Refused.UNLABELLED, _only_asked_for), *GATES))
    gathered = Gathered(tuple(left), Counter(reason for _, reason in [*unfit, *stopped]), len(counted))
    _check(left, f"of {len(counted):,} rounds kept")
    return gathered


def _only_asked_for(found: Sequence[Candidate]) -> Mask:
    """Refuse what nobody said is what was asked for, unless its player is held out."""
    return np.array([one.said_by == "prompt" and not judges(one.player) for one in found], dtype=bool)


def look_again(gathered: Gathered, look: SecondLook) -> Material:
    """Return what teaches and judges once doubtful labels, and players not believed, are set aside."""
    found = gathered.found
    probabilities, liars = look.judge(found)
    doubted = contradicted(found, probabilities).tolist()
    believed: list[Candidate] = []
    doubts: list[Doubt] = []
    aside: dict[str, Candidate] = {}
    refused = Counter(gathered.refused)
    for one, is_doubted, seen in zip(found, doubted, probabilities, strict=True):
        if is_of(liars, one):
            reason = Refused.NOT_BELIEVED
        elif is_doubted and not judges(one.player):
            reason = Refused.DOUBTED
        else:
            believed.append(one)
            continue
        refused[reason] += 1
        aside[one.round] = one
        doubts.append(as_doubt(one, seen, reason))
    left, stopped = passed(believed, ((Refused.TOO_MANY, too_many),))
    refused.update(reason for _, reason in stopped)
    teaching, judging = split(left)
    return Material(tuple(teaching), tuple(judging), tuple(doubts), aside, refused, gathered.rounds, liars)


def _check(found: Sequence[Candidate], where: str) -> None:
    judging = [one for one in found if judges(one.player)]
    people = len({one.player for one in judging})
    teaching = len(found) - len(judging)
    if teaching < FEWEST_TEACHING:
        raise TooLittle(
            f"Too little to learn from yet: {teaching} rounds may teach {where}; {FEWEST_TEACHING} are needed."
        )
    if len(judging) < FEWEST_JUDGED or people < FEWEST_JUDGES:
        raise TooLittle(
            "Too little to judge by yet: about one player in four is held out, never taught from, to judge by. "
            f"They are {people} by now, with {len(judging)} rounds {where}; {FEWEST_JUDGED} of "
            f"{FEWEST_JUDGES} players are needed."
        )
