"""The rows as a file: a workbook with drop-downs, or a CSV that Excel opens with its accents."""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from milestones.models import Assessment, ProgressReport, Status
from milestones.quarter import Quarter
from milestones.sheet.cells import YES, plain
from milestones.sheet.columns import Column
from milestones.sheet.rows import Row

EXACT = 15  # digits: a spreadsheet rounds longer numbers
YEARS = 3  # before and after the report, in the lists of quarters
GREY = PatternFill("solid", start_color="FFECECEC")
DARK = PatternFill("solid", start_color="FF1F3A5F")
ACTIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def defused(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{text}" if ACTIVE.match(text) else text


def live(text: str) -> str:
    """What was defused."""
    return text[1:] if text.startswith("'") and ACTIVE.match(text) else text


def cells(row: Row, report: str) -> dict[str, str | Decimal]:
    """The cells of a row by the key of their column."""
    milestone = row.milestone
    found = {
        "code": milestone.code,
        "project": f"{milestone.project.code} {milestone.project.short_title}",
        "milestone": milestone.title,
        "kind": str(milestone.get_kind_display()),
        "unit": milestone.unit,
        "goal": _number(milestone.goal_value),
        "baseline_due": str(milestone.baseline_due),
        "due": str(milestone.due),
        "before": _in_short(row.before),
        **row.words,
        "status": str(row.said.get_status_display()) if row.said else "",
        "achieved_value": _number(row.said.achieved_value if row.said else None),
        "unchanged": "",
        "report": report,
        "mark": Decimal(row.mark),
    }
    return {key: plain(cell) if isinstance(cell, str) else cell for key, cell in found.items()}


def _number(value: Decimal | None) -> Decimal | str:
    if value is None:
        return ""
    short = Decimal(format(value.normalize(), "f"))
    return short if len(short.as_tuple().digits) <= EXACT else str(short)


def _in_short(said: Assessment | None) -> str:
    """'delayed, 2025-Q1'."""
    if said is None:
        return str(Status.NOT_REPORTED.label)
    when = said.done_quarter or said.expected
    return ", ".join(filter(None, [str(said.get_status_display()), when and str(when)]))


def comma_separated(columns: list[Column], rows: Iterable[Row], report: str) -> bytes:
    """The rows as CSV: UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(column.heading for column in columns)
    for row in rows:
        found = cells(row, report)
        writer.writerow(
            defused(cell) if isinstance(cell, str) else cell
            for cell in (found[column.key] for column in columns)
        )
    return text.getvalue().encode("utf-8-sig")


def workbook(columns: list[Column], rows: list[Row], report: ProgressReport, name: str) -> bytes:
    """The rows as XLSX: what may be filled in is white, the rest is grey and locked."""
    book = Workbook()
    book.properties.title, book.properties.creator = name, "NextGen"
    sheet = book.worksheets[0]
    sheet.title = name.removeprefix("nextgen-")
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.hidden
        head = sheet.cell(1, number, column.heading)
        head.font = Font(bold=True, color="FFFFFFFF" if column.fill else "FF000000")
        head.fill = DARK if column.fill else GREY
        head.alignment = Alignment(wrap_text=True, vertical="top")
    for line, row in enumerate(rows, 2):
        found = cells(row, name)
        for number, column in enumerate(columns, 1):
            _fill(sheet.cell(line, number), found[column.key], column)
    _offer(sheet, columns, len(rows) + 1, report)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "autoFilter", "sort"):
        setattr(sheet.protection, allowed, False)
    _explain(book.create_sheet(_("How to")))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(cell: Cell | MergedCell, value: str | Decimal, column: Column) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if column.fill:
        cell.protection = Protection(locked=False)
    else:
        cell.fill = GREY
    if isinstance(value, Decimal):
        cell.value = value
    elif value:
        cell.value = defused(value) if value.startswith("'") else value
        # openpyxl takes what begins with '=' for a formula; Excel does when it is edited.
        cell.data_type = "s"
        cell.quotePrefix = bool(ACTIVE.match(value))


def _offer(sheet: Worksheet, columns: list[Column], last: int, report: ProgressReport) -> None:
    """Drop-downs. Only words are held to their list: quarters can be written in other ways."""
    now, span = Quarter.of(report.as_of), YEARS * 4
    lists: dict[str, list[str]] = {
        "status": [str(label) for _key, label in Status.choices[:3]],
        "unchanged": [str(YES)],
        "done_quarter": [str(now + n) for n in range(-span, 1)],
        "expected": [str(now + n) for n in range(span + 1)],
    }
    for number, column in enumerate(columns, 1):
        if column.key in lists:
            choice = DataValidation(
                type="list",
                formula1=f'"{",".join(lists[column.key])}"',
                allow_blank=True,
                showErrorMessage=column.key in {"status", "unchanged"},
                errorTitle=column.heading,
                error=_("Choose from the list, or leave it empty."),
            )
            letter = get_column_letter(number)
            choice.add(f"{letter}2:{letter}{max(last, 2)}")
            sheet.add_data_validation(choice)


def _explain(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 100
    sentences = [
        _("Fill in the white columns of the first sheet; the grey ones are for your information."),
        _("A row without a status stays as it is: nothing is said of the milestone."),
        _(
            "To say again what the report before said, choose '%(yes)s' under '%(heading)s' and"
            " leave the rest of the row alone."
        )
        % {"yes": YES, "heading": _("Unchanged this round")},
        _("Write a quarter as 2024-Q4, a number as 1234.5, and an address with https://."),
        _("Save the file and bring it back to the desk: first you see every change."),
    ]
    for line, sentence in enumerate(sentences, 1):
        sheet.cell(line, 1, sentence).alignment = Alignment(wrap_text=True, vertical="top")
