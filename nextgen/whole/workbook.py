"""The package as a workbook: what it is, its dictionary, and a sheet for each table."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from milestones.models import ProgressReport
from milestones.sheet.cells import LONGEST
from milestones.sheet.writing import ACTIVE
from nextgen import formats
from nextgen.package.package import Package
from nextgen.package.tables import TABLES
from nextgen.package.writing import archived
from nextgen.whole.dictionary import entries
from nextgen.whole.values import Value, rows
from projects.translated import CONTROLS

SHORT, LONG = 12, 48  # characters: how wide a column may be
AMOUNT = 10_000  # from here on thousands are set apart; years and shares stay below
# Signs that no XML holds, and texts that Excel takes for such a sign.
UNHELD = re.compile(f"{CONTROLS.pattern}|_(?=x[0-9A-Fa-f]{{4}}_)")
Cells = Iterable[Sequence[Value]]


def workbook(package: Package, dated: date) -> bytes:
    """All tables with dates as dates and numbers as numbers; a text is never a formula.

    The same package gives the same bytes: the file is as old as its data.
    """
    book = Workbook(write_only=True)
    book.properties.title = package.tables["plan"][0][f"name_{package.languages[-1]}"]
    book.properties.creator = "NextGen"
    book.properties.created = book.properties.modified = datetime.combine(dated, time.min)
    _fill(book, "About", package.languages, _about(package, dated), wide=True)
    found = _dictionary(package.languages)
    _fill(book, "Dictionary", list(found[0]), [list(entry.values()) for entry in found])
    for name, table in TABLES.items():
        _fill(book, name, list(table.by_name(package.languages)), rows(package, name))
    return _saved(book)


def _about(package: Package, dated: date) -> Cells:
    """What the file is, a column a language."""
    plan = package.tables["plan"][0]
    told = []
    for language in package.languages:
        with override(language):
            told.append(
                [
                    plan[f"official_name_{language}"],
                    plan[f"tagline_{language}"],
                    _edition(package),
                    _("Data of {day}").format(day=formats.day(dated)),
                    _("Licence: CC0 1.0, public domain"),
                    _("A sheet for each table; the sheet Dictionary explains every column."),
                    _("An empty cell: not given. Values of a list are joined by ';'."),
                    _("Part of the data is reconstructed: see the columns provenance, unsourced.")
                    if plan["demonstration"] == "true"
                    else "",
                ]
            )
    return zip(*told, strict=True)


def _edition(package: Package) -> str:
    reports = package.tables["reports"]
    if not reports:
        return _("No progress report yet")
    as_of = ProgressReport(month=reports[-1]["month"]).as_of
    return _("Progress report of {month}").format(month=formats.month(as_of))


def _dictionary(languages: list[str]) -> list[dict[str, str]]:
    """The entries with their descriptions in every language side by side."""
    told = {}
    for language in languages:
        with override(language):
            told[language] = [entry["description"] for entry in entries(languages)]
    with override("en"):
        plain = entries(languages)
    found = []
    for number, entry in enumerate(plain):
        head = {name: entry.pop(name) for name in ("table", "column")}
        del entry["table_description"], entry["description"]
        texts = {f"description_{language}": told[language][number] for language in languages}
        found.append(head | texts | entry)
    return found


def _fill(book: Any, title: str, heads: list[str], cells: Cells, *, wide: bool = False) -> None:
    """A sheet with its first row fixed, bold and to filter by; a `wide` one is only read."""
    sheet = book.create_sheet(title)
    lines = [[_cell(sheet, value) for value in row] for row in cells]
    last = get_column_letter(len(heads))
    sheet.freeze_panes = "A2"
    if not wide:
        sheet.auto_filter.ref = f"A1:{last}{len(lines) + 1}"
    for number, head in enumerate(heads):
        letter = get_column_letter(number + 1)
        longest = max([len(head) + 4, *(len(_shown(line[number])) for line in lines)])
        widest = longest if wide else LONG
        sheet.column_dimensions[letter].width = min(max(longest, SHORT), widest)
    sheet.append([_head(sheet, head) for head in heads])
    for line in lines:
        sheet.append(line)


def _shown(cell: Any) -> str:
    return "" if cell.value is None else str(cell.value).split("\n")[0]


def _head(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    if not isinstance(value, str) or not value:
        cell = WriteOnlyCell(sheet, None if value == "" else value)  # type: ignore[arg-type]
        if isinstance(value, int) and value >= AMOUNT:
            cell.number_format = "#,##0"
        return cell
    text = UNHELD.sub(lambda sign: "_x005F_" if sign[0] == "_" else "", value)
    cell = WriteOnlyCell(sheet, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
    # openpyxl takes what begins with '=' for a formula; Excel does when it is edited.
    cell.data_type = "s"
    if ACTIVE.match(text):
        cell.quotePrefix = True
    return cell


def _saved(book: Workbook) -> bytes:
    """The bytes of the workbook without the moment at which it was written."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        # Not save(): it dates the workbook today.
        ExcelWriter(book, archive).save()
    with zipfile.ZipFile(data) as archive:
        return archived({name: archive.read(name) for name in archive.namelist()})
