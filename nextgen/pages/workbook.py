"""A table as an XLSX workbook: real numbers and dates, no formula, the same bytes each time."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from milestones.sheet.writing import ACTIVE
from projects.translated import CONTROLS

NARROW, WIDE = 8, 48


class _Undated(ZipFile):
    """A zip that does not tell when it was made."""

    def open(self, name: Any, mode: Any = "r", *arguments: Any, **options: Any) -> Any:
        if isinstance(name, ZipInfo) and mode == "w":
            name.date_time = (1980, 1, 1, 0, 0, 0)
        return super().open(name, mode, *arguments, **options)


def workbook(
    name: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], day: date | None
) -> bytes:
    """One sheet of this name; `title` and `day` stand in its properties."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, "NextGen"
    if day:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - openpyxl takes no zone
        book.properties.created = book.properties.modified = midnight
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for number, cells in enumerate(zip(columns, *rows, strict=True), 1):
        longest = max(len(str(cell)) for cell in cells)
        width = min(max(longest + 2, NARROW), WIDE)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_text(sheet, column, bold=True) for column in columns])
    for row in rows:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    out = io.BytesIO()
    ExcelWriter(book, _Undated(out, "w", ZIP_DEFLATED)).save()
    return out.getvalue()


def _text(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, CONTROLS.sub(" ", text))
    # openpyxl takes what begins with '=' for a formula; Excel does when it is edited.
    cell.data_type = "s"
    if ACTIVE.match(text):
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
