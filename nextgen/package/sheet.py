"""One CSV file as text: its rows with the lines an editor shows, and the faults of its form.

Own code, not Python's csv or Frictionless: both read on in silence after a quote in the wrong
place, and neither knows the line on which a cell begins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from milestones.quarter import Quarter
from nextgen.package.fault import Fault

MAX_CELL = 1_000_000  # characters: the longest story of a project has some 10,000
MAX_CELLS = 1_000  # in one row
MAX_BROKEN = 1_000  # rows, after which the rest of the file is not looked at

_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_PLAIN = re.compile(r"[^,\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Row:
    """One row: its cells by heading. `line` is where it begins, 0 if it is of the database.

    A row that is not `whole` has too few or too many cells, perhaps in wrong columns.
    """

    line: int
    cells: dict[str, str]
    whole: bool = True

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def line_of(self, column: str) -> int:
        """The line on which this cell begins: cells before it may span several."""
        names = list(self.cells)
        before = names[: names.index(column)] if column in self.cells else []
        return self.line + sum(self.cells[name].count("\n") for name in before)

    def number(self, column: str) -> Decimal | None:
        """The number of this cell; None where it is empty or not one."""
        right = re.fullmatch(r"-?\d{1,18}(\.\d+)?", self[column])
        return Decimal(self[column]) if right else None

    def day(self, column: str) -> date | None:
        """The date of this cell; None where it is empty or not one."""
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            return None

    def quarter(self, column: str) -> Quarter | None:
        """The quarter of this cell; None where it is empty or not one."""
        try:
            return Quarter.parse(self[column])
        except ValueError:
            return None

    def many(self, column: str) -> list[str]:
        """The values of a list cell."""
        return [part.strip() for part in self[column].split(";") if part.strip()]


@dataclass
class Sheet:
    """A CSV file: its rows, those that are not whole (`scraps`), and the faults of its form.

    `unread`: there may be more rows than these, so that nobody can say what is missing.
    """

    file: str
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    scraps: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unread: bool = False

    def at(self, row: Row, column: str, sentence: str) -> Fault:
        return Fault(self.file, row.line_of(column), column, sentence)


class _UnreadableError(Exception):
    """The file cannot be read beyond this line; `column` counts cells from 0."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.column, self.sentence = line, column, sentence


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text, each with the line on which it begins (RFC 4180, any line break)."""
    position, line = 0, 1
    while position < len(text):
        begins = line
        cells: list[str] = []
        while True:
            quoted = text.startswith('"', position)
            match = (_QUOTED if quoted else _PLAIN).match(text, position)
            if match is None:
                raise _UnreadableError(
                    line, len(cells), "opens a quote that is never closed: close it"
                )
            cell = match[1].replace('""', '"') if quoted else match[0]
            if not quoted and '"' in cell:
                raise _UnreadableError(
                    line,
                    len(cells),
                    "has a quote inside: quote the whole cell and double the one inside",
                )
            cells.append(_BREAK.sub("\n", cell))
            ends, position = line + cells[-1].count("\n"), match.end()
            after = _BREAK.match(text, position)
            if position == len(text) or after:
                position, line = after.end() if after else position, ends + 1
                break
            if text[position] != ",":
                raise _UnreadableError(
                    line,
                    len(cells) - 1,
                    f"opens a quote that closes in the middle of a cell on line {ends}: "
                    "close it at the end, and double quotes inside",
                )
            if len(cells) >= MAX_CELLS:
                raise _UnreadableError(begins, 0, f"has more than {MAX_CELLS} cells in this row")
            position, line = position + 1, ends
        yield begins, cells


def parse(file: str, text: str) -> Sheet:
    """Reads a CSV text into a sheet; rows that are not like the heading are faults, not rows."""
    sheet = Sheet(file)

    def wrong(line: int, sentence: str, column: str = "") -> None:
        sheet.faults.append(Fault(file, line, column, sentence))

    try:
        for line, cells in records(text):
            if not sheet.header:
                sheet.header = cells
                if told := _wrong_separator(cells):
                    wrong(1, told)
                    sheet.unread = True
                    break
            elif told := _wrong_row(sheet.header, cells):
                wrong(line, told)
                sheet.scraps.append(
                    Row(line, dict(zip(sheet.header, cells, strict=False)), whole=False)
                )
            else:
                sheet.rows.append(Row(line, dict(zip(sheet.header, cells, strict=True))))
            if len(sheet.faults) > MAX_BROKEN:
                wrong(line, f"is the fault number {MAX_BROKEN:,}: the rest was not read")
                sheet.unread = True
                break
    except _UnreadableError as error:
        names = dict(enumerate(sheet.header))
        wrong(error.line, error.sentence, names.get(error.column, ""))
        sheet.unread = True
    if not sheet.header:
        sheet.unread = True
        wrong(1, "is empty: write at least the heading")
    return sheet


def _wrong_separator(header: list[str]) -> str:
    """What to write where the heading is separated by something else than commas."""
    for sign, name in {";": "semicolons", "\t": "tabs", "|": "bars"}.items():
        if len(header) == 1 and sign in header[0]:
            return f"is separated by {name}: separate the cells by commas"
    return ""


def _wrong_row(header: list[str], cells: list[str]) -> str:
    """What is wrong with a row as a whole, or ''."""
    if cells == [""]:
        return "is blank: remove the line"
    if not any(cells):
        return "has empty cells only: remove the row"
    if len(cells) != len(header):
        much = "few" if len(cells) < len(header) else "many; quote a cell that holds a comma"
        return f"has {len(cells)} cells where the heading has {len(header)}: too {much}"
    if max(map(len, cells)) > MAX_CELL:
        return f"has a cell of more than {MAX_CELL:,} characters: shorten it"
    return ""
