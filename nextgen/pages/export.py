"""The rows of a list to take away as CSV, XLSX or JSON: one source of rows, three writers."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, wraps
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from milestones.sheet.writing import defused
from nextgen.package.stored import path
from nextgen.package.tables import TABLES
from nextgen.pages.base import SiteRequest, understood
from nextgen.xlsx import MEDIA_TYPE, Sheet, workbook
from projects.selection import Selection, Unknown

PROBLEM = "application/problem+json"
Columns = dict[str, Callable[[Any], Any]]


def packaged(table: str) -> Columns:
    """The columns of a table of the data package, of texts those in the language in force."""
    columns = TABLES[table].by_name([get_language() or ""])
    return {name: _reader(path(column, name)) for name, column in columns.items()}


def _reader(lookup: str) -> Callable[[Any], Any]:
    """Reads what a lookup such as 'pillar__number' leads to; None where there is no pillar."""
    first, _of, rest = lookup.partition("__")
    if not rest:
        return attrgetter(first)
    return lambda record: getattr(getattr(record, first), rest, None)


@dataclass(frozen=True)
class Export:
    """What a list holds, in the language in force.

    `columns` says of each column how it is read from a record. `title` is for people, `name` for
    files. `reports` are the months that the rows speak of, `day` is the date of what they say.
    """

    name: str
    title: str
    columns: Columns
    records: Iterable[Any]
    day: date | None
    reports: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[list[Any]]:
        """A row a record: text, whole numbers, decimals, dates, and None for what is empty."""
        return [[_plain(read(record)) for read in self.columns.values()] for record in self.records]

    @property
    def file_name(self) -> str:
        return "-".join([self.name, *self.reports.values(), get_language() or ""])


def _plain(value: Any) -> Any:
    match value:
        case None | "":
            return None
        case Decimal():
            return int(value) if value == value.to_integral_value() else value.normalize()
        case int() | date():
            return value
        case _:
            return str(value)


def _csv(export: Export) -> bytes:
    """UTF-8, RFC 4180; a text that a spreadsheet would run as a formula is defused."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(export.columns)
    writer.writerows(
        [defused(cell) if isinstance(cell, str) else cell for cell in row] for row in export.rows
    )
    return text.getvalue().encode()


def _json(export: Export) -> bytes:
    about: dict[str, Any] = {"report": None, **export.reports}
    names = list(export.columns)
    about |= {"count": len(export.rows), "columns": names}
    about["items"] = [
        {
            name: float(cell) if isinstance(cell, Decimal) else cell
            for name, cell in zip(names, row, strict=True)
        }
        for row in export.rows
    ]
    return json.dumps(about, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _xlsx(export: Export) -> bytes:
    sheet = Sheet(export.name, list(export.columns), export.rows, fixed="B2")
    return workbook(export.title, export.day, [sheet])


FORMS: dict[str, tuple[Callable[[Export], bytes], str]] = {
    "csv": (_csv, "text/csv; charset=utf-8; header=present"),
    "xlsx": (_xlsx, MEDIA_TYPE),
    "json": (_json, "application/json"),
}


def answer(export: Export, form: str) -> HttpResponse:
    """The export as a download: 'csv', 'xlsx' or 'json'. Raises Http404 for another form."""
    if form not in FORMS:
        raise Http404
    write, content_type = FORMS[form]
    response = HttpResponse(write(export), content_type=content_type)
    name = f"{export.file_name}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that is only read, and that the pages of other sites may read too."""

    @require_safe
    @wraps(view)
    def opened(request: SiteRequest, **parts: str) -> HttpResponse:
        response = view(request, **parts)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return opened


def problem(selection: Selection) -> JsonResponse | None:
    """400 as problem+json (RFC 9457) that names what was not understood; None if all was."""
    return misunderstood(selection.unknown, selection.parameters)


def strangers(request: SiteRequest) -> JsonResponse | None:
    """The same where an address takes no parameters at all."""
    return misunderstood(understood(request, {})[1], [])


def misunderstood(
    unknown: Sequence[Unknown], parameters: Sequence[str], allowed: Mapping[str, str] | None = None
) -> JsonResponse | None:
    """The same for whatever else has parameters; `allowed` says in words what some may be."""
    if not unknown:
        return None
    first = unknown[0]
    kind = "value of" if first.known_parameter else "parameter"
    rule = (allowed or {}).get(first.parameter, "") if first.known_parameter else ""
    return trouble(
        400,
        "Unknown parameter or value",
        f"Unknown {kind} {first.parameter}: {first.value!r}{rule and f'; allowed: {rule}'}",
        parameters=sorted({each.parameter for each in unknown}),
        known=parameters,
    )


def trouble(status: int, title: str, detail: str, **more: Any) -> JsonResponse:
    """An error as a program reads it: problem+json (RFC 9457)."""
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, **more},
        status=status,
        content_type=PROBLEM,
        headers={"Content-Language": "en"},
    )
