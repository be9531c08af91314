"""One retrain, from rounds to a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedback.quarantine import Doubt
from feedback.records import Round
from recognition.model.network import MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE, ModelRegistry
from training.evaluation.report import HTML_FILE, JSON_FILE
from training.fit.weights import load_networks
from training.retrain.base_data import questions, replay
from training.retrain.challenger import finished_card, make_challenger
from training.retrain.compare import ask, compare
from training.retrain.decide import decide
from training.retrain.fine_tune import fine_tune
from training.retrain.label_check import SecondLook
from training.retrain.report import write_result
from training.retrain.result import Result
from training.retrain.split_data import Material, gather, look_again
from training.retrain.unfinished import Unfinished

_CHALLENGER: Final = "challenger"
_SEED: Final = 1

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are.

    Attributes:
        versions: the models that are kept.
        data: the folder of base data.
        folder: for what a retrain leaves: its reports, and what it goes on with when it was broken off.
    """

    versions: ModelRegistry
    data: Path
    folder: Path

    @property
    def unfinished(self) -> Unfinished:
        """What was broken off."""
        return Unfinished(self.folder / "unfinished")


class Retrain:
    """The model in use, to be taught further. Call `look`, keep the doubts it has, then `challenge`."""

    def __init__(self, places: Places, say: Say) -> None:
        """Load the model in use and the base data.

        Raises:
            NoWeights: if the model in use cannot be taught further.
            NoBaseData: if it would forget what it was taught.
            UnfitModel: if it cannot be read.
        """
        self._places, self._say = places, say
        self._home = places.versions.find_current()
        self._champion = Model.load(self._home)
        self._networks = load_networks(self._home)
        say(f"The model in use is {self._champion.card['version']}.")
        self._old = replay(self._champion.card, places.data)
        self._material: Material | None = None

    @property
    def until(self) -> str | None:
        """The last round to look at, where a retrain was broken off that this one goes on with."""
        return self._places.unfinished.until(str(self._champion.card["sha256"]))

    def look(self, rounds: Iterable[Round], decided: Mapping[str, str]) -> tuple[Doubt, ...]:
        """Sift the rounds, oldest first, and return those that are in doubt.

        Raises:
            TooLittle: if what is left is not enough.
        """
        gathered = gather(rounds, decided)
        self._say(f"{len(gathered.found):,} of {gathered.rounds:,} rounds are fit to be looked at.")
        until = max(one.round for one in gathered.found)
        if self._places.unfinished.go_on(str(self._champion.card["sha256"]), until, gathered.digest):
            self._say("Going on with the retrain that was broken off.")
        look = SecondLook(self._networks.drawings, self._old, _SEED)
        self._material = look_again(gathered, look)
        self._old = tuple(look.believed(self._old))
        return self._material.doubts

    def challenge(self) -> tuple[Result, Path]:
        """Teach a challenger, compare, promote it where it is better; return what came of it, and its report.

        Raises:
            TooLittle: if too little is left of what was looked at.
        """
        material = self._material
        if material is None:
            raise RuntimeError("There is nothing to teach yet: look first.")
        material.check()
        challenger = self._taught(material)
        self._say("Comparing the two.")
        asked = [material.questions(), *questions(self._places.data)]
        answers = [(ask(self._champion, one), ask(challenger, one)) for one in asked]
        players, *base = [
            compare(one.title, champion.right, new.right)
            for one, (champion, new) in zip(asked, answers, strict=True)
        ]
        decision = decide(players, base)
        result = Result(
            champion=str(self._champion.card["version"]),
            challenger=str(challenger.card["version"]),
            decision=decision,
            players=players,
            base=tuple(base),
            material=material,
            answers=answers[0],
        )
        report = write_result(result, self._places.folder / "reports" / result.challenger)
        if decision.promoted:
            self._promote(challenger, material, report)
        self._places.unfinished.end()
        return result, report

    def _taught(self, material: Material) -> Model:
        folder = self._places.unfinished.folder
        if not (folder / _CHALLENGER / MODEL_FILE).is_file():
            self._say(f"Teaching from {len(material.teaching):,} rounds, mixed with base data.")
            fine_tune(self._networks, material.teaching, self._old, folder, _SEED)
            learned = material.learned()
            make_challenger(self._networks, self._champion.card, learned, self._places.data, folder / _CHALLENGER)
        return Model.load(folder / _CHALLENGER)

    def _promote(self, challenger: Model, material: Material, report: Path) -> None:
        self._say("It is better. Measuring what its card says.")
        home = self._places.unfinished.folder / _CHALLENGER
        card = finished_card(challenger, material.judging, self._places.data)
        files = {
            WEIGHTS_FILE: (home / WEIGHTS_FILE).read_bytes(),
            HTML_FILE: report.read_bytes(),
            JSON_FILE: (report.parent / JSON_FILE).read_bytes(),
        }
        self._places.versions.add((home / MODEL_FILE).read_bytes(), card, files)
        learned = card["learned"]
        why = f"retrained on {learned['rounds']} rounds of {learned['players']} players"
        self._places.versions.promote(str(card["version"]), why)
