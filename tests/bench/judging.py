"""How often retraining promotes, by simulation: ``python -m tests.bench.judging``. It takes a few minutes.

Groups of people play every night, and the real test decides whether a challenger is promoted. No network runs. How
much more or less of people's drawings a challenger reads was measured: `CHANGES` holds three pairs of networks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from training.retrain.bounds import MAX_DRAWINGS_BETWEEN_TRIALS, MIN_JUDGES
from training.retrain.compare import compute_p_value
from training.retrain.evidence import compute_spent
from training.retrain.held_out import count_judges
from training.retrain.power import compute_smallest_gain
from training.retrain.rounds.labeled_round import MAX_ROUNDS_PER_PLAYER
from training.retrain.sign_flip import compute_p, compute_scores

NIGHTS: Final = 22  # of a school's month
YEAR: Final = 365
SIGNIFICANCE: Final = 0.05  # of McNemar's test, by which retrains were once decided
DRAWINGS: Final = 40  # of a player on a day: two sprints
PRESENT: Final = 0.8  # share of the players who play on a day
GROUPS: Final = (8, 12, 30, 60)
CHANGED_PER_GAIN: Final = 1.5  # of `CHANGES`: drawings that only one network reads, to those gained in all

CHANGES: Final = {
    "large": "33/0 40/17 45/29 167/30 63/14 39/18 18/18 47/7 45/6 6/0 34/7 18/0 "
    "27/17 11/3 53/16 24/6 112/32 229/14 229/23 30/0 45/30 0/0 0/0 28/0",
    "medium": "0/0 17/6 17/21 43/38 22/18 30/16 18/18 2/2 32/6 0/0 14/7 0/6 "
    "12/15 0/2 9/20 10/6 16/56 93/14 130/23 15/0 15/0 0/0 0/0 0/0",
    "small": "0/0 10/19 18/7 25/27 8/14 15/5 0/18 2/2 26/6 0/0 7/0 0/0 "
    "10/5 0/5 12/16 6/2 20/16 14/7 46/15 7/7 15/0 20/0 0/0 0/0",
}
"""Of 1,000 drawings of a person, those that only the newer network reads, and those that only the older one reads.

The people are 24 validation writers of UNIPEN with at least 50 drawings, read among all 62 characters. The newer
network is the bundled one of November 2026. The older ones were bundled before it: the original network, a network
narrower than today's, and one like today's, trained separately.
"""

Shares = npt.NDArray[np.float64]
"""(N, 2): of each person, the share of the drawings that only the challenger reads, and only the champion."""


def load_changes(name: str) -> Shares:
    """Return one of `CHANGES`."""
    return np.array([person.split("/") for person in CHANGES[name].split()], dtype=np.float64) / 1000


def make_mirrored(shares: Shares) -> Shares:
    """Return people of whom every second one loses what the one before gains."""
    return np.vstack([shares, shares[:, ::-1]])


def make_thinned(shares: Shares, gain: float) -> Shares:
    """Return people with fewer changed drawings, so that the mean gain is ``gain``."""
    mean = float((shares[:, 0] - shares[:, 1]).mean())
    thinned: Shares = shares * (gain / mean)
    return thinned


def make_shifted(shares: Shares, gain: float) -> Shares:
    """Return people who differ as if no model were better, except that each gains ``gain`` more."""
    shifted: Shares = make_mirrored(shares) + np.array([gain, 0.0])
    return shifted


class Group:
    """What judges draw over some nights, and how a challenger changes what is read of it.

    Attributes:
        judges: how many people judge.
        totals: how many drawings they have made by each night.
    """

    def __init__(self, shares: Shares, judges: int, nights: int, seed: int, *, is_fresh: bool = False) -> None:
        """Choose the judges from people and let them draw.

        Args:
            shares: the people.
            judges: how many judge.
            nights: how many nights there are.
            seed: of all that is random.
            is_fresh: whether people's gains and losses change sides at random every night, as if each challenger
                were unlike the one before.
        """
        self.judges = judges
        self._random = np.random.default_rng(seed)
        self._is_fresh = is_fresh
        people = shares[self._random.integers(len(shares), size=judges)]
        drawings = DRAWINGS * (self._random.random((nights, judges)) < PRESENT)
        gained = self._random.binomial(drawings, people[:, 0])
        lost = self._random.binomial(drawings - gained, people[:, 1])
        self._sums = np.cumsum([gained, lost, drawings], axis=1).astype(np.float64)
        self.totals: list[int] = self._sums[2].sum(axis=1).astype(int).tolist()

    def read(self, night: int) -> Shares:
        """Return (3, judges): drawings gained, lost and all, of the newest drawings of each judge."""
        first = night - MAX_ROUNDS_PER_PLAYER // DRAWINGS
        read = self._sums[:, night] - (self._sums[:, first] if first >= 0 else 0)
        if self._is_fresh:
            swaps = self._random.random(self.judges) < 0.5
            read[:2, swaps] = read[1::-1, swaps]
        changed: Shares = read
        return changed


def wait_for_promotion(group: Group) -> bool:
    """Return whether a challenger is promoted, as `training.retrain.trial` and `training.retrain.decide` do it."""
    before, spent = 0, 0.0
    for night, total in enumerate(group.totals):
        limit = compute_spent(total) - spent
        is_due = total - before >= min(before, MAX_DRAWINGS_BETWEEN_TRIALS)
        if group.judges < MIN_JUDGES or not is_due or 0.5**group.judges > limit:
            continue
        before, spent = total, spent + limit
        gained, lost, drawings = group.read(night)
        if gained.sum() > lost.sum() and compute_p(compute_scores(gained, lost, drawings)) <= limit:
            return True
    return False


def wait_with_mcnemar(group: Group) -> bool:
    """Return whether a challenger is promoted by McNemar's test of drawings, every night."""
    for night in range(len(group.totals)):
        gained, lost, _ = group.read(night).sum(axis=1)
        if gained > lost and compute_p_value(int(gained), int(lost)) < SIGNIFICANCE:
            return True
    return False


