"""What the API answers with: records under the column names of the data package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, reduce
from typing import Any, Literal

from django.db.models import Manager
from django.utils import translation
from pydantic import BaseModel, Field, create_model

from milestones.quarter import Quarter
from nextgen.api.asked import Speech
from nextgen.package.column import LANGUAGES, Column, Kind
from nextgen.package.notation import split
from nextgen.package.stored import path
from nextgen.package.tables import TABLES

TYPES: dict[Kind, type] = {
    "date": date,
    "year": int,
    "integer": int,
    "number": float,
    "boolean": bool,
}  # all others are text
SHOWN = ("minimum", "maximum", "pattern")


@dataclass(frozen=True)
class Record:
    """One kind of record: columns of its table, what is computed, and lists of other records.

    `ended` is computed of a plan that is closed, and of no other.
    """

    name: str
    columns: tuple[Column, ...]
    computed: tuple[Column, ...] = ()
    parts: Mapping[str, "Record"] = field(default_factory=dict)
    ended: tuple[Column, ...] = ()

    @classmethod
    def of(
        cls,
        table: str,
        *computed: Column,
        but: str = "",
        ended: tuple[Column, ...] = (),
        **parts: "Record",
    ) -> "Record":
        """The record of a table of the data package, without the column `but`."""
        columns = tuple(each for each in TABLES[table].columns if each.name != but)
        return cls(TABLES[table].record.title().replace(" ", ""), columns, computed, parts, ended)

    @cached_property
    def model(self) -> type[BaseModel]:
        """Its schema: types, descriptions, units."""
        fields: dict[str, Any] = {}
        with translation.override("en"):
            for column in (*self.columns, *self.computed):
                fields |= _fields(column)
            for column in self.ended:
                fields |= _fields(column, default=None)
        for name, part in self.parts.items():
            fields[name] = (list[part.model], Field(description=f"{part.name}s of this record"))  # type: ignore[name-defined]
        return create_model(self.name, **fields)

    def told(self, row: Any, speech: Speech, **computed: Any) -> dict[str, Any]:
        """The values of one row: its texts in the language, or in all where none is asked for.

        `computed` gives what the row itself does not hold; a part is a list of rows.
        """
        found = {}
        for column in self.columns:
            for name in [column.name] if speech.language else column.names(speech.languages):
                found[name] = _value(column, reduce(_step, path(column, name).split("__"), row))
        for column in self.computed:
            found[column.name] = _value(column, computed[column.name])
        for column in self.ended:
            if column.name in computed:
                found[column.name] = _value(column, computed[column.name])
        for name, part in self.parts.items():
            found[name] = [part.told(each, speech) for each in computed[name]]
        return found


def _step(row: Any, name: str) -> Any:
    return None if row is None else getattr(row, name)


def _value(column: Column, value: Any) -> Any:
    """As JSON has it: lists as lists, numbers as numbers, null for what is not given."""
    if isinstance(value, Manager):
        return sorted(each.code for each in value.all())
    if column.many:
        values = split(value) if isinstance(value, str) else value
        return [int(each) for each in values] if column.kind == "integer" else list(values)
    match value:
        case "":
            return None
        case Quarter():
            return str(value)
        case Decimal():
            return float(value)
        case _:
            return value


def _fields(column: Column, **options: Any) -> dict[str, Any]:
    """The fields of a column: one, and one a language where it is translated."""
    base: Any = Literal[column.choices] if column.choices else TYPES.get(column.kind, str)
    kind = list[base] if column.many else base | None
    if column.required and not column.translated:
        kind = base
    fields = {}
    for name in [column.name, *(column.names(list(LANGUAGES)) if column.translated else [])]:
        told = column.field(name)
        rules = told.get("constraints", {})
        extra = {key: rules[key] for key in SHOWN if rules.get(key) is not None}
        if "pattern" in extra:
            extra["pattern"] = f"^(?:{extra['pattern']})$"
        if column.unit:
            extra["unit"] = column.unit
        description = str(column.description)
        if column.many:
            description = f"{description} (a list; exports join it by ;)"
        if column.translated:
            when = f"in {name[-2:]}, without lang" if name != column.name else "with lang"
            description = f"{description} ({when})"
        if column.unit:
            description = f"{description} ({column.unit})"
        if column.translated:
            options["default"] = None
        fields[name] = (
            kind,
            Field(description=description, json_schema_extra=extra, **options),
        )
    return fields


def page_of(model: type[BaseModel]) -> type[BaseModel]:
    """The schema of one page of a list of these."""
    return create_model(
        f"{model.__name__}List",
        count=(int, Field(description="All rows chosen, on all pages (rows)")),
        items=(list[model], Field(description="The rows of this page, in the order asked for")),  # type: ignore[valid-type]
        next=(str | None, Field(description="Address of the next page; null on the last")),
    )


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="Kind of error")
    title: str = Field(description="The error in short")
    status: int = Field(description="Status of the answer (HTTP)")
    detail: str = Field(description="What was wrong")
    parameters: list[str] | None = Field(None, description="Parameters that were not understood")
    known: list[str] | None = Field(None, description="Parameters that are understood here")
