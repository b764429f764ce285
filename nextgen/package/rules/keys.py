"""Rules of every table: keys are used once, references name what exists."""

from collections.abc import Iterator

from nextgen.package.book import Book, rule
from nextgen.package.column import Column
from nextgen.package.fault import Fault
from nextgen.package.tables import TABLES


@rule()
def a_key_is_used_once(book: Book) -> Iterator[Fault]:
    for name, table in TABLES.items():
        lines: dict[tuple[str, ...], int] = {}
        for row in book.rows(name):
            key = tuple(row[column] for column in table.key)
            first = lines.setdefault(key, row.line)
            if first != row.line and all(key):
                own = " and ".join(table.key)
                told = f"{', '.join(key)} is already on line {first}: give every row its own {own}"
                yield book.at(name, row, table.key[0], told)


@rule()
def a_reference_names_what_exists(book: Book) -> Iterator[Fault]:
    for table in TABLES.values():
        for column in table.columns:
            if column.to:
                yield from _dangling(book, table.name, column)


def _dangling(book: Book, table: str, column: Column) -> Iterator[Fault]:
    target, key = column.to.split(".")
    if book.sheets[target].unread:
        return
    known = book.by(key, target)
    for row in book.rows(table):
        for value in row.many(column.name) if column.many else filter(None, [row[column.name]]):
            if value not in known:
                told = f"{value!r} is not in {target}.csv: add it there or correct it here"
                yield book.at(table, row, column.name, told)


@rule("authorities")
def a_position_is_taken_once(book: Book) -> Iterator[Fault]:
    yield from _once(book, "authorities", "position")


@rule("pillars")
def a_slug_is_taken_once(book: Book) -> Iterator[Fault]:
    yield from _once(book, "pillars", "slug")


def _once(book: Book, table: str, column: str) -> Iterator[Fault]:
    lines: dict[str, int] = {}
    for row in book.rows(table):
        first = lines.setdefault(row[column], row.line)
        if row[column] and first != row.line:
            told = f"{row[column]!r} is already on line {first}: give every row its own"
            yield book.at(table, row, column, told)
