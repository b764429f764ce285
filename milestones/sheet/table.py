"""What came back, as a table of cells; nobody needs to trust the file.

Sizes are checked before anything is read, and nothing is ever unpacked to disk.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from milestones.sheet.cells import Cell, Unreadable
from milestones.sheet.columns import EVERY, flat, keys_by_heading
from milestones.sheet.writing import live

MAX_FILE = 5_000_000  # bytes
MAX_UNPACKED = 20_000_000  # bytes, of all parts of a workbook: 410 rows take one million
MAX_TAGS = 700_000  # in one part: each becomes an object in memory
MAX_PARTS = 500
MAX_ROWS = 5_000
MAX_COLUMNS = 100
LAST_ROW = 1_048_576  # of any spreadsheet
OLD = b"\xd0\xcf\x11\xe0"  # how .xls begins, and an .xlsx with a password


class RefusedError(ValueError):
    """The file as a whole cannot be read; the text says why, and what to do."""


@dataclass(frozen=True)
class Table:
    """The heading and the rows that are not blank, each with its number in the spreadsheet."""

    heading: list[str]
    rows: list[tuple[int, list[Cell]]]


def opened(data: bytes) -> Table:
    """The table in the bytes of an XLSX or a CSV file. Raises RefusedError."""
    if len(data) > MAX_FILE:
        raise RefusedError(_("The file is larger than 5 MB: bring back a smaller one."))
    if data.startswith(OLD):
        raise RefusedError(
            _("This is an old .xls file, or it has a password: save it as .xlsx without one.")
        )
    return _of_workbook(data) if data.startswith(b"PK") else _of_text(data)


def _table(lines: Iterable[tuple[int, list[Cell]]]) -> Table:
    heading: list[str] = []
    rows = []
    for number, cells in lines:
        if number == 1:
            heading = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
        elif any(not isinstance(cell, str) or cell.strip() for cell in cells):
            if number > MAX_ROWS + 1:
                raise RefusedError(
                    _("The file has more than %(rows)s rows: bring back only yours.")
                    % {"rows": f"{MAX_ROWS:,}"}
                )
            rows.append((number, cells))
    while heading and not heading[-1]:
        heading.pop()
    if len(heading) > MAX_COLUMNS:
        raise RefusedError(_("The file has too many columns: bring back the one you took out."))
    if not heading:
        raise RefusedError(_("The first row is empty: it must hold the headings of the columns."))
    return Table(heading, rows)


def _of_workbook(data: bytes) -> Table:
    """The table in the sheet that has the headings, else in the first."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refused = _refused(archive)
        if not refused:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what it leaves out: pictures, rules, links
                book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
                return _table(_lines(_with_headings(book)))
    except RefusedError:
        raise
    except Exception as error:  # a broken workbook makes zipfile and openpyxl stumble in any way
        raise RefusedError(_broken()) from error
    raise RefusedError(refused)


def _broken() -> str:
    return _("This is no workbook that can be read: save it again as .xlsx, or as CSV.")


def _refused(archive: zipfile.ZipFile) -> str:
    """Why a workbook would take too much to read, or does more than hold cells; or ''."""
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    too_large = _("Unpacked, the workbook is far too large for this report.")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return too_large
    if any(part.flag_bits & 1 for part in parts):
        return _("The file has a password: save it without one.")
    if any(name.endswith("vbaproject.bin") for name in names):
        return _("The workbook holds macros: save it as .xlsx without them.")
    for part in parts:
        content = archive.read(part).replace(b"\0", b"")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            return _broken()
        if content.count(b"<") > MAX_TAGS:
            return too_large
    return ""


def _with_headings(book: Any) -> Any:
    """The sheet to read: the first whose headings name the code."""
    known = keys_by_heading(EVERY)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS, values_only=True):
            if any(known.get(flat(str(value))) == "code" for value in row if value):
                return sheet
    return book.worksheets[0]


def _lines(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    lines = sheet.iter_rows(max_row=LAST_ROW, max_col=MAX_COLUMNS + 1)
    blank = None  # every row of a gap is the same one: a million of them take no time
    for number, line in enumerate(lines, 1):
        if line is blank:
            continue
        if any(cell.value is not None for cell in line):
            yield number, [_cell(cell.value, cell.data_type) for cell in line]
        else:
            blank = line


def _cell(value: Any, kind: str) -> Cell:
    if kind == "f":
        return Unreadable(_("This is a formula: put its value there instead."))
    if kind == "e":
        return Unreadable(_("This is an error of the spreadsheet: put a value there."))
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return Decimal(f"{value:.15g}")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else live(str(value))


def _of_text(data: bytes) -> Table:
    """The table in a CSV, by whichever separator finds most of the headings."""
    text = _decoded(data)
    known = keys_by_heading(EVERY)

    def headings(separator: str) -> int:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        return sum(flat(cell) in known for cell in first)

    try:
        separator = max(",;\t", key=headings)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return _table((n, [live(cell) for cell in cells]) for n, cells in enumerate(reader, 1))
    except csv.Error as error:
        raise RefusedError(
            _("A quote is opened in a cell and not closed: save the file anew as CSV UTF-8.")
        ) from error


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if wide else ["utf-8-sig"]
    if not data.startswith(b"\xef\xbb\xbf") and not wide:
        encodings.append("cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RefusedError(_("This is neither an XLSX nor a CSV file: save it as one of the two."))
