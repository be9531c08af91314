"""What was read, compared with what is written: mistakes, characters that are not there, and signs."""

from __future__ import annotations

from training.evaluation.alignment import align


def test_look_alikes_are_right() -> None:
    assert align("Oslo", "0sl0", "any").wrong == 0
    assert align("l", "i", "any").wrong == 1


def test_missed_misread_and_unwritten_characters_are_wrong() -> None:
    aligned = align("abcd", "abxdh", "any")
    assert aligned.wrong == 2
    assert aligned.unwritten == (4,)
    assert aligned.on_signs == ()
    assert align("abcd", "ad", "any").wrong == 2


def test_a_sign_that_is_read_as_a_character_is_found() -> None:
    aligned = align("f(x)=1", "fCx1", "any")
    assert aligned.wrong == 1
    assert aligned.unwritten == aligned.on_signs == (1,)
    assert align("f(x)=1", "fx1", "any").wrong == 0


def test_nothing_written_and_nothing_read_is_right() -> None:
    assert align("", "", "any").wrong == 0
    assert align("", "l", "digits").unwritten == (0,)
