"""The package as a SQLite database, and what Datasette shows beside it."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

from nextgen.package.column import Column, Kind, Table
from nextgen.package.package import Package
from nextgen.package.schema import descriptor
from nextgen.package.tables import TABLES
from nextgen.whole.values import Value, rows

TYPES: dict[Kind, str] = {
    "integer": "INTEGER",
    "year": "INTEGER",
    "boolean": "INTEGER",
    "number": "REAL",
}
LABELS = ("title", "name")


def database(package: Package) -> bytes:
    """The tables with keys and references; a list of codes is a table of its own as well.

    The same package gives the same bytes with the same SQLite.
    """
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("PRAGMA page_size = 4096")
        for table in TABLES.values():
            made.execute(_create(table, package.languages))
            _insert(made, table.name, [_stored(row) for row in rows(package, table.name)])
            for column in _lists(table):
                made.execute(_create_list(table, column))
                _insert(made, _list_name(table, column), _listed(package, table, column))
        made.commit()
        made.execute("VACUUM")
        return made.serialize()


def datasette(package: Package, name: str, source_url: str) -> bytes:
    """The metadata with which Datasette tells what the tables of the database `name` are."""
    told = descriptor(package.languages)
    [licence] = told["licenses"]
    plan = package.tables["plan"][0]
    language = label_language(package.languages)
    metadata = {
        "title": plan[f"official_name_{language}"],
        "description": told["description"],
        "license": licence["title"],
        "license_url": licence["path"],
        "source": plan[f"name_{language}"],
        **({"source_url": source_url} if source_url else {}),
        "databases": {name: {"tables": _tables(told["resources"])}},
    }
    return (json.dumps(metadata, indent=2, ensure_ascii=False) + "\n").encode()


def label_language(languages: list[str]) -> str:
    """The language in which a record is named where one has to do: English if there is."""
    return "en" if "en" in languages else languages[0]


def _tables(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        resource["name"]: {
            "title": resource["name"].replace("_", " ").capitalize(),
            "description": resource["description"],
            **_label(TABLES[resource["name"]]),
            "columns": {
                field["name"]: field["description"]
                + (f" ({field['unit']})" if "unit" in field else "")
                for field in resource["schema"]["fields"]
            },
        }
        for resource in resources
    }


def _label(table: Table) -> dict[str, str]:
    found = [column.name for column in table.columns if column.name in LABELS]
    return {"label_column": found[0]} if found else {}


def _create(table: Table, languages: list[str]) -> str:
    columns = [_column(name, column) for name, column in table.by_name(languages).items()]
    # A record that is named in several languages has one name that tools find by themselves.
    columns += [
        f'"{column.name}" TEXT GENERATED ALWAYS AS ("{column.name}_{label_language(languages)}")'
        for column in table.columns
        if column.translated and column.name in LABELS
    ]
    references = [_reference(c.name, c.to) for c in table.columns if c.to and not c.many]
    return _table(table.name, [*columns, _key(table.key), *references])


def _create_list(table: Table, column: Column) -> str:
    owner = {_owner(table, key): TYPES.get(_kind(table, key), "TEXT") for key in table.key}
    listed = TABLES[column.to.split(".")[0]].record
    names = ", ".join(f'"{name}"' for name in owner)
    keys = ", ".join(f'"{key}"' for key in table.key)
    return _table(
        _list_name(table, column),
        [
            *(f'"{name}" {kind} NOT NULL' for name, kind in owner.items()),
            f'"{listed}" TEXT NOT NULL',
            _key((*owner, listed)),
            f'FOREIGN KEY ({names}) REFERENCES "{table.name}" ({keys})',
            _reference(listed, column.to),
        ],
    )


def _table(name: str, lines: list[str]) -> str:
    return f'CREATE TABLE "{name}" (\n  ' + ",\n  ".join(lines) + "\n)"


def _column(name: str, column: Column) -> str:
    kind = "TEXT" if column.many else TYPES.get(column.kind, "TEXT")
    return f'"{name}" {kind}' + (" NOT NULL" if column.required else "")


def _key(names: tuple[str, ...]) -> str:
    return "PRIMARY KEY ({})".format(", ".join(f'"{name}"' for name in names))


def _reference(name: str, to: str) -> str:
    table, key = to.split(".")
    return f'FOREIGN KEY ("{name}") REFERENCES "{table}" ("{key}")'


def _lists(table: Table) -> list[Column]:
    return [column for column in table.columns if column.many and column.to]


def _list_name(table: Table, column: Column) -> str:
    return f"{table.name}_{column.name}"


def _owner(table: Table, key: str) -> str:
    """A key of one column is named after the record, as in other tables."""
    return table.record.replace(" ", "_") if len(table.key) == 1 else key


def _kind(table: Table, key: str) -> Kind:
    return next(column.kind for column in table.columns if column.name == key)


def _listed(package: Package, table: Table, column: Column) -> list[list[Any]]:
    return [
        [*(row[key] for key in table.key), code]
        for row in package.tables[table.name]
        for code in row.many(column.name)
    ]


def _insert(made: sqlite3.Connection, table: str, found: list[list[Any]]) -> None:
    if found:
        places = ", ".join("?" * len(found[0]))
        # Names are those of our tables; values are bound.
        made.executemany(f'INSERT INTO "{table}" VALUES ({places})', found)  # noqa: S608


def _stored(row: list[Value]) -> list[Value | float]:
    return [_native(value) for value in row]


def _native(value: Value) -> Value | float:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
