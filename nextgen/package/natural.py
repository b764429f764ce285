"""Natural persons among the recipients: read from a file of their own, and never written again.

They are in no data package: an edition is kept for ever, and a name may be shown for a time.
"""

from collections.abc import Iterator
from datetime import date
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
        column("*projects", "code", "Projects it was paid for", many=True, to="projects.code"),
    ),
)  # fmt: skip


def read(path: Path) -> list[Row]:
    """The rows of this file. Raises FaultsError, which names every faulty row, and OSError.

    What the values of a row say together is looked at once each of them is as it should be.
    """
    found = sheet(path.name, path.read_bytes())
    found.faults += heading(found, TABLE.by_name([]), [])
    faults = [*found.faults, *wrong_cells(found, TABLE, [])]
    wrong = {fault.line for fault in faults}
    right = [row for row in found.rows if not wrong & {row.line_of(name) for name in row.cells}]
    faults += _broken_rules(found, right)
    if faults:
        raise FaultsError(faults)
    return found.rows


def _broken_rules(found: Sheet, rows: list[Row]) -> Iterator[Fault]:
    today, lines = timezone.localdate(), dict[tuple[str, ...], int]()
    codes = set(Project.objects.values_list("code", flat=True))
    for row in rows:
        first = lines.setdefault(tuple(row[name] for name in TABLE.by_name([])), row.line)
        if first != row.line:
            yield found.at(row, "name", f"is the row of line {first} again: keep one")
        for code in row.many("projects"):
            if code not in codes:
                yield found.at(row, "projects", f"{code!r} is no project of the plan: correct it")
        year, as_of = int(row["paid_in"]), date.fromisoformat(row["as_of"])
        if as_of > today:
            yield found.at(row, "as_of", f"{as_of} is still to come: write a day until {today}")
        if year > as_of.year:
            told = f"{year} is after {as_of}, the date of the amount: one of them is wrong"
            yield found.at(row, "paid_in", told)
        elif year > today.year:
            told = f"{year} is still to come: write a year until {today.year}"
            yield found.at(row, "paid_in", told)
        elif (until := NaturalRecipient(paid_in=year).until) < today:
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
