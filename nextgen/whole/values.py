"""The rows of a package as values with types of their own, for formats that know types."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from nextgen.package.column import Column
from nextgen.package.notation import read
from nextgen.package.package import Package
from nextgen.package.tables import TABLES

Value = str | int | bool | Decimal | date | None


def rows(package: Package, table: str) -> Iterator[list[Value]]:
    """Each row of this table in the order of its columns; None where nothing is given."""
    columns = TABLES[table].by_name(package.languages)
    for row in package.tables[table]:
        yield [_value(column, row[name]) for name, column in columns.items()]


def _value(column: Column, text: str) -> Value:
    if not text:
        return None
    # A quarter is written 2024-Q4 everywhere.
    value: Value = text if column.kind == "quarter" else read(column, text)
    return value
