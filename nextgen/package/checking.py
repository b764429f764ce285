"""The cells of a package held against its descriptor, in plain sentences.

Types and constraints are decided by Frictionless, field by field, from the very descriptor that is
published; what it tolerates and we do not, and what stands in a list, `notation` decides. Keys
and references are rules of ours: Frictionless gives them only with its whole machinery, which
opens a file anew for each reference, knows rows but not lines, refers from no list, and takes
0.8 s for the plan of Belgium where its fields take 0.05 s. A test has it validate the package.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from frictionless import Schema

from nextgen.package.column import Column, Table
from nextgen.package.fault import Fault
from nextgen.package.misreadings import quoted
from nextgen.package.notation import beyond, misreading, written
from nextgen.package.sheet import Sheet

Reader = Callable[[str], tuple[Any, dict[str, str] | None]]


@cache
def _readers(table: Table, languages: tuple[str, ...]) -> dict[str, Reader]:
    """By column what reads a cell and notes each constraint that it breaks."""
    schema = Schema.from_descriptor(table.resource(list(languages))["schema"])
    return {field.name: field.create_cell_reader() for field in schema.fields}


def wrong_cells(sheet: Sheet, table: Table, languages: list[str]) -> Iterator[Fault]:
    """A fault for each cell that is not as its column says; the others become canonical."""
    readers = _readers(table, tuple(languages))
    columns = table.by_name(languages)
    for place, row in enumerate(sheet.rows):
        cells = dict(row.cells)
        for heading, cell in row.cells.items():
            column = columns.get(heading)
            if column is None:  # an unknown column is a fault of the heading
                continue
            if wrong := _wrong(column, cell, readers[heading]):
                yield sheet.at(row, heading, wrong)
            else:
                cells[heading] = written(column, cell)
        sheet.rows[place] = replace(row, cells=cells)


def _wrong(column: Column, cell: str, reader: Reader) -> str:
    """What would be right in this cell, or ''."""
    if wrong := misreading(column, cell):
        return wrong
    _value, notes = reader(cell)
    if not notes:
        return ""
    if "required" in notes:
        return "is empty: it must be given"
    if "maxLength" in notes:
        return f"is {len(cell)} characters long: at most {column.max_length} fit"
    return beyond(column, cell) or f"{quoted(cell)} is not as it should be: {min(notes.values())}"
