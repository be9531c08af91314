"""Among many signs, a mark must look more like a character to be read as one."""

from __future__ import annotations

import pytest

from recognition.page.sign_share import UNKNOWN, adapt_leads


def test_among_many_signs_a_doubtful_character_is_a_sign() -> None:
    assert max(adapt_leads([*([-3.0] * 40), 0.5, 1.0])) < 0


def test_among_many_signs_a_clear_character_stays_one() -> None:
    assert adapt_leads([*([-3.0] * 40), 9.0])[-1] > 0


@pytest.mark.parametrize("leads", [[], [-0.5], [0.5], [1.5, 1.5, 4.0], [*([6.0] * 40), -0.5, 0.5]])
def test_without_many_signs_every_mark_stays_what_it_is(leads: list[float]) -> None:
    adapted = adapt_leads(leads)
    assert [lead < 0 for lead in adapted] == [lead < 0 for lead in leads]


def test_marks_that_were_not_looked_at_follow_the_others() -> None:
    unknown = [UNKNOWN] * 400
    assert min(adapt_leads([*([3.0] * 40), *unknown])) > 0
    assert max(adapt_leads([*([-6.0] * 4_000), *unknown])) < 0
