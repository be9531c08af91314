"""The streak: days in a row with a daily, of which one missed day a week is forgiven."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

_DAY: Final = timedelta(days=1)
_GRACE_EVERY: Final = timedelta(days=7)


class Streak(NamedTuple):
    """A player's streak as it stands today.

    Attributes:
        days: how many days with a daily it has; forgiven days do not count. It lasts until a day has ended without
            a daily, so a player who has not played today yet still sees that of yesterday.
        longest: the most that it ever had.
        has_played_today: whether today counts already.
        is_forgiving: whether a missed day would be forgiven: today's, if it is not played yet, or tomorrow's.
    """

    days: int
    longest: int
    has_played_today: bool
    is_forgiving: bool


def compute_streak(played: Iterable[date], today: date) -> Streak:
    """Return the streak of a player who has played dailies on some days, in any order; later ones do not count.

    A missed day between two played ones is forgiven, unless one of the six days before it was forgiven.
    """
    run = longest = 0
    last: date | None = None
    forgiven: date | None = None
    days = sorted({day for day in played if day <= today})
    for day in days:
        missed = None if last is None or day - last == _DAY else last + _DAY
        if last is None or (missed and not (day - missed == _DAY and _can_forgive(missed, forgiven))):
            run, forgiven = 0, None
        elif missed:
            forgiven = missed
        run, last = run + 1, day
        longest = max(longest, run)
    if last is None:
        return Streak(0, 0, has_played_today=False, is_forgiving=True)
    if (yesterday := today - _DAY) > last:
        if last + _DAY < yesterday or not _can_forgive(yesterday, forgiven):
            return Streak(0, longest, has_played_today=False, is_forgiving=True)
        forgiven = yesterday
    has_played_today = last == today
    is_forgiving = _can_forgive(today + _DAY if has_played_today else today, forgiven)
    return Streak(run, longest, has_played_today, is_forgiving)


def _can_forgive(day: date, forgiven: date | None) -> bool:
    return forgiven is None or day - forgiven >= _GRACE_EVERY