def measure(
    shares: Shares,
    judges: int,
    nights: int,
    repeats: int,
    wait: Callable[[Group], bool] = wait_for_promotion,
    *,
    is_fresh: bool = False,
) -> str:
    """Return how many groups in 100 got another model."""
    promoted = sum(wait(Group(shares, judges, nights, seed, is_fresh=is_fresh)) for seed in range(repeats))
    return f"{100 * promoted / repeats:.1f}"


def print_table(title: str, columns: list[str], rows: Iterator[list[str]]) -> None:
    """Print a table in Markdown as its rows come in."""
    print(f"\n{title}\n\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def list_false_promotions(repeats: int) -> Iterator[list[str]]:
    """Yield rows: how often a model that is no better is promoted in a year of nights."""
    skewed = load_changes("medium")
    skewed[:, 1] *= skewed[:, 0].mean() / skewed[:, 1].mean()
    kinds: dict[str, tuple[Shares, bool]] = {
        "large, the same people gain every night": (
            make_mirrored(make_thinned(load_changes("large"), 0.01)),
            False,
        ),
        "medium, the same people gain every night": (make_mirrored(load_changes("medium")), False),
        "small, the same people gain every night": (make_mirrored(load_changes("small")), False),
        "medium, other people gain every night": (make_mirrored(load_changes("medium")), True),
        "everybody the same: 1 % gained, 1 % lost": (np.array([[0.01, 0.01]]), False),
        "a few gain much, many lose little": (skewed, False),
        "a few lose much, many gain little": (skewed[:, ::-1], False),
    }
    for kind, (shares, is_fresh) in kinds.items():
        yield [kind, *(measure(shares, count_judges(n), YEAR, repeats, is_fresh=is_fresh) for n in GROUPS)]
    shares = make_mirrored(load_changes("medium"))
    yield [
        "before, in a month: a quarter judges, McNemar every night; medium",
        *(measure(shares, n // 4, NIGHTS, repeats // 4, wait_with_mcnemar) for n in GROUPS),
    ]


def list_true_promotions(repeats: int) -> Iterator[list[str]]:
    """Yield rows: how often a model that is better is promoted in a month."""
    kinds = {
        "+1 %, large thinned": make_thinned(load_changes("large"), 0.01),
        "+1 %, small shifted": make_shifted(load_changes("small"), 0.01),
        "+1 %, everybody the same": np.array([[0.02, 0.01]]),
        "+1 %, medium shifted": make_shifted(load_changes("medium"), 0.01),
        "+2 %, large thinned": make_thinned(load_changes("large"), 0.02),
        "+4.4 %, large": load_changes("large"),
    }
    for kind, shares in kinds.items():
        yield [kind, *(measure(shares, count_judges(n), NIGHTS, repeats) for n in GROUPS)]


def list_power(repeats: int) -> Iterator[list[str]]:
    """Yield rows: the smallest gain that the first trial is said to show, and how often it shows it."""
    for players, each in ((12, 100), (19, 100), (19, 400), (30, 100), (30, 400), (60, 40), (60, 400)):
        judges = count_judges(players)
        limit = compute_spent(judges * each)
        gain: float | None = 0.02
        for _ in range(9):  # the changed share depends on the gain
            gain = gain and compute_smallest_gain(judges, each, CHANGED_PER_GAIN * gain, limit)
        said = "nearly all must gain" if gain is None else f"{100 * gain:.1f} %"
        shares = make_thinned(load_changes("large"), gain or 0.044)
        shown = 0
        for seed in range(repeats):
            random = np.random.default_rng(seed)
            people = shares[random.integers(len(shares), size=judges)]
            gained, lost = random.binomial(each, np.minimum(people.T, 0.5)).astype(np.float64)
            scores = compute_scores(gained, lost, np.full(judges, float(each)))
            shown += compute_p(scores) <= limit
        yield [f"{players}", f"{judges}", f"{each}", said, f"{100 * shown / repeats:.0f} %"]


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.judging", description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000, help="groups in each figure (default: %(default)s)")
    repeats = parser.parse_args().repeats
    groups = [f"{n} players" for n in GROUPS]
    print_table(
        "Of 100 groups, how many get another model in a year of nights although no challenger is better",
        ["changes", *groups],
        list_false_promotions(repeats),
    )
    print_table(
        "Of 100 groups, how many get a better model within a month of school nights",
        ["gain", *groups],
        list_true_promotions(repeats),
    )
    print_table(
        "What a report says that the first trial shows four times in five, and how often it does",
        ["players", "judges", "drawings each", "smallest gain", "shown"],
        list_power(repeats),
    )


if __name__ == "__main__":
    main()
