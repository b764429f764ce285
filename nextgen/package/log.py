"""The lines of the public log that an import writes: one for each public value it changes."""

from collections.abc import Iterator

from milestones.log import Line
from nextgen.package.difference import Difference
from nextgen.package.package import Package
from nextgen.package.sheet import Row
from nextgen.package.tables import TABLES

# Not logged: texts of the site, the log itself, and reports (a draft is not public, a published
# one does not change; what corrects it is told by `_corrections`).
SILENT = ("texts", "changes", "reports", "assessments", "published_figures")
# What comes or goes as a whole is a change of the plan here, and news elsewhere.
WHOLE = {"projects": "code", "milestones": "code", "allocations": "amount"}
# The log is read by project and by milestone.
RECORD = {"allocations": "project", "assessments": "milestone", "verdicts": "milestone"}


def lines(after: Package, found: Difference, published: set[str]) -> list[Line]:
    """What the log must tell of this difference and the package's own new lines do not tell."""
    told = {Line(*(row[name] for name in Line._fields)) for row in found.added["changes"]}
    return [line for line in _all(after, found, published) if line not in told]


def _all(after: Package, found: Difference, published: set[str]) -> Iterator[Line]:
    for change in found.changed:
        if change.table not in SILENT:
            yield _line(change.table, change.row, change.column, change.old, change.new)
    for table, column in WHOLE.items():
        for row in found.added[table]:
            yield _line(table, row, column, "", row[column])
        for row in found.removed[table]:
            yield _line(table, row, column, row[column], "")
    yield from _corrections(after, found, published)


def _corrections(after: Package, found: Difference, published: set[str]) -> Iterator[Line]:
    """New versions of assessments in published reports, told by what they say anew."""
    table = TABLES["assessments"]
    known = {table.order(row.cells): row for row in after.tables["assessments"]}
    for row in found.added["assessments"]:
        if row["report"] in published and row["corrects"]:
            before = known[table.order(row.cells | {"version": row["corrects"]})]
            for column, value in row.cells.items():
                if column not in ("version", "corrects") and before[column] != value:
                    field = f"{column} {row['report']}"
                    yield Line("assessment", row["milestone"], field, before[column], value)


def _line(table: str, row: Row, column: str, old: str, new: str) -> Line:
    key = TABLES[table].key
    record = RECORD.get(table, key[0])
    field = " ".join([column, *(row[each] for each in key if each != record)])
    return Line(TABLES[table].record, row[record], field, old, new)
