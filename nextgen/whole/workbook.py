"""The package as a workbook: what it is, its dictionary, and a sheet for each table."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from milestones.models import ProgressReport
from nextgen import formats
from nextgen.package.package import Package
from nextgen.package.tables import TABLES
from nextgen.whole.dictionary import entries
from nextgen.whole.values import Value, rows
from nextgen.xlsx import Sheet
from nextgen.xlsx import workbook as written


def workbook(package: Package, dated: date) -> bytes:
    """All tables; the same package gives the same bytes."""
    found = _dictionary(package.languages)
    return written(
        package.tables["plan"][0][f"name_{package.languages[-1]}"],
        dated,
        [
            Sheet("About", package.languages, _about(package, dated), wide=True),
            Sheet("Dictionary", list(found[0]), [list(entry.values()) for entry in found]),
            *(
                Sheet(name, list(table.by_name(package.languages)), rows(package, name))
                for name, table in TABLES.items()
            ),
        ],
    )


def _about(package: Package, dated: date) -> Iterable[Sequence[Value]]:
    """What the file is, a column a language."""
    plan = package.tables["plan"][0]
    told = []
    for language in package.languages:
        with override(language):
            told.append(
                [
                    plan[f"official_name_{language}"],
                    plan[f"tagline_{language}"],
                    _edition(package),
                    _("Data of {day}").format(day=formats.day(dated)),
                    _("Licence: CC0 1.0, public domain"),
                    _("A sheet for each table; the sheet Dictionary explains every column."),
                    _("An empty cell: not given. Values of a list are joined by ';'."),
                    _("Part of the data is reconstructed: see the columns provenance, unsourced.")
                    if plan["demonstration"] == "true"
                    else "",
                ]
            )
    return zip(*told, strict=True)


def _edition(package: Package) -> str:
    reports = package.tables["reports"]
    if not reports:
        return _("No progress report yet")
    as_of = ProgressReport(month=reports[-1]["month"]).as_of
    return _("Progress report of {month}").format(month=formats.month(as_of))


def _dictionary(languages: list[str]) -> list[dict[str, str]]:
    """The entries with their descriptions in every language side by side."""
    told = {}
    for language in languages:
        with override(language):
            told[language] = [entry["description"] for entry in entries(languages)]
    with override("en"):
        plain = entries(languages)
    found = []
    for number, entry in enumerate(plain):
        head = {name: entry.pop(name) for name in ("table", "column")}
        del entry["table_description"], entry["description"]
        texts = {f"description_{language}": told[language][number] for language in languages}
        found.append(head | texts | entry)
    return found
