"""Rules of the plan as a whole: one plan, its languages, where values come from."""

from collections.abc import Iterator

from nextgen.package.book import Book, rule
from nextgen.package.fault import Fault
from nextgen.package.notation import alternatives
from nextgen.package.tables import TABLES


@rule("plan")
def one_plan(book: Book) -> Iterator[Fault]:
    if not book.all("plan"):
        yield Fault("plan.csv", 2, "", "has no row: write the plan in one row")
    for row in book.all("plan")[1:]:
        yield Fault("plan.csv", row.line, "", "is a second plan: a package holds one")


@rule("plan")
def the_plan_starts_before_it_ends(book: Book) -> Iterator[Fault]:
    for row in book.rows("plan"):
        start, end = row.day("start"), row.day("end")
        if start and end and not start < end:
            yield book.at("plan", row, "end", f"is not after the start: write a day after {start}")


@rule("plan", "texts")
def a_text_stands_in_all_languages(book: Book) -> Iterator[Fault]:
    given: dict[str, set[str]] = {}
    for row in book.all("texts"):
        given.setdefault(row["page"], set()).add(row["language"])
        if row["language"] and row["language"] not in book.languages:
            told = f"the plan has no language {row['language']}: write {_or(book.languages)}"
            yield book.at("texts", row, "language", told)
    for page, row in book.by("page", "texts").items():
        for language in book.languages:
            if language not in given[page]:
                told = f"the page {page} has no text in {language}: add a row"
                yield book.at("texts", row, "page", told)


@rule("plan")
def a_value_stands_in_all_languages(book: Book) -> Iterator[Fault]:
    """Except what never changes: a language that joins the plan later stays empty there."""
    frozen = {row["month"] for row in book.rows("reports") if row["state"] == "published"}
    for table in TABLES.values():
        optional = [each for each in table.columns if each.translated and not each.required]
        for column in optional:
            names = column.names(book.languages)
            for row in book.rows(table.name):
                if table.name == "changes" or {row["report"], row["month"]} & frozen:
                    continue
                given = [name[-2:] for name in names if row[name]]
                for name in names:
                    if given and not row[name]:
                        told = f"is given in {' and '.join(given)} only: give it in {name[-2:]} too"
                        yield book.at(table.name, row, name, told)


@rule()
def a_sourced_row_has_its_source(book: Book) -> Iterator[Fault]:
    for table, row in book.with_column("provenance"):
        if row["provenance"] == "sourced" and not row["source"]:
            told = "is empty on a sourced row: name the source, or write recalled or reconstructed"
            yield book.at(table, row, "source", told)


@rule()
def unsourced_names_columns(book: Book) -> Iterator[Fault]:
    for table, row in book.with_column("unsourced"):
        columns = [
            column
            for column in TABLES[table].columns
            if column.name not in (*TABLES[table].key, "provenance", "source", "unsourced")
        ]
        known = [name for each in columns for name in (each.name, *each.names(book.languages))]
        for name in row.many("unsourced"):
            if name not in known:
                told = f"names {name!r}, which is no column with a source: write one, e.g. "
                yield book.at(table, row, "unsourced", told + columns[-1].name)


def _or(languages: list[str]) -> str:
    return alternatives(tuple(languages))
