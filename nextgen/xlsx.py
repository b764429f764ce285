"""Tables as an XLSX workbook: real numbers and dates, no formula, the same bytes each time."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from milestones.sheet.cells import LONGEST, MISTAKEN
from milestones.sheet.writing import ACTIVE
from nextgen.package.writing import archived
from nextgen.whole.values import Value
from projects.translated import CONTROLS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHORT, LONG = 12, 48  # characters: how wide a column may be
AMOUNT = 10_000  # from here on thousands are set apart; years and shares stay below
FIRST_DAY = date(1980, 1, 1)  # of a file in a zip, where the data has no day


@dataclass(frozen=True)
class Sheet:
    """A table with its heads in the first row, which stays in sight and is to filter by.

    `fixed` is the first cell that moves when one scrolls. A `wide` sheet is only read.
    """

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    fixed: str = "A2"
    wide: bool = False


def workbook(title: str, dated: date | None, sheets: Iterable[Sheet]) -> bytes:
    """These sheets in this order. `title` and `dated`, the day of the data, are its properties.

    The same sheets give the same bytes: the file is as old as its data.
    """
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, "NextGen"
    midnight = datetime.combine(dated or FIRST_DAY, time.min)
    book.properties.created = book.properties.modified = midnight
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        # Not save(): it dates the workbook today.
        ExcelWriter(book, archive).save()
    with zipfile.ZipFile(data) as archive:
        return archived({name: archive.read(name) for name in archive.namelist()})


def _fill(written: Any, sheet: Sheet) -> None:
    lines = [[_cell(written, value) for value in row] for row in sheet.rows]
    written.freeze_panes = sheet.fixed
    if not sheet.wide:
        written.auto_filter.ref = f"A1:{get_column_letter(len(sheet.heads))}{len(lines) + 1}"
    for number, head in enumerate(sheet.heads):
        longest = max([len(head) + 4, *(len(_shown(line[number])) for line in lines)])
        widest = longest if sheet.wide else LONG
        letter = get_column_letter(number + 1)
        written.column_dimensions[letter].width = min(max(longest, SHORT), widest)
    written.append([_head(written, head) for head in sheet.heads])
    for line in lines:
        written.append(line)


def _shown(cell: Any) -> str:
    return "" if cell.value is None else str(cell.value).split("\n")[0]


def _head(written: Any, text: str) -> Any:
    cell = WriteOnlyCell(written, text)
    cell.font = Font(bold=True)
    return cell


def _cell(written: Any, value: Value) -> Any:
    if not isinstance(value, str) or not value:
        cell = WriteOnlyCell(written, None if value == "" else value)  # type: ignore[arg-type]
        if isinstance(value, int) and value >= AMOUNT:
            cell.number_format = "#,##0"
        return cell
    text = MISTAKEN.sub("_x005F_", CONTROLS.sub(" ", value))
    cell = WriteOnlyCell(written, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
    # openpyxl takes what begins with '=' for a formula; Excel does when it is edited.
    cell.data_type = "s"
    if ACTIVE.match(text):
        cell.quotePrefix = True
    return cell
