"""The cells of a table read as what people mean by them, with every fault at its place."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from milestones.models import ProgressReport
from milestones.sheet.cells import Cell, Unreadable, plain, read
from milestones.sheet.columns import SAYING, SIGNING, Column, flat, keys_by_heading
from milestones.sheet.table import Table

READ = {"code", "unchanged", "mark", "report", *(column.key for column in SAYING)}


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `cell` as a spreadsheet names it, '' for the file as a whole."""

    row: int
    cell: str
    heading: str
    sentence: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, [self.cell, self.heading]))
        return f"{place}: {self.sentence}" if place else self.sentence


@dataclass(frozen=True)
class Line:
    """One row as somebody filled it in; `words` has what stands in the columns that are there.

    `wrong` names the columns whose cells could not be read.
    """

    number: int
    code: str
    mark: int
    unchanged: bool
    words: dict[str, str]
    wrong: list[str] = field(default_factory=list)


@dataclass
class Filled:
    """A file that came back. `headings` has (letter, heading) by the key of each column."""

    headings: dict[str, tuple[str, str]]
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def fault(self, row: int, key: str, sentence: str) -> Fault:
        """A fault in a row; the column may be missing in the file, and then is only named."""
        letter, heading = self.headings.get(key, ("", ""))
        if not heading:
            known = [*SAYING, SIGNING]
            heading = next((column.heading for column in known if column.key == key), "")
        place = f"{letter}{row}" if letter else _("row %(number)s") % {"number": row}
        return Fault(row, place, heading, sentence)


def filled(table: Table, columns: list[Column], report: ProgressReport) -> Filled:
    """Reads a table; where it is of another report or has no codes, that alone is the fault."""
    found, places = _headed(table, columns)
    if found.faults:
        return found
    if other := _other_report(table, places, report):
        found.faults.append(Fault(0, "", "", other))
        return found
    lines: dict[str, Line] = {}
    for number, cells in table.rows:
        line = _line(found, number, _by_key(cells, places))
        if any(isinstance(cell, Unreadable) or cell for cell in cells[len(table.heading) :]):
            letter = get_column_letter(len(table.heading) + 1)
            sentence = _("Something stands to the right of the last heading: take it away.")
            found.faults.append(Fault(number, f"{letter}{number}", "", sentence))
        twin = lines.setdefault(line.code, line) if line.code else line
        if (twin.words, twin.unchanged) != (line.words, line.unchanged):
            sentence = _("%(code)s stands in row %(row)s too, and says something else there.")
            told = sentence % {"code": line.code, "row": twin.number}
            found.faults.append(found.fault(number, "code", told))
    found.lines = list(lines.values())
    return found


def _headed(table: Table, columns: list[Column]) -> tuple[Filled, dict[str, int]]:
    """The file without its rows, and where its columns are."""
    known = keys_by_heading(columns)
    found, places = Filled({}), {}
    for index, heading in enumerate(table.heading):
        key, letter = known.get(flat(heading)), get_column_letter(index + 1)
        if key is None:
            found.unknown += [f"{letter}, {heading}"] if heading else []
        elif key not in places:
            places[key], found.headings[key] = index, (letter, heading)
        elif key in READ:
            sentence = _("This column is there twice: take one of them away.")
            found.faults.append(Fault(1, f"{letter}1", heading, sentence))
    if "code" not in places:
        sentence = _("The column with the codes of the milestones is missing.")
        found.faults.append(Fault(1, "", "", sentence))
    return found, {key: place for key, place in places.items() if key in READ}


def _by_key(cells: list[Cell], places: dict[str, int]) -> dict[str, Cell]:
    return {key: cells[place] if place < len(cells) else "" for key, place in places.items()}


def _other_report(table: Table, places: dict[str, int], report: ProgressReport) -> str:
    """What to say of a file that was made for another report; '' for this one's."""
    if "report" in places:
        for _number, cells in table.rows:
            said = str(_by_key(cells, places)["report"])
            if said.strip() and report.month not in said:
                return _(
                    "This file is of another report (%(said)s): the one that is open is"
                    " %(month)s. Take out a new file."
                ) % {"said": said[:60], "month": report.month}
    return ""


def _line(found: Filled, number: int, cells: dict[str, Cell]) -> Line:
    """One row; its faults go to the file's."""
    values, wrong = {}, []
    cells.pop("report", None)
    for key, cell in cells.items():
        try:
            values[key] = read(key, cell)
        except ValueError as error:
            wrong.append(key)
            found.faults.append(found.fault(number, key, str(error)))
    code, mark = values.pop("code", ""), values.pop("mark", "")
    if not code and "code" not in wrong:
        found.faults.append(found.fault(number, "code", _("The code of the milestone is missing.")))
    if mark and not mark.isdecimal():
        wrong.append("mark")
        sentence = _("The row mark was changed: take out a new file.")
        found.faults.append(found.fault(number, "mark", sentence))
    known = int(mark) if mark.isdecimal() else 0
    signed = bool(values.pop("unchanged", ""))
    return Line(number, plain(code), known, signed, values, wrong)
