"""Reading a package: from a folder or a zip to canonical rows, or to every fault at once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from nextgen.package import rules as _rules  # noqa: F401 - the rules register themselves
from nextgen.package.book import Book, broken_rules
from nextgen.package.checking import wrong_cells
from nextgen.package.column import LANGUAGES, Column
from nextgen.package.container import contents
from nextgen.package.decoding import sheet
from nextgen.package.fault import Fault, FaultsError
from nextgen.package.package import Package
from nextgen.package.schema import DESCRIPTOR, descriptor, ordered
from nextgen.package.sheet import Sheet
from nextgen.package.tables import TABLES


def read(path: Path) -> Package:
    """The package in this folder or zip. Raises FaultsError, which names every fault at once."""
    files, faults = contents(path)
    sheets = {
        name: sheet(table.path, files[table.path])
        if table.path in files
        else Sheet(table.path, unread=True)
        for name, table in TABLES.items()
    }
    languages = _languages(sheets)
    for name, each in sheets.items():
        each.faults += heading(each, TABLES[name].by_name(languages), languages)
        faults += [*each.faults, *wrong_cells(each, TABLES[name], languages)]
    book = Book(languages, sheets)
    named = {(fault.file, fault.line, fault.column) for fault in faults}
    faults += [
        fault for fault in broken_rules(book) if (fault.file, fault.line, fault.column) not in named
    ]
    faults += _descriptor(files.get(DESCRIPTOR), languages)
    if faults:
        raise FaultsError(faults)
    return Package.of(languages, {name: book.rows(name) for name in TABLES})


def _languages(sheets: dict[str, Sheet]) -> list[str]:
    """The plan's languages; where plan.csv does not tell, those that most headings show."""
    rows = sheets["plan"].rows
    told = rows[0].many("languages") if rows else []
    if told and set(told) <= set(LANGUAGES):
        return ordered(told)
    shown = [name[-2:] for each in sheets.values() for name in each.header if name[-3:-2] == "_"]
    return [code for code in LANGUAGES if shown.count(code) > 1] or list(LANGUAGES)


def heading(each: Sheet, wanted: dict[str, Column], languages: list[str]) -> Iterator[Fault]:
    """Faults of the first line; a column that is missing or twice spoils the rows."""
    header, names = each.header, list(wanted)
    if len(header) < 2:  # empty, or separated by something else
        return
    unknown = [name for name in header if name not in wanted]
    missing = [name for name in names if name not in header]
    twice = [name for name in dict.fromkeys(header) if name in wanted and header.count(name) > 1]
    for name in unknown:
        meant = get_close_matches(name.strip().lower(), missing, n=1)
        told = "is no column of this file: remove it"
        if name[-3:-2] == "_" and name[-2:] in LANGUAGES and name[-2:] not in languages:
            told = f"is of a language that the plan ({';'.join(languages)}) has not: remove it"
        elif meant:
            told = f"is no column of this file: did you mean {meant[0]}?"
        yield Fault(each.file, 1, name, told)
    for name in missing:
        before = names[names.index(name) - 1] if name != names[0] else ""
        where = f"after {before}" if before else "as the first"
        yield Fault(each.file, 1, name, f"is missing in the heading: add the column {where}")
    for name in twice:
        yield Fault(each.file, 1, name, "stands twice in the heading: keep one")
    if missing or twice:
        each.scraps += [replace(row, whole=False) for row in each.rows]
        each.rows.clear()
    elif not unknown and header != names:
        wrong, right = next(pair for pair in zip(header, names, strict=True) if len(set(pair)) > 1)
        told = f"stands where {right} belongs: keep the order of {DESCRIPTOR}"
        yield Fault(each.file, 1, wrong, told)


def _descriptor(data: bytes | None, languages: list[str]) -> Iterator[Fault]:
    """Where datapackage.json says something else than the descriptor of this plan."""
    if data is None:
        return
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        yield Fault(DESCRIPTOR, line, "", "is not JSON: write it anew with export_plan")
        return
    place = _difference(told, descriptor(languages))
    if place is not None:
        yield Fault(DESCRIPTOR, 0, place, "differs from the schema: write it with export_plan")


def _difference(told: object, wanted: object, place: str = "") -> str | None:
    """The first place at which two JSON values differ, such as 'resources.0.name'."""
    pairs: list[tuple[str, object, object]] = []
    if isinstance(told, dict) and isinstance(wanted, dict):
        pairs = [(key, told.get(key), wanted.get(key)) for key in {**wanted, **told}]
    elif isinstance(told, list) and isinstance(wanted, list) and len(told) == len(wanted):
        pairs = [(str(i), *pair) for i, pair in enumerate(zip(told, wanted, strict=True))]
    elif told != wanted:
        return place
    below = (_difference(a, b, f"{place}.{key}".lstrip(".")) for key, a, b in pairs)
    return next((found for found in below if found is not None), None)
