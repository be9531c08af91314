"""Which worksheets are ours, and where new rows go.

We know our worksheets by Google's id, which the store keeps. So people may rename, move and duplicate them: a copy
has another id and is not ours.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import count
from typing import Final

from feedback.sheet.columns import STANDARD_HEADER, Header
from feedback.sheet.errors import LeaseLost, SheetError
from feedback.sheet.journal import Journal
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import WORKSHEET_ROWS, Timing
from feedback.sheet.workbook import Survey, Workbook, Worksheet, describe_damage
from feedback.sheet.worksheet_records import KnownWorksheet

TITLE: Final = "Rounds"
"""The title of the first worksheet; further ones are ``Rounds 2``, ``Rounds 3`` and so on."""

_OUR_TITLES: Final = re.compile(rf"{TITLE}(?: ([2-9]|[1-9]\d+))?")
_MOST_IDS: Final = 2**31 - 1  # a sheetId is a positive int32


async def find_known(workbook: Workbook, journal: Journal) -> list[KnownWorksheet]:
    """Return our worksheets as the store knows them.

    If it knows none, as in a store of an earlier version or a new one, they are looked for in the Sheet once, and
    noted if this process holds the lease.

    Raises:
        SheetError: if the Sheet cannot be read.
    """
    known = await journal.worksheets.read_all()
    if known:
        return known
    rounds = (await journal.read_states()).keys()
    adopted = await run_in_thread(_find_adoptable, workbook, rounds)
    with suppress(LeaseLost):
        await journal.worksheets.adopt(adopted)
    return adopted


async def open_worksheet(
    workbook: Workbook, journal: Journal, timing: Timing, rows: int
) -> tuple[Worksheet, Header]:
    """Return the worksheet that ``rows`` more belong in, and where its columns are. Adds one if needed.

    Raises:
        SheetFull: if the Sheet is full.
        SheetError: if the Sheet cannot be read or written, or the worksheet's header is damaged.
        LeaseLost: if another process writes now.
    """
    survey = await run_in_thread(workbook.survey)
    titles = {worksheet.id: worksheet.title for worksheet in survey.worksheets}
    for known in await journal.worksheets.read_all():
        if not known.is_made and known.id in titles:  # it was added, but the answer was lost
            await journal.worksheets.mark_made(known.id, titles[known.id])
    if not survey.worksheets or survey.worksheets[-1].rows + rows > WORKSHEET_ROWS:
        return await begin_worksheet(workbook, journal, survey), STANDARD_HEADER
    try:
        return await run_in_thread(workbook.prepare, survey.worksheets[-1], rows)
    except SheetError:
        await journal.extend_doubt(timing.late)  # a header may still arrive, even twice
        raise


async def begin_worksheet(workbook: Workbook, journal: Journal, survey: Survey) -> Worksheet:
    """Add the next worksheet, with its header. A retry after a lost answer adds no second one.

    Raises:
        SheetFull: if the Sheet is full.
        SheetError: if the worksheet could not be added. It may be there all the same.
        LeaseLost: if another process writes now.
    """
    everything = [*survey.worksheets, *survey.others]
    planned = await journal.worksheets.plan(_choose_id({worksheet.id for worksheet in everything}))
    title = _choose_title(planned.number, {worksheet.title.casefold() for worksheet in everything})
    workbook.numbers = {**workbook.numbers, planned.id: planned.number}
    worksheet = await run_in_thread(workbook.add_worksheet, survey, planned.id, planned.number, title)
    await journal.worksheets.mark_made(planned.id, title)
    return worksheet


def describe_oddities(workbook: Workbook, survey: Survey, known: Sequence[KnownWorksheet]) -> list[str]:
    """Return what people did to our worksheets that others should know, a sentence each. Blocks.

    Raises:
        SheetError: if the Sheet cannot be read.
    """
    titles = {worksheet.id: worksheet.title for worksheet in survey.worksheets}
    sentences = [
        f"Our worksheet {made.title!r} was renamed to {titles[made.id]!r}. That does no harm."
        for made in known
        if made.is_made and made.id in titles and titles[made.id] != made.title
    ]
    sentences += [
        f"Our worksheet {made.title!r} was deleted. Its rounds count as deleted by people; "
        "`python -m feedback reconcile --restore` writes them again."
        for made in known
        if made.is_made and made.id not in titles
    ]
    others = [worksheet for worksheet in survey.others if worksheet.columns]
    first_rows = workbook.read_first_rows(others) if others else []
    sentences += [
        f"The worksheet {worksheet.title!r} has our columns but is not ours; perhaps it is a copy of one of ours. "
        "Its labels are not read, and rounds that players delete stay in it."
        for worksheet, first_row in zip(others, first_rows, strict=True)
        if Header.parse(first_row) is not None
    ]
    return sentences


def describe_damages(workbook: Workbook, survey: Survey) -> list[str]:
    """Return what is wrong with the headers of our worksheets, a sentence for each that is damaged. Blocks.

    Raises:
        SheetError: if the Sheet cannot be read.
    """
    first_rows = workbook.read_first_rows(survey.worksheets) if survey.worksheets else []
    return [
        f"The header of the worksheet {worksheet.title!r} is damaged ({describe_damage(first_row)}), so no rounds "
        "are written to it and no labels are read. `python -m feedback reconcile` repairs it."
        for worksheet, first_row in zip(survey.worksheets, first_rows, strict=True)
        if first_row and Header.parse(first_row) is None
    ]


def _find_adoptable(workbook: Workbook, rounds: AbstractSet[str]) -> list[KnownWorksheet]:
    """Return worksheets with one of our titles that have our header or hold a round of ours.

    An empty worksheet with the first title counts too: somebody made it for us. Blocks.
    """
    survey = workbook.survey()
    candidates = [
        (int(match[1] or 1), worksheet)
        for worksheet in (*survey.worksheets, *survey.others)
        if worksheet.columns and (match := _OUR_TITLES.fullmatch(worksheet.title))
    ]
    if not candidates:
        return []
    first_rows = workbook.read_first_rows([worksheet for _, worksheet in candidates])
    adopted: list[KnownWorksheet] = []
    for (number, worksheet), first_row in sorted(zip(candidates, first_rows, strict=True)):
        if Header.parse(first_row) is None:
            (ids,) = workbook.read_columns(worksheet, [0])
            is_empty = number == 1 and not any(row.cells for row in workbook.read_page(worksheet, 1))
            if not is_empty and rounds.isdisjoint(map(str, ids)):
                continue
        adopted.append(KnownWorksheet(number, worksheet.id, worksheet.title, is_made=True))
    return adopted


def _choose_id(taken: AbstractSet[int]) -> int:
    return next(chosen for _ in count() if (chosen := 1 + secrets.randbelow(_MOST_IDS - 1)) not in taken)


def _choose_title(number: int, taken: AbstractSet[str]) -> str:
    titles = (TITLE if each == 1 else f"{TITLE} {each}" for each in count(number))
    return next(title for title in titles if title.casefold() not in taken)
