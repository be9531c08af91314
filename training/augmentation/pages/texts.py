"""What is written on made pages: numbers, words, and lines such as those of a program or a shopping list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from training.augmentation.pages.words import WORDS
from training.augmentation.pages.writers import Random, Writer

_SHORTEST: Final = 2
_LONGEST: Final = 6
_LONGEST_NUMBER: Final = 5
_NATURAL: Final = 0.7  # share of the words that are of the list

Write = Callable[[str], bool]
"""Says whether a writer has all characters of a text."""


def make_number(random: Random, shortest: int = 2, longest: int = _LONGEST_NUMBER) -> str:
    """Return a number of 2 to 5 digits. It may begin with zeros."""
    return _choose(DIGITS, int(random.integers(shortest, longest + 1)), random)


def make_word(random: Random, can_write: Write) -> str:
    """Return a word of 2 to 6 letters: of the list or random, lowercase, capitalized or uppercase."""
    for _ in range(50):
        if random.random() < _NATURAL:
            word = str(random.choice(WORDS))
        else:
            word = _choose(LOWER, int(random.integers(_SHORTEST, _LONGEST + 1)), random)
        case = random.random()
        word = word.upper() if case < 0.25 else word.capitalize() if case < 0.5 else word
        if len(word) <= _LONGEST and can_write(word):
            return word
    return _make_any_text(random, can_write)


def make_character(random: Random, can_write: Write, characters: str = CLASSES) -> str:
    """Return one character."""
    available = [character for character in characters if can_write(character)]
    return str(random.choice(available))


def make_lines(random: Random, can_write: Write, count: int) -> list[str]:
    """Return lines of a program, of a shopping list, of sums or of plain words, with indents and signs."""
    maker = (_make_code, _make_shopping, _make_sum, _make_sentence)[
        int(random.choice(4, p=[0.4, 0.2, 0.15, 0.25]))
    ]
    return [_replace_missing(maker(random, can_write), random, can_write) for _ in range(count)]


def make_cell(random: Random, writer: Writer) -> str:
    """Return a number or a word that a person can write."""
    if random.random() < 0.4:
        return make_writable(make_number, writer, random)
    return make_word(random, writer.can_write)


def make_writable(make: Callable[[Random], str], writer: Writer, random: Random) -> str:
    """Return a text whose characters the writer has."""
    for _ in range(50):
        text = make(random)
        if writer.can_write(text):
            return text
    return make_character(random, writer.can_write)


def _replace_missing(line: str, random: Random, can_write: Write) -> str:
    """Return a line with other characters in place of those that the writer has not drawn."""
    available = [character for character in CLASSES if can_write(character)]
    return "".join(character if can_write(character) else str(random.choice(available)) for character in line)


def _make_any_text(random: Random, can_write: Write) -> str:
    letters = [letter for letter in LOWER + UPPER if can_write(letter)] or [c for c in CLASSES if can_write(c)]
    return "".join(random.choice(letters, int(random.integers(_SHORTEST, _LONGEST + 1))).tolist())


def _choose(characters: str, count: int, random: Random) -> str:
    return "".join(random.choice(list(characters), count).tolist())


def _make_code(random: Random, can_write: Write) -> str:
    """Return a line as of a program, in some language."""

    def word() -> str:
        if random.random() < 1 / 5:
            return _choose(LOWER, 1, random)
        made = make_word(random, can_write)
        return made if random.random() < 1 / 4 else made.lower()

    def value() -> str:
        choice = random.random()
        if choice < 0.4:
            return make_number(random, 1, 3)
        return f'"{word()}"' if choice < 0.5 else word()

    operator = str(random.choice(["+", "-", "*", "/", "<", ">", "=="]))
    forms = (
        lambda: f"def {word()}({word()}):",
        lambda: f"class {word().capitalize()}:",
        lambda: f"if {word()} {operator} {value()}:",
        lambda: f"for {word()} in {word()}:",
        lambda: f"return {value()}",
        lambda: f"return {word()}{operator}{value()}",
        lambda: f"{word()} = {value()}",
        lambda: f"{word()} = [{value()}, {value()}]",
        lambda: f"{word()}.{word()}()",
        lambda: f"print({value()})",
        lambda: f"{word()}({value()}, {value()});",
        lambda: f"{{{word()}: {value()}}}",
        lambda: f"# {word()} {word()}",
        lambda: f"{word()}_{word()} = {value()}",
        lambda: f"{word()}[{value()}] {operator} {value()}",
        lambda: "else:",
        lambda: "pass",
    )
    return "  " * int(random.choice(3, p=[0.5, 0.35, 0.15])) + forms[int(random.integers(len(forms)))]()


def _make_shopping(random: Random, can_write: Write) -> str:
    """Return a line of a shopping list."""
    bullet = str(random.choice(["- ", "* ", ". ", "", ""]))
    amount = str(random.choice(["", f"{make_number(random, 1, 2)} ", f"{make_number(random, 1, 1)}x "]))
    price = str(random.choice(["", "", f" {make_number(random, 1, 2)}.{make_number(random, 2, 2)}"]))
    return bullet + amount + make_word(random, can_write).lower() + price


def _make_sum(random: Random, _can_write: Write) -> str:
    """Return a line of arithmetic."""
    operators = random.choice(["+", "-", "*", "/"], 2).tolist()
    first, second, third, result = (make_number(random, 1, 3) for _ in range(4))
    forms = (
        f"{first} {operators[0]} {second} = {result}",
        f"{first}{operators[0]}{second}={result}",
        f"({first}{operators[0]}{second}){operators[1]}{third}",
        f"{first}.{second} > {third}",
    )
    return forms[int(random.integers(len(forms)))]


def _make_sentence(random: Random, can_write: Write) -> str:
    """Return a line of two to four words, with or without a comma and a full stop."""
    words = [make_word(random, can_write) for _ in range(int(random.integers(2, 5)))]
    if random.random() < 1 / 2:
        words = [word.lower() for word in words]
    separator = ", " if random.random() < 1 / 5 else " "
    return separator.join(words) + str(random.choice(["", "", ".", "!", "?"]))
