"""What programs make of an exported table when they open it and save it again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Rows = list[list[str]]

_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def show_in_excel(number: float) -> str:
    """Return a number in Excel's format "General": at most ten digits."""
    text = f"{number:.10g}"
    return re.sub(r"e([+-])(\d)$", r"e\g<1>0\2", text).upper()


@dataclass(frozen=True)
class Program:
    """A program, in the language of one country."""

    name: str
    separator: str = ","
    decimal: str = "."
    booleans: tuple[str, str] = ("TRUE", "FALSE")
    encoding: str = "utf-8-sig"
    line_end: str = "\r\n"
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
    first_line: str = ""
    show: Callable[[float], str] = show_in_excel
    empty: str = ""
    has_float_columns: bool = False  # pandas: a column with an empty cell holds floats, or none but texts

    def save_again(self, exported: bytes) -> bytes:
        """Return an exported table as this program writes it back."""
        return self.write(split_table(exported))

    def write(self, rows: Rows) -> bytes:
        """Return a table of cells, as they were exported, as this program writes it."""
        header, *cells = rows
        columns = [self._show_column(column) for column in zip(*cells, strict=True)]
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.separator, quoting=self.quoting)
        writer.writerow(header)
        writer.writerows(zip(*columns, strict=True))
        return (self.first_line + text.getvalue().replace("\r\n", self.line_end)).encode(self.encoding)

    def _show_column(self, column: Sequence[str]) -> list[str]:
        if self.has_float_columns:
            if not all(not cell or _NUMBER.fullmatch(cell) for cell in column):
                return [cell or self.empty for cell in column]
            if all(cell.isdigit() for cell in column):
                return [str(int(cell)) for cell in column]
            return [str(float(cell)).replace(".", self.decimal) if cell else self.empty for cell in column]
        return [self._show_cell(cell) for cell in column]

    def _show_cell(self, cell: str) -> str:
        if cell in ("true", "false"):
            return self.booleans[cell == "false"]
        if _NUMBER.fullmatch(cell):
            return self.show(float(cell)).replace(".", self.decimal)
        return cell or self.empty


def split_table(exported: bytes) -> Rows:
    """Return the cells of an exported table, the header first."""
    return list(csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline="")))


def show_in_pandas(number: float) -> str:
    """Return a number as Python writes a float."""
    return repr(number)


PROGRAMS: Final = (
    Program("Excel in English"),
    Program("Excel in German", ";", ",", ("WAHR", "FALSCH")),
    Program("Excel in French", ";", ",", ("VRAI", "FAUX")),
    Program("Excel in Spanish", ";", ",", ("VERDADERO", "FALSO")),
    Program("Excel in Italian", ";", ",", ("VERO", "FALSO")),
    Program("Excel in Polish", ";", ",", ("PRAWDA", "FAŁSZ")),
    Program("Excel in Japanese"),
    Program("Excel in German, Unicode text", "\t", ",", ("WAHR", "FALSCH"), "utf-16"),
    Program("Excel in English, Unicode text", "\t", encoding="utf-16"),
    Program("Excel with its separator said", ";", ",", ("WAHR", "FALSCH"), first_line="sep=;\r\n"),
    Program("Excel on a Mac", ";", ",", ("WAHR", "FALSCH"), line_end="\r"),
    Program("LibreOffice, all texts quoted", ",", ".", encoding="utf-8", line_end="\n", quoting=csv.QUOTE_ALL),
    Program("LibreOffice in French, UTF-16", ";", ",", ("VRAI", "FAUX"), "utf-16-le", "\n"),
    Program("LibreOffice with tabs", "\t", ",", ("WAHR", "FALSCH"), "utf-8", "\n"),
    Program("LibreOffice with bars", "|", encoding="utf-8", line_end="\n"),
    Program("LibreOffice with two decimals", ";", ",", encoding="utf-8", show="{:.2f}".format),
    Program("Numbers in German", ";", ",", ("WAHR", "FALSCH"), "utf-8", first_line="Table 1\r\n"),
    Program("Google Sheets in German", ",", ",", ("WAHR", "FALSCH"), "utf-8"),
    Program("pandas", line_end="\n", encoding="utf-8", has_float_columns=True),
    Program("pandas, nan", line_end="\n", encoding="utf-8", has_float_columns=True, empty="nan"),
    Program("pandas, None", line_end="\n", encoding="utf-8", has_float_columns=True, empty="None"),
    Program("pandas, <NA>", line_end="\n", encoding="utf-8", has_float_columns=True, empty="<NA>"),
    Program("pandas, German", ";", ",", encoding="utf-8", line_end="\n", has_float_columns=True, empty="NaN"),
    Program("pandas, floats", encoding="utf-8", line_end="\n", show=show_in_pandas, empty="NaN"),
)
