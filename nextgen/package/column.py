"""A column and a table of the data package, and how Frictionless describes them."""

from dataclasses import dataclass
from typing import Any, Literal

LANGUAGES = ("nl", "fr", "de", "en")
CODE = r"[A-Za-z0-9][A-Za-z0-9._-]*"
QUARTER = r"[12][0-9]{3}-Q[1-4]"
SMALL, LARGE = 32_767, 999_999_999_999_999
"""The largest number a small column of the database takes, and the largest amount in EUR."""

Kind = Literal[
    "text", "code", "slug", "url", "quarter", "month", "date", "year", "integer", "number",
    "boolean",
]  # fmt: skip

_FRICTIONLESS: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "code": {"type": "string", "constraints": {"pattern": CODE}},
    "slug": {"type": "string", "constraints": {"pattern": "[A-Za-z0-9_-]+"}},
    "url": {"type": "string", "format": "uri", "constraints": {"pattern": "https?://.+"}},
    "quarter": {"type": "string", "constraints": {"pattern": QUARTER}},
    "month": {"type": "yearmonth"},
    "date": {"type": "date"},
    "year": {"type": "year"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}


@dataclass(frozen=True)
class Column:
    """One column, or one a language when `translated`.

    `many`: values joined by ';'. `to`: 'table.column' that the value must occur in.
    """

    name: str
    kind: Kind
    description: str
    required: bool = False
    translated: bool = False
    many: bool = False
    to: str = ""
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    choices: tuple[str, ...] = ()

    def names(self, languages: list[str]) -> list[str]:
        """The headings of this column in a plan with these languages."""
        return [f"{self.name}_{each}" for each in languages] if self.translated else [self.name]

    def field(self, name: str) -> dict[str, Any]:
        """What a Table Schema says of the column with this heading."""
        told = {"name": name, **_FRICTIONLESS[self.kind]}
        bounds = {
            "required": self.required or None,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "maxLength": self.max_length,
            "enum": list(self.choices) or None,
        }
        if self.many:
            item = "integer" if self.kind == "integer" else "string"
            told = {"name": name, "type": "list", "delimiter": ";", "itemType": item}
            bounds = {"required": self.required or None}
        told["constraints"] = told.get("constraints", {}) | {
            key: value for key, value in bounds.items() if value is not None
        }
        language = f" ({name[-2:]})" if self.translated else ""
        told["description"] = self.description + language
        if self.unit:
            told["unit"] = self.unit
        return {key: value for key, value in told.items() if value != {}}


@dataclass(frozen=True)
class Table:
    """One CSV file: `record` is the word for one of its rows in the log of changes."""

    name: str
    record: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        return f"{self.name}.csv"

    def order(self, cells: dict[str, str]) -> tuple[int | str, ...]:
        """Sorts rows by their key: numbers by size, text by code point."""
        kinds = {column.name: column.kind for column in self.columns}
        return tuple(int(cells[k]) if kinds[k] == "integer" else cells[k] for k in self.key)

    def by_name(self, languages: list[str]) -> dict[str, Column]:
        """The headings of the file in order, each with its column."""
        return {name: column for column in self.columns for name in column.names(languages)}

    def resource(self, languages: list[str]) -> dict[str, Any]:
        """What a data package says of this file."""
        references = [
            {"fields": [column.name], "reference": {"resource": table, "fields": [key]}}
            for column in self.columns
            if column.to and not column.many
            for table, key in [column.to.split(".")]
        ]
        schema: dict[str, Any] = {
            "fields": [column.field(name) for name, column in self.by_name(languages).items()],
            "primaryKey": list(self.key),
        }
        return {
            "name": self.name,
            "type": "table",
            "path": self.path,
            "description": self.description,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
            "schema": schema | ({"foreignKeys": references} if references else {}),
        }
