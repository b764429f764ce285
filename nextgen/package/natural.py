"""Natural persons among the recipients: read from a file of their own, and never written again.

They are in no data package: an edition is kept for ever, and a name may be shown for a time.
"""

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from nextgen.package import notation
from nextgen.package.checking import wrong_cells
from nextgen.package.column import Table
from nextgen.package.decoding import sheet
from nextgen.package.fault import Fault, FaultsError
from nextgen.package.reading import heading
from nextgen.package.sheet import Row, Sheet
from nextgen.package.tables import column, eur
from projects.models import NaturalRecipient, Plan, Project

TABLE = Table(
    "natural_recipients", "natural person", "The largest final recipients, natural persons only.",
    ("name", "as_of", "paid_in"), (
        column("*name", "text", "First and last name", max_length=200),
        eur("*amount", "What he or she received"),
        column("*as_of", "date", "Date of the amount"),
        column("*paid_in", "year", "Financial year in which it was paid"),
        column("projects", "code", "Projects it was paid for", many=True, to="projects.code"),
    ),
)  # fmt: skip


def read(path: Path) -> list[Row]:
    """The rows of this file. Raises FaultsError, which names every fault at once, and OSError."""
    found = sheet(path.name, path.read_bytes())
    found.faults += heading(found, TABLE.by_name([]), [])
    faults = [*found.faults, *wrong_cells(found, TABLE, [])]
    named = {(fault.line, fault.column) for fault in faults}
    faults += [each for each in _broken_rules(found) if (each.line, each.column) not in named]
    if faults:
        raise FaultsError(faults)
    return found.rows


def _broken_rules(found: Sheet) -> Iterator[Fault]:
    today, lines = timezone.localdate(), dict[tuple[str, ...], int]()
    codes = set(Project.objects.values_list("code", flat=True))
    for row in found.rows:
        first = lines.setdefault(tuple(row[name] for name in TABLE.by_name([])), row.line)
        if first != row.line:
            yield found.at(row, "name", f"is the row of line {first} again: keep one")
        for code in row.many("projects"):
            if code not in codes:
                yield found.at(row, "projects", f"{code!r} is no project of the plan: correct it")
        year, as_of = row.number("paid_in"), row.day("as_of")
        if not year or not as_of:
            continue
        if year > as_of.year:
            told = f"{year} is after {as_of}, the date of the amount: one of them is wrong"
            yield found.at(row, "paid_in", told)
        elif (until := NaturalRecipient(paid_in=int(year)).until) < today:
            told = f"{year} is too long ago: the name could be shown until {until}; remove the row"
            yield found.at(row, "paid_in", told)


@transaction.atomic
def import_persons(rows: list[Row]) -> None:
    """Puts the persons of these rows in the place of all that are kept."""
    Plan.objects.select_for_update().first()  # two imports follow one another
    NaturalRecipient.objects.all().delete()
    pks = dict(Project.objects.values_list("code", "pk"))
    for row in rows:
        values = {name: notation.read(each, row[name]) for name, each in TABLE.by_name([]).items()}
        del values["projects"]
        person = NaturalRecipient.objects.create(**values)
        person.projects.set([pks[code] for code in row.many("projects")])
