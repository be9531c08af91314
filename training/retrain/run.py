"""One retrain, from usable rounds to a decision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from feedback.quarantine import Doubt
from recognition.model.network import MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE
from training.evaluation.report import HTML_FILE, JSON_FILE
from training.fit.weights import load_networks
from training.retrain.base_data import load_base_sets, load_replay
from training.retrain.base_gate import compare_on_base_data
from training.retrain.challenger import complete_card, make_challenger
from training.retrain.champion import Champion
from training.retrain.compare import predict_labels
from training.retrain.decide import decide
from training.retrain.evidence import PastTrial
from training.retrain.fine_tune import fine_tune
from training.retrain.label_check import LabelCheck
from training.retrain.report import write_retrain_report
from training.retrain.result import RetrainResult
from training.retrain.rounds.usable import UsableRounds
from training.retrain.split_data import SplitData, split_data
from training.retrain.trial import TrialPlan, hold_trial, plan_trial
from training.retrain.workspace import Workspace

_CHALLENGER: Final = "challenger"
_SEED: Final = 1

Say = Callable[[str], None]


class Retrain:
    """One retrain. Call `check_labels`, store the doubts it returns, then call `train_and_decide`."""

    def __init__(self, workspace: Workspace, champion: Champion, say: Say) -> None:
        """Load the champion's networks and the base data, which takes a while.

        Args:
            workspace: where the model, the data and the reports are.
            champion: the model in service.
            say: called with a sentence about each step.

        Raises:
            NoWeights: if the champion's weights cannot be read.
            NoBaseData: if the champion would forget a character.
        """
        self._workspace, self._champion, self._say = workspace, champion, say
        self._networks = load_networks(champion.folder)
        self._replay = load_replay(champion.card, workspace.data)
        self._data: SplitData | None = None

    def check_labels(self, usable: UsableRounds) -> tuple[Doubt, ...]:
        """Look for wrong labels, split the rounds, and return the rounds in doubt."""
        last_round = max(round_.round_id for round_ in usable.rounds)
        if self._workspace.unfinished.resume(self._champion.sha256, last_round, usable.digest):
            self._say("Resuming the retrain that was interrupted.")
        label_check = LabelCheck(self._networks.drawings, self._replay, _SEED)
        self._data = split_data(usable, label_check)
        self._replay = tuple(label_check.drop_doubtful(self._replay))
        return self._data.doubts

    def train_and_decide(self) -> tuple[RetrainResult, Path]:
        """Train a challenger, compare it with the champion and promote it if it is better.

        Returns:
            The result of the retrain, and the path of its report.

        Raises:
            TooFewRounds: if the label check left too few rounds, or no trial is due.
        """
        data = self._data
        if data is None:
            raise RuntimeError("Call check_labels first.")
        data.check_enough()
        evidence = self._workspace.evidence.load(self._champion.sha256, data.ids, data.judging, self._say)
        plan = plan_trial(evidence, data.judging)
        challenger = self._train_challenger(data)
        self._say("Comparing champion and challenger.")
        result = self._compare(challenger, data, plan, len(evidence.trials) + 1)
        report = write_retrain_report(result, self._workspace.folder / "reports" / result.challenger)
        if result.decision.promoted:
            self._promote(challenger, data, report)
        else:
            self._workspace.evidence.save(
                evidence.add_trial(_make_past_trial(result), data.judging, max(data.ids))
            )
        self._workspace.unfinished.delete()
        return result, report

    def _train_challenger(self, data: SplitData) -> Model:
        folder = self._workspace.unfinished.folder
        if not (folder / _CHALLENGER / MODEL_FILE).is_file():
            self._say(f"Training on {len(data.training):,} rounds, with base data mixed in.")
            fine_tune(self._networks, data.training, self._replay, folder, _SEED)
            learned = data.summarize_training()
            make_challenger(
                self._networks, self._champion.card, learned, self._workspace.data, folder / _CHALLENGER
            )
        return Model.load(folder / _CHALLENGER)

    def _compare(self, challenger: Model, data: SplitData, plan: TrialPlan, number: int) -> RetrainResult:
        samples = data.make_comparison_set()
        old, new = (predict_labels(model, samples) for model in (self._champion.model, challenger))
        players, trial = hold_trial(plan, number, data.judging, old.is_right, new.is_right)
        base = compare_on_base_data(self._champion.model, challenger, load_base_sets(self._workspace.data))
        return RetrainResult(
            champion=self._champion.version,
            challenger=str(challenger.card["version"]),
            decision=decide(players, trial, base),
            players=players,
            trial=trial,
            base=tuple(base),
            data=data,
            predictions=(old, new),
        )

    def _promote(self, challenger: Model, data: SplitData, report: Path) -> None:
        self._say("It is better. Measuring the figures for its card.")
        folder = self._workspace.unfinished.folder / _CHALLENGER
        card = complete_card(challenger, data.judging, self._workspace.data)
        files = {
            WEIGHTS_FILE: (folder / WEIGHTS_FILE).read_bytes(),
            HTML_FILE: report.read_bytes(),
            JSON_FILE: (report.parent / JSON_FILE).read_bytes(),
        }
        registry = self._workspace.registry
        registry.add((folder / MODEL_FILE).read_bytes(), card, files)
        learned = card["learned"]
        registry.promote(
            str(card["version"]), f"retrained on {learned['rounds']} rounds of {learned['players']} players"
        )


def _make_past_trial(result: RetrainResult) -> PastTrial:
    players, trial = result.players, result.trial
    return PastTrial(
        challenger=result.challenger,
        judges=trial.judges,
        drawings=players.samples,
        gained=players.gained,
        lost=players.lost,
        p=trial.p,
        limit=trial.limit,
    )
