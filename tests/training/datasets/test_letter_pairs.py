"""Pairs of letters are counted in the texts of the pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training.command import run_training
from training.datasets.letter_pairs import LANGUAGES, TextsMissing, count_pairs, load_words


def test_pairs_are_counted() -> None:
    counts = count_pairs(["ab", "b"])
    assert counts.sum() == 5
    assert (counts[0, 1], counts[1, 2], counts[2, 0], counts[0, 2]) == (1, 1, 2, 1)


def test_words_lose_accents_and_placeholders(tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.json").write_text("{}", "utf-8")
    texts = {"a": {"b": "Größe, größe <em>{player}</em> d’été", "c": "un œuf 3 字"}}
    (tmp_path / "fr.json").write_text(json.dumps(texts), "utf-8")
    assert load_words(tmp_path) == ["d", "ete", "grosse", "un"]


def test_missing_texts_are_named(tmp_path: Path) -> None:
    with pytest.raises(TextsMissing, match=r"en\.json"):
        load_words(tmp_path)


def test_the_command_writes_a_row_for_each_letter(tmp_path: Path) -> None:
    out = tmp_path / "pairs.json"
    counted = run_training(tmp_path, "pairs", "--out", str(out))
    assert counted.returncode == 0, counted.stderr
    assert "4 languages" in counted.stdout
    counts = json.loads(out.read_text("utf-8"))
    assert [len(row) for row in counts] == [27] * 27
