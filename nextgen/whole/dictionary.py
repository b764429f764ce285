"""The data dictionary: what each column of the data package means, in the language in force."""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from nextgen.package.column import Kind
from nextgen.package.tables import TABLES
from nextgen.package.writing import comma_separated

KINDS: dict[Kind, object] = {
    "text": _("text"),
    "code": _("code"),
    "slug": _("name in addresses"),
    "url": _("address of a page"),
    "quarter": _("quarter (2024-Q4)"),
    "month": _("month (2024-06)"),
    "date": _("date (2024-06-30)"),
    "year": _("year"),
    "integer": _("whole number"),
    "number": _("number, perhaps with decimals"),
    "boolean": _("true or false"),
}


def entries(languages: list[str]) -> list[dict[str, str]]:
    """An entry for each column of a plan in these languages; `list`: values joined by ';'."""
    return [
        {
            "table": table.name,
            "table_description": gettext(table.description),
            "column": name,
            "description": gettext(column.description)
            + (f" ({name[-2:]})" if column.translated else ""),
            "type": str(KINDS[column.kind]),
            "list": str(column.many).lower(),
            "unit": gettext(column.unit) if column.unit else "",
            "required": str(column.required).lower(),
            "choices": ";".join(column.choices),
            "reference": column.to,
        }
        for table in TABLES.values()
        for name, column in table.by_name(languages).items()
    ]


def dictionary(languages: list[str], language: str) -> bytes:
    """The entries as CSV, told in `language`."""
    with override(language):
        found = entries(languages)
    return comma_separated([list(found[0]), *(list(entry.values()) for entry in found)]).encode()
