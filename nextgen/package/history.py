"""What an import tells auditors of each row that it adds, changes or removes."""

from collections.abc import Iterator

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from nextgen.package.applying import Writer
from nextgen.package.difference import Difference, name_of
from nextgen.package.sheet import Row
from nextgen.package.stored import MODELS
from nextgen.package.tables import TABLES

Values = dict[str, tuple[str, str]]


def tell(found: Difference, writer: Writer, role: str) -> None:
    """Adds an entry for each row of a difference that was written; one statement.

    Imports write many rows at once, past the signals by which the history is kept otherwise.
    """
    LogEntry.objects.bulk_create(
        LogEntry(
            content_type=ContentType.objects.get_for_model(MODELS[table]),
            object_pk=str(pk),
            object_id=pk,
            object_repr=name_of(table, row),
            action=action,
            changes=values,
            additional_data={"action": "import", "role": role},
        )
        for table, row, action, values in _rows(found)
        if (pk := writer.pks[table].get(TABLES[table].order(row.cells)))
    )


def _rows(found: Difference) -> Iterator[tuple[str, Row, int, Values]]:
    changed: dict[int, tuple[str, Row, Values]] = {}
    for change in [*found.changed, *found.translations]:
        _table, _row, values = changed.setdefault(id(change.row), (change.table, change.row, {}))
        values[change.column] = (change.old, change.new)
    for table, row, values in changed.values():
        yield table, row, LogEntry.Action.UPDATE, values
    for table, rows in found.added.items():
        for row in rows:
            given = {column: ("", cell) for column, cell in row.cells.items() if cell}
            yield table, row, LogEntry.Action.CREATE, given
    for table, rows in found.removed.items():
        for row in rows:
            gone = {column: (cell, "") for column, cell in row.cells.items() if cell}
            yield table, row, LogEntry.Action.DELETE, gone
