"""All sheets of a package that is being checked, as rules across tables look at them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nextgen.package.fault import Fault
from nextgen.package.sheet import Row, Sheet
from nextgen.package.tables import TABLES


@dataclass(frozen=True)
class Book:
    """The sheets by table name, and the plan's languages in their order."""

    languages: list[str]
    sheets: dict[str, Sheet]

    def rows(self, table: str) -> list[Row]:
        """The rows of a table that can be judged."""
        return self.sheets[table].rows

    def all(self, table: str) -> list[Row]:
        """Its rows with those that are not whole, where what is missing would be a fault."""
        return [*self.rows(table), *self.sheets[table].scraps]

    def by(self, column: str, table: str) -> dict[str, Row]:
        """All rows of a table by the value of a column."""
        return {row[column]: row for row in reversed(self.all(table))}

    def at(self, table: str, row: Row, column: str, sentence: str) -> Fault:
        return self.sheets[table].at(row, column, sentence)

    def with_column(self, column: str) -> Iterator[tuple[str, Row]]:
        """Every row, with the name of its table, of the tables that have this column."""
        for name, table in TABLES.items():
            if any(each.name == column for each in table.columns):
                for row in self.rows(name):
                    yield name, row


Rule = Callable[[Book], Iterator[Fault]]
RULES: list[tuple[tuple[str, ...], Rule]] = []


def rule(*tables: str) -> Callable[[Rule], Rule]:
    """Marks a rule that holds a package, and names the tables that it must know to their end."""

    def mark(function: Rule) -> Rule:
        RULES.append((tables, function))
        return function

    return mark


def broken_rules(book: Book) -> Iterator[Fault]:
    """The faults that every rule finds whose tables could be read."""
    for tables, function in RULES:
        if not any(book.sheets[table].unread for table in tables):
            yield from function(book)
