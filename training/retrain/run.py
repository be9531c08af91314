"""One retrain, from usable rounds to a decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from feedback.quarantine import Doubt
from recognition.model.card import CARD_FILE, read_card
from recognition.model.network import MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE
from training.evaluation.report import HTML_FILE, JSON_FILE
from training.fit.weights import load_networks
from training.retrain.base_data import load_base_sets, load_replay
from training.retrain.base_gate import compare_on_base_data
from training.retrain.challenger import complete_card, make_challenger
from training.retrain.champion import Champion
from training.retrain.compare import predict_labels
from training.retrain.decide import Decision, decide
from training.retrain.evidence import Evidence, PastTrial
from training.retrain.fine_tune import fine_tune
from training.retrain.label_check import LabelCheck
from training.retrain.report import write_retrain_report
from training.retrain.result import RetrainResult
from training.retrain.rounds.usable import UsableRounds
from training.retrain.split_data import SplitData, split_data
from training.retrain.trial import TrialPlan, hold_trial, plan_trial
from training.retrain.workspace import Workspace

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
            UnfitModel: if the training went wrong.
        """
        data = self._data
        if data is None:
            raise RuntimeError("Call check_labels first.")
        data.check_enough()
        evidence = self._workspace.evidence.load(self._champion.sha256, data.ids, data.judging, self._say)
        plan = plan_trial(evidence, data.judging)
        files = self._workspace.unfinished.load_challenger(self._say)
        if files is None:
            files = self._train_challenger(data)
        challenger = Model(files[MODEL_FILE], json.loads(files[CARD_FILE]))
        self._say("Comparing champion and challenger.")
        result = self._compare(challenger, data, plan)
        card = challenger.card
        if result.decision.promoted:
            self._say("It is better. Measuring the figures for its card.")
            card = complete_card(challenger, data.judging, self._workspace.data)
            result = self._check_champion_serves(result)
        report = write_retrain_report(result, self._workspace.folder / "reports" / result.challenger)
        if result.decision.promoted:
            self._promote(files, card, report)
            # The rounds that chose this model are no reason for a trial against it: that waits for new ones.
            evidence = Evidence(str(card["sha256"]), 0, max(data.ids), ())
        else:
            evidence = evidence.add_trial(_make_past_trial(result), data.judging, max(data.ids))
        self._workspace.evidence.save(evidence)
        self._workspace.unfinished.delete()
        return result, report

    def _train_challenger(self, data: SplitData) -> dict[str, bytes]:
        """Train the networks, and return the challenger's files by name. They are kept until the retrain ends."""
        unfinished = self._workspace.unfinished
        self._say(f"Training on {len(data.training):,} rounds, with base data mixed in.")
        fine_tune(self._networks, data.training, self._replay, unfinished.folder, _SEED, self._say)
        learned = data.summarize_training()
        files = make_challenger(self._networks, self._champion.card, learned, self._workspace.data)
        unfinished.store_challenger(files)
        return files

    def _check_champion_serves(self, result: RetrainResult) -> RetrainResult:
        """Return the result, or one without a promotion if somebody has promoted another model meanwhile."""
        current = self._workspace.registry.find_current()
        if current == self._champion.folder:
            return result
        version = read_card(current)["version"]
        reasons = (
            "The model in service stays.",
            f"{version} was put into service while the retrain ran. The challenger was not compared with it.",
        )
        return replace(result, decision=Decision(False, reasons))

    def _compare(self, challenger: Model, data: SplitData, plan: TrialPlan) -> RetrainResult:
        samples = data.make_comparison_set()
        old, new = (predict_labels(model, samples) for model in (self._champion.model, challenger))
        players, trial = hold_trial(plan, data.judging, old.is_right, new.is_right)
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

    def _promote(self, files: Mapping[str, bytes], card: dict[str, Any], report: Path) -> None:
        others = {
            WEIGHTS_FILE: files[WEIGHTS_FILE],
            HTML_FILE: report.read_bytes(),
            JSON_FILE: (report.parent / JSON_FILE).read_bytes(),
        }
        registry = self._workspace.registry
        registry.add(files[MODEL_FILE], card, others)
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
